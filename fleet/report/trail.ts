import { setTimeout as sleep } from "node:timers/promises";
import { paginateLookupEvents, type CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { TrailSession } from "../../report/evidence";
import { startCall } from "../../report/start-call";

/**
 * `LookupEvents` allows two calls a second in each account and region.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
const PAUSE_MS = 500;

/** A session starts at most this long before or after CloudTrail's time of the call. */
const MARGIN_MS = 5 * 60 * 1000;

/**
 * The sessions whose start CloudTrail recorded in an account and region, from its event history of 90 days. It needs no
 * trail, and nobody can delete from it.
 * @throws what AWS answered
 */
export async function* trailSessions(
  cloudtrail: CloudTrailClient,
  { since, until }: { readonly since: Date; readonly until: Date },
  {
    pauseMs = PAUSE_MS,
    signal,
  }: { readonly pauseMs?: number; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<TrailSession> {
  const pages = paginateLookupEvents(
    { client: cloudtrail, pageSize: 50 },
    {
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "StartSession" }],
      StartTime: new Date(since.getTime() - MARGIN_MS),
      EndTime: new Date(until.getTime() + MARGIN_MS),
    },
  );
  let last = 0;
  for await (const { Events = [] } of pages) {
    for (const { CloudTrailEvent } of Events) {
      const session = startCall(parsed(CloudTrailEvent));
      if (session !== null) yield session;
    }
    const wait = last + pauseMs - Date.now();
    if (wait > 0) await sleep(wait, undefined, { signal });
    last = Date.now();
  }
}

/** The JSON of a record; null for what is none. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
