import type { S3Client } from "@aws-sdk/client-s3";
import type { Organization } from "../../accounts/model/organization";
import { fold } from "../../processes/terminal";
import { visible } from "../../pages/visible";
import type { Transcript } from "../../report/model";
import { isDataEvent, readCall, type ReadCall } from "../../report/read-call";
import { timesIn } from "../../report/render/times";
import { trailRecords, type TrailBucket } from "./trail-bucket";

/** Who read a transcript, as far as a trail says. */
export interface Readers {
  /** The oldest first. */
  readonly reads: readonly ReadCall[];
  /** Data events of the bucket that were seen: none means that the trail probably records none. */
  readonly dataEvents: number;
  /** Files of the trail that were read. */
  readonly files: number;
}

/** Where the files of a trail are, and which of them are read. */
export interface ReadersProps {
  readonly s3: S3Client;
  readonly trail: TrailBucket;
  readonly organization: Pick<Organization, "accounts" | "id">;
  /** Region of the bucket. */
  readonly region: string;
  readonly until: Date;
  readonly signal?: AbortSignal;
}

/**
 * Who read a transcript since it exists, from the files of a trail. Callers may be in any account, so the files of every
 * account of the map are read for the region of the bucket.
 * @throws what AWS answered
 */
export async function readersOf(
  transcript: Pick<Transcript, "bucket" | "key" | "firstTime">,
  { s3, trail, organization, region, until, signal }: ReadersProps,
): Promise<Readers> {
  // A trail of one account and one of an organization may both have an event, and both accounts have a call between them.
  const reads = new Map<string, ReadCall>();
  let [dataEvents, files] = [0, 0];
  for (const { id: accountId } of organization.accounts) {
    const place = { accountId, region, organizationId: organization.id };
    for await (const records of trailRecords(s3, trail, place, {
      since: new Date(transcript.firstTime),
      until,
    })) {
      signal?.throwIfAborted();
      files++;
      for (const record of records) {
        if (isDataEvent(record, transcript.bucket)) dataEvents++;
        const read = readCall(record, transcript);
        if (read !== null) reads.set(read.sharedEventId ?? (read.eventId || JSON.stringify(read)), read);
      }
    }
  }
  const order = ({ time, eventId }: ReadCall) => `${time} ${eventId}`;
  return {
    reads: [...reads.values()].sort((one, other) => (order(one) < order(other) ? -1 : 1)),
    dataEvents,
    files,
  };
}

/** Readers in words for a terminal. Silence is only called silence where the trail records data events of the bucket. */
export function readersText(
  { reads, dataEvents, files }: Readers,
  { bucket, key }: Pick<Transcript, "bucket" | "key">,
  { width, timeZone }: { readonly width: number; readonly timeZone: string },
): string {
  const { exact } = timesIn(timeZone);
  const place = visible(`s3://${bucket}/${key}`);
  const count = files.toLocaleString("en-US");
  const head =
    reads.length > 0
      ? `Calls that read ${place}, from ${count} files of the trail:`
      : dataEvents > 0
        ? `Nobody in the accounts of the map read ${place}, say ${count} files of the trail, which has data events of the bucket.`
        : `Unknown who read ${place}: ${count} files of the trail have no data event of the bucket. Switch data events on to know.`;
  const lines = reads.flatMap(({ time, by, sourceIp, userAgent, versionId, refused }) => [
    ...fold(`${exact(time)}  ${visible(by ?? "unknown")}`, { width, first: "  ", rest: "    " }),
    ...fold(
      [
        `from ${sourceIp ?? "unknown"}`,
        `with ${userAgent ?? "unknown"}`,
        versionId === null ? "the newest version" : `version ${versionId}`,
        refused === null ? "S3 answered" : `S3 refused: ${refused}`,
      ]
        .map(visible)
        .join(", "),
      { width, first: "    " },
    ),
  ]);
  return `${[...fold(head, { width }), ...lines].join("\n")}\n`;
}
