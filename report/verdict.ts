import { isProbe, PROBE_LINE } from "../guard/probe-sessions";
import {
  expectations,
  mayNeverHaveOpened,
  missingRecords,
  type EndedSession,
  type MissingRecord,
  type NotExpected,
  type RecordingRules,
  type RecordKind,
  type RecordState,
} from "../guard/expected-records";
import { contradictions } from "./contradictions";
import { recordTime, type Evidence, type HistorySession } from "./evidence";
import type { RecordSeen, SessionRow, Verdict } from "./model";
import { notExpected } from "./not-expected";
import { listed, presentWords, verdict } from "./sentences";
import type { RecordingSince, VerdictProps } from "./verdict-props";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How long AWS lists a session that has ended: 30 days.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
 */
export const LISTED_MS = 30 * 24 * HOUR_MS;

/** The longest maximum duration of a session that AWS takes. */
const LONGEST_MS = 24 * HOUR_MS;

/** A session whose record is this young may be missing from the history for a reason of time alone. */
const HISTORY_MARGIN_MS = HOUR_MS;

/** Whether a time is so long ago that the session history has forgotten its session, or may have. */
export const isBeyondHistory = (time: Date, now: Date): boolean =>
  time.getTime() < now.getTime() - LISTED_MS + HISTORY_MARGIN_MS;

/**
 * Judges one session by its witnesses. `OutputUrl` of the session history is not among them: AWS fills it in even if
 * nothing was written there.
 */
export function verdictOf(evidence: Evidence, props: VerdictProps): Verdict {
  const { history } = evidence;
  if (history === null) return withoutHistory(evidence, props);
  if (history.end === null) {
    const found = contradictions(evidence, props);
    if (found.length > 0) return verdict("contradicted", ...found);
    const tooLong = openTooLong(history, props);
    if (tooLong !== null) return verdict("unread", tooLong);
    const end = isOver(history) ? "Session Manager does not yet say when it ended" : "it has not ended";
    return verdict("open", `The session began at ${history.start.toISOString()}, and ${end}.`);
  }
  return ofEnded(evidence, { ...history, end: history.end }, props);
}

/**
 * That a session is listed as open long after Session Manager must have ended it; null: it may be open. The maximum duration
 * is one of the preferences, and may have been longer when the session began, but no longer than AWS allows.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-max-timeout.html
 */
function openTooLong({ document, start }: HistorySession, { rules, now }: VerdictProps): string | null {
  const { maximumDurationMinutes } = rules.transcripts;
  if (maximumDurationMinutes === null || document !== null) return null;
  if (now.getTime() - start.getTime() <= LONGEST_MS + HOUR_MS) return null;
  return (
    `The session began at ${start.toISOString()}, and Session Manager does not say that it ended, although the map ends ` +
    `sessions after ${maximumDurationMinutes} minutes: nobody can tell whether its records are all there.`
  );
}

const isOver = ({ status }: HistorySession) => status === "Terminated" || status === "Failed";

function withoutHistory(evidence: Evidence, { seen, now }: VerdictProps): Verdict {
  if (seen.history === "unread") {
    return verdict("unread", "The session history could not be read to its end, so nobody can tell.");
  }
  const { trail } = evidence;
  const hasRecord = [seen.transcript, seen.logStream].includes("present");
  if (trail !== null) {
    const { eventId, time } = trail.event;
    const known = `CloudTrail recorded its start at ${time} in the event ${eventId}`;
    if (!isBeyondHistory(new Date(time), now)) {
      return verdict(
        "trail-only",
        `${known}, and the session history, which reaches that far, has no such session.`,
      );
    }
    return verdict(
      "history-expired",
      `${known}. The session history reaches only 30 days back.`,
      hasRecord
        ? "A record of it exists."
        : "No record of it was found, and nobody can tell whether one should exist.",
    );
  }
  const time = recordTime(evidence);
  const written = time === null ? "The record has no time" : `The record was written at ${time}`;
  if (time !== null && isBeyondHistory(new Date(time), now)) {
    return verdict("history-expired", `${written}, and the session history reaches only 30 days back.`);
  }
  if (isProbe(evidence.id) && saysOneLine(evidence)) {
    return verdict(
      "probe",
      `${written}. Its name and its size are those of a probe of session-audit doctor.`,
    );
  }
  return verdict(
    "record-only",
    `${written}, and the session history, which reaches that far, has no such session.`,
    "Whoever may write below the prefix of this account and region can write such a record: look at the data events " +
      "of the bucket, and at the roles of the instances.",
  );
}

