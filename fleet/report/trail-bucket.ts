import { gunzip } from "node:zlib";
import { promisify } from "node:util";
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../../processes/user-error";
import type { TrailSession } from "../../report/evidence";
import { startCall } from "../../report/start-call";

/** The place of a trail's files. */
export interface TrailBucket {
  readonly bucket: string;
  /** Prefix before `AWSLogs/`, with a slash at its end; "" for none. */
  readonly prefix: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Unpacked, a file of CloudTrail has at most a few MB; one that has more than this was not written by CloudTrail. */
const LARGEST = 256 * 1024 * 1024;

/**
 * The bucket of `--trail`.
 * @throws UserError if it is no URL of a bucket
 * @example trailBucketOf("s3://acme-trail/org") // { bucket: "acme-trail", prefix: "org/" }
 */
export function trailBucketOf(url: string): TrailBucket {
  const [, bucket, prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{2,62})(?:\/(.*?))?\/?$/.exec(url) ?? [];
  if (bucket === undefined) {
    throw new UserError({
      what: `--trail ${JSON.stringify(url)} is not the URL of a bucket.`,
      allowed: "s3://<bucket>, or s3://<bucket>/<prefix of the trail>",
      remedy: "Leave it out to read CloudTrail's event history.",
    });
  }
  const before = prefix.replace(/(?:^|\/)AWSLogs(?:\/.*)?$/, "");
  return { bucket, prefix: before === "" ? "" : `${before}/` };
}

/** An account and region whose events are read, and the organization of whose trail they may be in. */
export interface TrailPlace {
  readonly accountId: string;
  readonly region: string;
  /** Id of the organization, which is part of the keys of an organization trail. */
  readonly organizationId: string | null;
}

const rootsOf = ({ prefix }: TrailBucket, { accountId, organizationId }: TrailPlace): readonly string[] => [
  `${prefix}AWSLogs/${accountId}`,
  ...(organizationId === null ? [] : [`${prefix}AWSLogs/${organizationId}/${accountId}`]),
];

/**
 * The records of each file that a trail has of an account, a region and a period.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 * @param sawDay receives each day that has a file, like `2026-11-24`
 * @throws what AWS answered
 */
export async function* trailRecords(
  s3: S3Client,
  trail: TrailBucket,
  place: TrailPlace,
  { since, until }: { readonly since: Date; readonly until: Date },
  sawDay: (day: string) => void = () => {},
): AsyncGenerator<readonly unknown[]> {
  const { bucket } = trail;
  for (const root of rootsOf(trail, place)) {
    for (const day of daysOf(since, until)) {
      const Prefix = `${root}/CloudTrail/${place.region}/${day}/`;
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client: s3 },
        { Bucket: bucket, Prefix },
      )) {
        for (const { Key = "" } of Contents) {
          if (!Key.endsWith(".json.gz")) continue;
          sawDay(day.replaceAll("/", "-"));
          const records = await recordsOf(s3, bucket, Key);
          yield Array.isArray(records) ? records : [];
        }
      }
    }
  }
}

/**
 * The sessions whose start a trail has recorded for an account and region, from the files in its bucket.
 * @throws what AWS answered, and an error if the bucket has no file of the account, region and period at all
 */
export async function* trailBucketSessions(
  s3: S3Client,
  trail: TrailBucket,
  place: TrailPlace,
  period: { readonly since: Date; readonly until: Date },
  sawDay: (day: string) => void = () => {},
): AsyncGenerator<TrailSession> {
  let files = 0;
  for await (const records of trailRecords(s3, trail, place, period, sawDay)) {
    files++;
    for (const record of records) {
      const session = startCall(record);
      if (session !== null) yield session;
    }
  }
  if (files === 0) {
    throw new NoTrailFiles(
      `s3://${trail.bucket} has no file of CloudTrail below ${rootsOf(trail, place).join(" or ")} in this time.`,
    );
  }
}

/** A file that CloudTrail delivers after midnight may have events of the hour before it. */
const DELIVERY_MS = 60 * 60 * 1000;

/**
 * The days on which sessions began, and of which a trail has no file. CloudTrail writes a file whenever something is called,
 * and so at least one on each of these days: the trail was stopped, or somebody removed the files.
 * @param starts of the sessions of the history
 * @param days that have a file
 */
export function daysWithoutFile(
  starts: readonly Date[],
  days: ReadonlySet<string>,
  now: Date,
): readonly string[] {
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
  const missing = starts.flatMap((start) => {
    const time = start.getTime();
    const isDelivered = days.has(dayOf(time)) || days.has(dayOf(time + DELIVERY_MS));
    return isDelivered || time > now.getTime() - DELIVERY_MS ? [] : [dayOf(time)];
  });
  return [...new Set(missing)].sort();
}

/** The bucket has nothing about an account and region. */
export class NoTrailFiles extends Error {
  override readonly name = "NoTrailFiles";
}

/** The days of a period as CloudTrail writes them in keys, and the next day: CloudTrail delivers within minutes. */
const daysOf = (since: Date, until: Date): readonly string[] => {
  const days: string[] = [];
  const first = Math.floor(since.getTime() / DAY_MS) * DAY_MS;
  for (let time = first; time <= until.getTime() + DAY_MS; time += DAY_MS) {
    days.push(new Date(time).toISOString().slice(0, 10).replaceAll("-", "/"));
  }
  return days;
};

async function recordsOf(s3: S3Client, Bucket: string, Key: string): Promise<unknown> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const packed = await Body!.transformToByteArray();
  const text = await promisify(gunzip)(packed, { maxOutputLength: LARGEST });
  return (JSON.parse(text.toString("utf8")) as { Records?: unknown }).Records;
}
