import type { GuardConfiguration, TranscriptCheck } from "./configuration";
import { isPreferences } from "./documents";

/** A session that has ended, as `DescribeSessions` lists it. */
export interface EndedSession {
  readonly sessionId: string;
  /** Status of the session: `Terminated`, `Failed` for a session that did not start, or another one until AWS updates it. */
  readonly status: string;
  /** Name or ARN of the session's document, or undefined for the preferences. */
  readonly document: string | undefined;
  /** Id of the managed node, such as `i-0123456789abcdef0`. */
  readonly instance: string;
  /** ARN of the principal that started the session. */
  readonly owner: string;
  /** The reason that the principal gave for the session; "" if it gave none. */
  readonly reason: string;
  readonly startDate: Date;
  readonly endDate: Date;
}

/** The two kinds of record: an object in S3, and a log stream in CloudWatch Logs. */
export type RecordKind = "transcript" | "log stream";

/** What a look-up finds: an empty record is an object of 0 bytes, or a log stream without an event. */
export type RecordState = "present" | "empty" | "absent";

/** A record that does not show what happened in a session. */
export interface MissingRecord {
  readonly kind: RecordKind;
  readonly state: "empty" | "absent";
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A session that ran less than this may have ended before a client opened it. With session encryption the SSM Agent
 * waits 15 seconds (`handshakeTimeout`) for the client and then fails the session; the other 5 seconds are a margin.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/datachannel/datachannel.go
 */
const OPENING_MS = 20_000;

/** A session that has run this long has started, even if its status is `Failed`. The agent fails a session within seconds. */
const STARTING_MS = 10 * 60 * 1000;

/** Where and since when the sessions of an account and region are recorded: what the check depends on. */
export type RecordingRules = Pick<GuardConfiguration, "partition" | "account" | "region" | "preferences"> & {
  readonly transcripts: TranscriptCheck;
};

/** The times that the check depends on. */
export interface CheckTimes {
  /** Time from which sessions are recorded in the configured destinations. */
  readonly since: Date;
  /** Time of the check. */
  readonly now: Date;
}

/** Why a record need not exist. */
export type NotExpected =
  "not started" | "other document" | "before recording" | "no destination" | "past retention";

/**
 * Whether each record must exist of a session, and why not. No record is expected of a session that
 * - failed to start (status `Failed`, within minutes): the agent refused it, or the instance did not answer,
 * - used another document than the preferences: that document decides what is recorded. A port forwarding session
 *   has no content to record, and AWS's own documents for commands name no destination,
 * - started before the present destinations were in force (`since`),
 * - ended so long ago that its record has expired.
 */
export function expectations(
  session: EndedSession,
  rules: RecordingRules,
  { since, now }: CheckTimes,
): ReadonlyMap<RecordKind, "expected" | NotExpected> {
  const { bucket, logGroup } = rules.transcripts;
  const expectation = (destination: { readonly keptDays: number | null } | null) => {
    if (hasNotStarted(session)) return "not started";
    if (!isPreferences(session.document, rules)) return "other document";
    if (session.startDate < since) return "before recording";
    if (destination === null) return "no destination";
    const { keptDays } = destination;
    const isKept = keptDays === null || session.endDate.getTime() + keptDays * DAY_MS > now.getTime();
    return isKept ? "expected" : "past retention";
  };
  return new Map([
    ["transcript", expectation(bucket)],
    ["log stream", expectation(logGroup)],
  ]);
}

/** A session that has an end may have any other status, such as `Terminating`, for a while. */
export const hasNotStarted = ({ status, startDate, endDate }: EndedSession): boolean =>
  status === "Failed" && endDate.getTime() - startDate.getTime() < STARTING_MS;

/** The records that must exist of a session. */
export const expectedRecords = (
  session: EndedSession,
  rules: RecordingRules,
  times: CheckTimes,
): readonly RecordKind[] =>
  [...expectations(session, rules, times)].flatMap(([kind, expectation]) =>
    expectation === "expected" ? [kind] : [],
  );

/**
 * Time after which a log stream that shows no event has none. CloudWatch Logs updates the times of a stream's last event
 * "typically in less than an hour", "but in rare situations might take longer"; the second hour is a margin.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
 */
export const SETTLED_MS = 2 * 60 * 60 * 1000;

/**
 * The records that are missing, of those that were looked up. An absent record counts at once, and so does an empty
 * transcript, because an object's size does not change. An empty log stream counts {@link SETTLED_MS} after the session.
 * @param found the state of each expected record
 * @param now time of the check
 */
export function missingRecords(
  found: ReadonlyMap<RecordKind, RecordState>,
  { endDate }: Pick<EndedSession, "endDate">,
  now: Date,
): readonly MissingRecord[] {
  const isSettled = now.getTime() - endDate.getTime() >= SETTLED_MS;
  return [...found].flatMap(([kind, state]) => {
    if (state === "present") return [];
    if (state === "empty" && kind === "log stream" && !isSettled) return [];
    return [{ kind, state }];
  });
}

/**
 * Whether a session may have ended before a client opened it. The AWS CLI without the Session Manager plugin does
 * this: it starts a session, does not find the plugin, and ends the session at once. Such a session leaves no record.
 * If any record exists, even an empty one, the session was opened.
 * @see https://github.com/aws/aws-cli/blob/v2/awscli/customizations/sessionmanager.py
 */
export const mayNeverHaveOpened = (
  { startDate, endDate }: Pick<EndedSession, "startDate" | "endDate">,
  expected: readonly RecordKind[],
  missing: readonly MissingRecord[],
): boolean =>
  missing.length === expected.length &&
  missing.every(({ state }) => state === "absent") &&
  endDate.getTime() - startDate.getTime() < OPENING_MS;

/**
 * The S3 key of a session's transcript. The agent removes colons from the paths that it writes to
 * (`RemoveInvalidChars`).
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/fileutil/fileutil.go
 * @example transcriptKey("sessions/444444444444/eu-west-1", "a:b") // "sessions/444444444444/eu-west-1/ab.log"
 */
export const transcriptKey = (prefix: string, sessionId: string) =>
  `${prefix}/${sessionId.replaceAll(":", "")}.log`;
