import type { GuardConfiguration, TranscriptCheck } from "./configuration";
import { isPreferences } from "./documents";

/** A session as `DescribeSessions` lists it after its end. */
export interface EndedSession {
  readonly sessionId: string;
  /** Such as `Terminated`, or `Failed` when it never came about. */
  readonly status: string;
  /** undefined: the preferences. */
  readonly document: string | undefined;
  readonly instance: string;
  /** ARN of who started it. */
  readonly owner: string;
  readonly startDate: Date;
  readonly endDate: Date;
}

/** What a session leaves: an object in S3, a stream in CloudWatch Logs. */
export type RecordKind = "transcript" | "log stream";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The agent gives up on a client that has not opened the data channel after 15 seconds. */
const OPENING_MS = 20_000;

/**
 * Which records of a session must be there. None of one that
 * - never came about (`Failed`: the agent refused it, or the instance did not answer),
 * - was started with another document, which says itself what is recorded: a tunnel has no content, a command of
 *   AWS's own logs nowhere,
 * - began before these destinations held (`since`): it was recorded where the preferences said then,
 * - is so old that a record has expired.
 */
export function expectedRecords(
  session: EndedSession,
  configuration: GuardConfiguration & { readonly transcripts: TranscriptCheck },
  { since, now }: { readonly since: Date; readonly now: Date },
): readonly RecordKind[] {
  if (session.status !== "Terminated" || !isPreferences(session.document, configuration)) return [];
  if (session.startDate < since) return [];
  const isKept = ({ keptDays }: { readonly keptDays: number | null }) =>
    keptDays === null || session.endDate.getTime() + keptDays * DAY_MS > now.getTime();
  const { bucket, logGroup } = configuration.transcripts;
  return [
    ...(bucket !== null && isKept(bucket) ? (["transcript"] as const) : []),
    ...(logGroup !== null && isKept(logGroup) ? (["log stream"] as const) : []),
  ];
}

/**
 * Whether a session that left nothing at all may never have been opened: a client that has no plugin starts one
 * and ends it at once, before the agent has anything to record. One record is enough to know better.
 */
export const mayNeverHaveOpened = (
  { startDate, endDate }: Pick<EndedSession, "startDate" | "endDate">,
  expected: readonly RecordKind[],
  missing: readonly RecordKind[],
): boolean => missing.length === expected.length && endDate.getTime() - startDate.getTime() < OPENING_MS;

/** The key of a session's transcript. The agent leaves colons out of it. */
export const transcriptKey = (prefix: string, sessionId: string) =>
  `${prefix}/${sessionId.replaceAll(":", "")}.log`;
