import type { NotExpected } from "../guard/expected-records";
import type { Evidence, HistorySession } from "./evidence";
import { clip } from "../pages/visible";
import type { LogStream, StreamClaim, Transcript } from "./model";
import { listed } from "./sentences";
import { tunnelOf } from "./tunnels";
import type { VerdictProps } from "./verdict-props";

const MINUTE_MS = 60_000;

/** Clocks of Session Manager, S3 and CloudWatch Logs may differ by this much. */
const SKEW_MS = 5 * MINUTE_MS;

/** Session Manager may list a session as open for a while after the agent has uploaded its transcript. */
const ENDING_MS = 60 * MINUTE_MS;

/** How long after the grace period a record may still arrive: an instance may be cut off from S3 and CloudWatch Logs. */
const LATE_MS = 60 * MINUTE_MS;

/**
 * Why the records cannot be what the SSM Agent wrote of a session that the history knows: whole sentences, empty if
 * nothing speaks against them. Only times by AWS's clocks count; what the events of a log stream say of themselves counts
 * against them, and never for them, because whoever writes them chooses it. The agent writes a transcript once, after the session:
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/shell/shell.go
 * @param expectation of the transcript: one whose retention is over may be hidden by a delete marker of the lifecycle
 */
export function contradictions(
  { history, transcript, replica, logStream }: Evidence,
  { now, rules }: Pick<VerdictProps, "now" | "rules">,
  expectation?: "expected" | NotExpected,
): readonly string[] {
  if (history === null) return [];
  const start = history.start.getTime();
  const isEarly = (time: string | null) => time !== null && Date.parse(time) < start - SKEW_MS;
  const late = lateness(history, rules.transcripts.gracePeriodMinutes);
  const words: string[] = [];
  if (transcript !== null) {
    if (transcript.versions > 1) words.push(rewritten(transcript));
    if (transcript.deleted && expectation === "expected") words.push(DELETED);
    if (isEarly(transcript.firstTime)) {
      words.push(`S3 stored the transcript at ${transcript.firstTime}, before the session began.`);
    }
    if (transcript.versions > 0) words.push(...late("S3 stored the transcript", transcript.firstTime));
    if (history.end === null && Date.parse(transcript.time) < now.getTime() - ENDING_MS) {
      words.push(`S3 stored the transcript at ${transcript.time}, and the session has not ended.`);
    }
  }
  const hasCopy = replica !== null && !replica.deleted && replica.size > 0;
  if (transcript === null && hasCopy && expectation === "expected") {
    words.push(
      "The replica has a copy of the transcript, and the bucket no longer has it: somebody deleted it.",
    );
  }
  if (isEarly(logStream?.created ?? null)) {
    words.push(`The log stream was created at ${logStream!.created}, before the session began.`);
  }
  words.push(...lateStream(logStream, late));
  words.push(...foreignEvents(history, logStream));
  if (history.document !== null && tunnelOf(history.document) !== null) {
    const records = [...(transcript ? ["transcript"] : []), ...(logStream ? ["log stream"] : [])];
    if (records.length > 0) {
      words.push(
        `A session with ${history.document} has no content, and there is a ${records.join(" and a ")}.`,
      );
    }
  }
  return words;
}

/** Says of what happened at a time that it was too late for a session, if it was. */
function lateness({ end }: HistorySession, gracePeriodMinutes: number) {
  const latest = end === null ? Infinity : end.getTime() + gracePeriodMinutes * MINUTE_MS + LATE_MS;
  return (what: string, time: string | null): string[] =>
    time === null || Date.parse(time) <= latest
      ? []
      : [
          `${what} at ${time}, ${howLong(Date.parse(time) - end!.getTime())} after the session ended: the instance was ` +
            "cut off from AWS until then, or somebody else wrote it.",
        ];
}

/** The stream itself may be older than its events, so the last event counts as well. */
function lateStream(logStream: LogStream | null, late: ReturnType<typeof lateness>): string[] {
  if (logStream === null) return [];
  const created = late("The log stream was created", logStream.created);
  return created.length > 0
    ? created
    : late("CloudWatch Logs received an event of the log stream", logStream.lastIngestion);
}

const howLong = (ms: number): string => {
  const minutes = Math.floor(ms / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  if (hours < 2) return `${minutes} minutes`;
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
};

const rewritten = ({ versions, firstTime, time }: Transcript) =>
  `The transcript has ${versions} versions, written from ${firstTime} to ${time}: somebody wrote it again. ` +
  "Object Lock keeps the first one.";

const DELETED = "A delete marker hides the transcript: somebody deleted it. Its versions remain.";

/** Events that, as they say themselves, are of another session. Any instance of the account may write to a log stream. */
function foreignEvents(history: HistorySession, logStream: LogStream | null): string[] {
  const { claims, masked } = logStream ?? {};
  if (!claims) return [];
  const foreign = claims.flatMap((claim) => {
    const others = [
      ...other("session", claim.sessionId, history.id),
      ...other("instance", claim.instance, history.instance),
      ...other("principal", claim.owner, history.owner),
    ];
    if (others.length === 0) return [];
    const [events, wrote] = claim.events === 1 ? ["1 event", "it"] : [`${claim.events} events`, "them"];
    return [
      `${events} of the log stream ${claim.events === 1 ? "names" : "name"} ${listed(others)}: the agent of this session did not write ${wrote}.`,
    ];
  });
  const [unnamed, named] = [claims.filter(isUnnamed), claims.filter((claim) => !isUnnamed(claim))].map(
    (some) => some.reduce((sum, { events }) => sum + events, 0),
  );
  // Masking may hide what an event says of itself.
  const isMixed = unnamed! > 0 && named! > 0 && masked === false;
  return isMixed ? [...foreign, mixed(unnamed!, named!)] : foreign;
}

const isUnnamed = ({ sessionId, instance, owner }: StreamClaim) => (sessionId ?? instance ?? owner) === null;

/**
 * Neither an id nor an ARN has an asterisk, with which a data protection policy masks text.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
 */
const other = (what: string, claimed: string | null, known: string): string[] =>
  claimed === null || claimed === known || claimed.includes("*") ? [] : [`the ${what} ${clip(claimed, 200)}`];

const mixed = (unnamed: number, named: number) =>
  `The log stream has ${unnamed} events that name no session, and ${named} that do: the agent writes all of a session in ` +
  "one form, so somebody else wrote some of them.";
