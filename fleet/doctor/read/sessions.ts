import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { paginateDescribeSessions, type SSMClient } from "@aws-sdk/client-ssm";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { documentOf } from "../../../guard/documents";
import {
  expectedRecords,
  transcriptKey,
  type EndedSession,
  type RecordingRules,
  type RecordKind,
  type RecordState,
} from "../../../guard/expected-records";
import { findLogStream } from "../../report/log-streams";
import { preferencesSince } from "../../report/preferences";
import type { LookedUp } from "../checks/records";

/** Sessions that ended, of which the history is read: enough to know whether recording lives. */
const MOST = 1_000;

/** Sessions whose records are looked up. */
const LOOKED_UP = 5;

/** Minutes after the end of a session in which its transcript may still be uploaded. */
const UPLOAD_MS = 15 * 60_000;

/** The sessions of a target that ended and that started after a time; no more than the newest thousand that AWS lists. */
export async function readSessions(client: SSMClient, since: Date): Promise<EndedSession[]> {
  const value = since.toISOString().replace(/\.\d+Z$/, "Z");
  const pages = paginateDescribeSessions(
    { client, pageSize: 200 },
    { State: "History", Filters: [{ key: "InvokedAfter", value }] },
  );
  const found: EndedSession[] = [];
  for await (const { Sessions = [] } of pages) {
    for (const one of Sessions) {
      if (one.SessionId === undefined || one.StartDate === undefined || one.EndDate === undefined) continue;
      found.push({
        sessionId: one.SessionId,
        status: one.Status ?? "",
        document: documentOf(one.DocumentName),
        instance: one.Target ?? "",
        owner: one.Owner ?? "",
        reason: one.Reason ?? "",
        startDate: one.StartDate,
        endDate: one.EndDate,
      });
    }
    if (found.length >= MOST) break;
  }
  return found;
}

/** Where records are read. */
export interface RecordClients {
  readonly ssm: SSMClient;
  readonly logs: CloudWatchLogsClient;
  /** Of the account that owns the bucket. */
  readonly s3: S3Client;
}

/** Looks up the records of the newest sessions of which records must exist. It reads names and sizes, and no content. */
export async function lookUpRecords(
  sessions: readonly EndedSession[],
  rules: RecordingRules,
  { ssm, logs, s3 }: RecordClients,
  now: Date,
): Promise<LookedUp[]> {
  const since = await preferencesSince(ssm, rules);
  const times = [since.transcript, since.logStream].flatMap((time) => time ?? []);
  if (times.length === 0) return [];
  const from = new Date(Math.max(...times.map((time) => time.getTime())));
  const newest = sessions
    .filter(({ endDate }) => now.getTime() - endDate.getTime() > UPLOAD_MS)
    .map((session) => ({ session, expected: expectedRecords(session, rules, { since: from, now }) }))
    .filter(({ expected }) => expected.length > 0)
    .sort((one, other) => other.session.startDate.getTime() - one.session.startDate.getTime())
    .slice(0, LOOKED_UP);
  return Promise.all(
    newest.map(async ({ session, expected }) => {
      const states = await Promise.all(
        expected.map(async (kind) => [kind, await stateOf(kind, session, rules, { logs, s3 })] as const),
      );
      return { session, expected, found: new Map(states) };
    }),
  );
}

async function stateOf(
  kind: RecordKind,
  { sessionId }: EndedSession,
  { transcripts: { bucket, logGroup } }: RecordingRules,
  { logs, s3 }: Pick<RecordClients, "logs" | "s3">,
): Promise<RecordState> {
  if (kind === "log stream") {
    const place = { name: logGroup!.name, masked: false, shared: false };
    const stream = await findLogStream(logs, place, sessionId);
    if (stream === null) return "absent";
    return stream.firstEvent === null ? "empty" : "present";
  }
  const Key = transcriptKey(bucket!.prefix, sessionId);
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket!.name, Prefix: Key, MaxKeys: 1 }),
  );
  const object = Contents.find((one) => one.Key === Key);
  if (object === undefined) return "absent";
  return object.Size === 0 ? "empty" : "present";
}
