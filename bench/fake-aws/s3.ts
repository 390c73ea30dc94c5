import { hasTranscript, indexOf, keyOrder, sessionAt, type FakeSession } from "./sessions";
import type { FakeTarget } from "./targets";

/** Objects of a page of `ListObjectVersions`. */
const PAGE = 1000;

const DAY_MS = 24 * 60 * 60 * 1000;

const versionOf = ({ index }: FakeSession) => `v${index.toString(36).padStart(31, "0")}`;
const etagOf = ({ index }: FakeSession) => `&quot;${index.toString(16).padStart(32, "0")}&quot;`;
const sizeOf = ({ index }: FakeSession) => 500 + index;

/** The answer to `ListObjectVersions`, in S3's XML. */
export function versionsXml(target: FakeTarget, query: URLSearchParams, now: number): string {
  const { bucket, prefix } = target;
  const order = keyOrder(target, now);
  const marker = query.get("key-marker");
  const from = marker === null ? 0 : order.indexOf(indexOf(idOf(marker))) + 1;
  const to = Math.min(order.length, from + PAGE);
  const keyOf = ({ id }: FakeSession) => `${prefix}/${id}.log`;
  const wanted = query.get("prefix") ?? "";
  const page = order.slice(from, to).map((index) => sessionAt(target, index, now));
  const shown = page.filter((session) => hasTranscript(session) && keyOf(session).startsWith(wanted));
  const last = page.at(-1);
  const isTruncated = to < order.length && last !== undefined;
  const next = isTruncated
    ? `<NextKeyMarker>${keyOf(last)}</NextKeyMarker><NextVersionIdMarker>${versionOf(last)}</NextVersionIdMarker>`
    : "";
  const versions = shown.map(
    (session) =>
      `<Version><Key>${keyOf(session)}</Key><VersionId>${versionOf(session)}</VersionId><IsLatest>true</IsLatest>` +
      `<LastModified>${new Date(session.end).toISOString()}</LastModified><ETag>${etagOf(session)}</ETag>` +
      `<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>` +
      `<Size>${sizeOf(session)}</Size><Owner><ID>owner</ID></Owner><StorageClass>STANDARD</StorageClass></Version>`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
    `<Name>${bucket}</Name><Prefix>${wanted}</Prefix><KeyMarker>${marker ?? ""}</KeyMarker>${next}` +
    `<MaxKeys>${PAGE}</MaxKeys><Delimiter>/</Delimiter><IsTruncated>${isTruncated}</IsTruncated>` +
    `${versions.join("")}</ListVersionsResult>`
  );
}

/** The headers of the answer to `HeadObject`; null: there is no such transcript. */
export function headOf(target: FakeTarget, key: string, now: number): Record<string, string> | null {
  const index = indexOf(idOf(key));
  if (!(index >= 0 && index < target.sessions)) return null;
  const session = sessionAt(target, index, now);
  if (!hasTranscript(session)) return null;
  return {
    "content-length": String(sizeOf(session)),
    "content-type": "binary/octet-stream",
    "last-modified": new Date(session.end).toUTCString(),
    etag: etagOf(session).replaceAll("&quot;", '"'),
    "x-amz-version-id": versionOf(session),
    "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=",
    "x-amz-checksum-type": "FULL_OBJECT",
    "x-amz-object-lock-mode": "GOVERNANCE",
    "x-amz-object-lock-retain-until-date": new Date(session.end + 365 * DAY_MS).toISOString(),
    "x-amz-server-side-encryption": "aws:kms",
    "x-amz-server-side-encryption-aws-kms-key-id": `arn:aws:kms:${target.region}:${target.accountId}:key/${"0".repeat(36)}`,
  };
}

const idOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1).replace(/\.log$/, "");