/** Whether a record is as small as that of a probe. Its name alone would let anybody hide a larger one. */
const saysOneLine = ({ transcript, replica, logStream }: Evidence): boolean =>
  [transcript, replica].every(
    (object) => object === null || (object.versions === 1 && object.size <= PROBE_LINE.length + 1),
  ) && logStream?.firstEvent === logStream?.lastEvent;

function ofEnded(
  evidence: Evidence,
  history: HistorySession & { readonly end: Date },
  props: VerdictProps,
): Verdict {
  const { rules, since, now, seen } = props;
  const session = asEnded(history);
  const all = expectationsSince(session, rules, since, now);
  const found = contradictions(evidence, props, all.get("transcript"));
  if (found.length > 0) return verdict("contradicted", ...found);
  const expected = [...all].flatMap(([kind, is]) => (is === "expected" ? [kind] : []));
  if (expected.length === 0) return notExpected(history, [...all.values()] as NotExpected[], props);
  const states = new Map(expected.map((kind) => [kind, stateOf(kind, seen)]));
  if ([...states.values()].includes("unread")) {
    return verdict(
      "unread",
      `AWS did not say whether the ${listed([...states].filter(([, is]) => is === "unread").map(([kind]) => kind))} exists.`,
    );
  }
  return ofExpected(session, states as ReadonlyMap<RecordKind, RecordState>, props);
}

/** The expectation of each record: the places of the two may be in force since different times. */
const expectationsSince = (
  session: EndedSession,
  rules: RecordingRules,
  { transcript, logStream }: RecordingSince,
  now: Date,
) =>
  new Map<RecordKind, "expected" | NotExpected>([
    ["transcript", expectations(session, rules, { since: transcript, now }).get("transcript")!],
    ["log stream", expectations(session, rules, { since: logStream, now }).get("log stream")!],
  ]);

const stateOf = (kind: RecordKind, seen: SessionRow["witnesses"]): RecordSeen =>
  kind === "transcript" ? seen.transcript : seen.logStream;

const asEnded = ({
  id,
  status,
  document,
  instance,
  owner,
  reason,
  start,
  end,
}: HistorySession & { readonly end: Date }): EndedSession => ({
  sessionId: id,
  status,
  document: document ?? undefined,
  instance,
  owner,
  reason: reason ?? "",
  startDate: start,
  endDate: end,
});

function ofExpected(
  session: EndedSession,
  states: ReadonlyMap<RecordKind, RecordState>,
  { rules, now, seen }: VerdictProps,
): Verdict {
  const missing = missingRecords(states, session, now);
  const notPresent = [...states].filter(([, state]) => state !== "present").map(([kind]) => kind);
  if (notPresent.length === 0) return verdict("recorded", presentWords([...states.keys()]));
  const graceEnds = session.endDate.getTime() + rules.transcripts.gracePeriodMinutes * MINUTE_MS;
  const ended = `The session ended at ${session.endDate.toISOString()}`;
  if (graceEnds > now.getTime()) {
    return verdict(
      "grace",
      `${ended}; its ${listed(notPresent)} may still arrive until ${new Date(graceEnds).toISOString()}.`,
    );
  }
  if (missing.length === 0) {
    return verdict(
      "grace",
      `${ended}; CloudWatch Logs may take two hours to show that a log stream has events.`,
    );
  }
  if (mayNeverHaveOpened(session, [...states.keys()], missing)) {
    return verdict("unopened", `The session lasted ${seconds(session)} s, and neither record exists.`);
  }
  const facts = missing.map(
    ({ kind, state }) => `The ${kind} is ${state === "empty" ? "empty" : "missing"}.`,
  );
  // A record that need not exist, for example because its retention is over, may still exist.
  const hasOther = [seen.transcript, seen.logStream].includes("present");
  return hasOther
    ? verdict("in-part", ...facts, ...missing.map(partWords))
    : verdict("unrecorded", ...facts, "Nothing shows what was done in the session.");
}

/** What it means that one of the two records is missing. */
function partWords({ kind, state }: MissingRecord): string {
  if (kind === "transcript") {
    return state === "empty"
      ? "The agent uploaded an object without content. The log stream has the text."
      : "The agent uploads the transcript once, when the session ends: the instance stopped before that, or S3 or KMS " +
          "refused the upload. The log stream has the text up to that time.";
  }
  return state === "empty"
    ? "The agent created the log stream and wrote nothing to it. The transcript has the text."
    : "The agent could not write to CloudWatch Logs, or somebody deleted the log stream. The transcript has the text, " +
        "without the time of each line.";
}

const seconds = ({ startDate, endDate }: EndedSession) =>
  Math.round((endDate.getTime() - startDate.getTime()) / 1000);
