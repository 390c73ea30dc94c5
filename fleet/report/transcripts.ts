import {
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type HeadObjectCommandOutput,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Transcript } from "../../report/model";
import { transcriptKey } from "../../guard/expected-records";
import type { TranscriptPlace } from "./places";

const unquoted = (etag: string | undefined): string | null => etag?.replaceAll('"', "") ?? null;

/**
 * The transcripts of a target: each version of each object directly below the prefix, delete markers included. They come
 * page by page, in the order of keys: of each page first the versions, then the delete markers. Listing versions shows a
 * transcript that was overwritten or deleted.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 * @param session the one session to look for
 * @throws what AWS answered
 */
export async function* listTranscripts(
  s3: S3Client,
  { bucket, prefix, place }: TranscriptPlace,
  session?: string,
): AsyncGenerator<Transcript> {
  const Prefix = session === undefined ? `${prefix}/` : transcriptKey(prefix, session);
  const pages = versionPages(s3, { Bucket: bucket, Prefix, Delimiter: "/" });
  const isTranscript = (key: string) => key.endsWith(".log") && (session === undefined || key === Prefix);
  for await (const { Versions = [], DeleteMarkers = [] } of pages) {
    for (const { Key = "", VersionId = null, Size = 0, ETag, LastModified } of Versions) {
      if (!isTranscript(Key)) continue;
      const time = (LastModified ?? new Date(0)).toISOString();
      yield {
        ...NO_DETAILS,
        bucket,
        key: Key,
        place,
        versionId: VersionId,
        versions: 1,
        deleted: false,
        size: Size,
        etag: unquoted(ETag),
        time,
        firstTime: time,
      };
    }
    for (const { Key = "", VersionId = null, IsLatest = false, LastModified } of DeleteMarkers) {
      if (!isTranscript(Key)) continue;
      const time = (LastModified ?? new Date(0)).toISOString();
      yield {
        ...NO_DETAILS,
        bucket,
        key: Key,
        place,
        versionId: VersionId,
        versions: 0,
        deleted: IsLatest,
        size: 0,
        etag: null,
        time,
        firstTime: time,
      };
    }
  }
}

/** The pages of a list of versions, for which the SDK has no paginator. */
async function* versionPages(
  s3: S3Client,
  input: { readonly Bucket: string; readonly Prefix: string; readonly Delimiter: string },
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let next: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
  while (next !== null) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ ...input, ...next }),
    );
    yield page;
    const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
    next = IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : null;
  }
}

const NO_DETAILS = {
  checksum: null,
  lockMode: null,
  retainUntil: null,
  legalHold: false,
  replicationStatus: null,
  kmsKey: null,
  detailsRead: false,
} as const;

/**
 * A transcript with its checksum, lock, replication and key. It needs the permission to read the object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 * @throws what AWS answered. The answer to a HEAD request has no text, so only its status says why
 */
export async function withDetails(s3: S3Client, transcript: Transcript): Promise<Transcript> {
  const { bucket, key, versionId, versions } = transcript;
  // A delete marker has no details.
  if (versions === 0) return transcript;
  const head = await s3.send(
    new HeadObjectCommand({
      Bucket: bucket,
      Key: key,
      ChecksumMode: "ENABLED",
      ...(versionId !== null && { VersionId: versionId }),
    }),
  );
  return {
    ...transcript,
    checksum: checksumOf(head),
    lockMode: head.ObjectLockMode ?? null,
    retainUntil: head.ObjectLockRetainUntilDate?.toISOString() ?? null,
    legalHold: head.ObjectLockLegalHoldStatus === "ON",
    replicationStatus: head.ReplicationStatus ?? null,
    kmsKey: head.SSEKMSKeyId ?? null,
    detailsRead: true,
  };
}

/**
 * A transcript with its lock alone, for a role that may not read content. A bucket or an object without a lock is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
 * @throws what AWS answered
 */
export async function withLock(s3: S3Client, transcript: Transcript): Promise<Transcript> {
  const { bucket, key, versionId, versions } = transcript;
  if (versions === 0) return transcript;
  try {
    const { Retention } = await s3.send(
      new GetObjectRetentionCommand({
        Bucket: bucket,
        Key: key,
        ...(versionId !== null && { VersionId: versionId }),
      }),
    );
    const retainUntil = Retention?.RetainUntilDate?.toISOString() ?? null;
    return { ...transcript, lockMode: Retention?.Mode ?? null, retainUntil };
  } catch (error) {
    if (NO_LOCK.includes((error as Error).name)) return transcript;
    throw error;
  }
}

/** Answers of S3 about an object without retention, and about a bucket without Object Lock. */
const NO_LOCK = ["NoSuchObjectLockConfiguration", "InvalidRequest"];

function checksumOf(head: HeadObjectCommandOutput): string | null {
  const sums = {
    SHA256: head.ChecksumSHA256,
    CRC64NVME: head.ChecksumCRC64NVME,
    SHA1: head.ChecksumSHA1,
    CRC32C: head.ChecksumCRC32C,
    CRC32: head.ChecksumCRC32,
  };
  const [name, sum] = Object.entries(sums).find(([, value]) => value !== undefined) ?? [];
  return sum === undefined ? null : `${name}:${sum}`;
}
