import { paginateGetLogEvents, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { LogStream, Transcript } from "../../report/model";
import type { LogEvent } from "../../report/replay/events";

/** Characters of a log stream, and bytes of a transcript, that are read. A session may write without end. */
export const MOST = 32 * 1024 * 1024;

/** A text that was read, and whether it has more than was read. */
export interface Content<T> {
  readonly content: T;
  readonly isCut: boolean;
}

/**
 * The events of a log stream, the oldest first. Where a data protection policy masks text, it stays masked.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 * @throws what AWS answered
 */
export async function readStream(
  logs: CloudWatchLogsClient,
  { group, name }: Pick<LogStream, "group" | "name">,
  { signal, most = MOST }: { readonly signal?: AbortSignal; readonly most?: number } = {},
): Promise<Content<readonly LogEvent[]>> {
  // The last page has the token with which it was asked for.
  const pages = paginateGetLogEvents(
    { client: logs, stopOnSameToken: true },
    { logGroupName: group, logStreamName: name, startFromHead: true },
    ...(signal === undefined ? [] : [{ abortSignal: signal }]),
  );
  const content: LogEvent[] = [];
  let size = 0;
  for await (const { events = [] } of pages) {
    for (const { timestamp = 0, message = "" } of events) {
      size += message.length;
      if (size > most) return { content, isCut: true };
      content.push({ timestamp, message });
    }
  }
  return { content, isCut: false };
}

/**
 * The text of a transcript: of the version that the report is about, and not of one that somebody wrote later. S3 calls
 * this `GetObject`, and CloudTrail records it where a trail records data events.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 * @throws what AWS answered
 */
export async function readTranscript(
  s3: S3Client,
  { bucket, key, versionId, size }: Pick<Transcript, "bucket" | "key" | "versionId" | "size">,
  { signal, most = MOST }: { readonly signal?: AbortSignal; readonly most?: number } = {},
): Promise<Content<string>> {
  const isCut = size > most;
  const { Body } = await s3.send(
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(versionId !== null && { VersionId: versionId }),
      ...(isCut && { Range: `bytes=0-${most - 1}` }),
    }),
    ...(signal === undefined ? [] : [{ abortSignal: signal }]),
  );
  return { content: (await Body?.transformToString()) ?? "", isCut };
}
