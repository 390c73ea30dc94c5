import type { GuardConfiguration } from "./configuration";
import { transcriptKey, type EndedSession, type MissingRecord, type RecordKind } from "./expected-records";
import { NO_DETAILS, type CallDetails, type StartedSession } from "./start-event";

/**
 * A report of the guard. It has the fields of every other message about a session on the security channel, all of them
 * text, so that the filter policies of subscriptions work for it too. A field without a value is an empty string.
 */
export interface Report extends CallDetails {
  /** One sentence that says what happened, for the subject of an email. */
  readonly summary: string;
  /** What happened. No value names an API call, so that nobody mistakes a report for a CloudTrail event. */
  readonly action:
    "SessionEnded" | "SessionNotAllowed" | "TranscriptMissing" | "CheckBegan" | "ProgressRefused";
  /** ARN of the principal that started the session. */
  readonly who: string;
  /** Id of the managed node. */
  readonly instance: string;
  /** Name or ARN of the session's document. */
  readonly document: string;
  /** Id of the session. */
  readonly session: string;
  /** Why the guard reports it, as one word. */
  readonly error: string;
  /** Why the guard reports it, as a sentence. */
  readonly explanation: string;
  /** Time in ISO 8601: of the start of a session that was ended, of the end of another session, or of the check. */
  readonly when: string;
  /** Source address of the call that started the session. */
  readonly from: string;
  readonly account: string;
  readonly region: string;
  /** Id of the CloudTrail event of the call that started the session. */
  readonly event: string;
  /** URL of the list of sessions in the AWS console. */
  readonly console: string;
}

/** The report of a session that the guard ended because its document is not allowed. */
export function endedReport(session: StartedSession, configuration: GuardConfiguration): Report {
  const { account, region, console } = configuration;
  const document = session.document ?? "";
  return {
    summary: `The guard ended a session that ${session.who} had opened with ${document} in account ${account}, ${region}`,
    action: "SessionEnded",
    who: session.who,
    ...session.details,
    instance: session.instance,
    document,
    session: session.sessionId,
    error: "DocumentNotAllowed",
    explanation: `Sessions with ${document} leave no transcript and are not allowed here`,
    when: session.when,
    from: session.from,
    account,
    region,
    event: session.event,
    console,
  };
}

/** The report of a session in the history whose document is not allowed. The guard does not know who ended it. */
export function notAllowedReport(session: EndedSession, configuration: GuardConfiguration): Report {
  const { account, region, console } = configuration;
  const document = session.document ?? "";
  return {
    summary: `A session of ${session.owner} with ${document} ran and has ended in account ${account}, ${region}`,
    action: "SessionNotAllowed",
    who: session.owner,
    ...NO_DETAILS,
    reason: session.reason,
    instance: session.instance,
    document,
    session: session.sessionId,
    error: "DocumentNotAllowed",
    explanation: `Sessions with ${document} leave no transcript and are not allowed here`,
    when: session.endDate.toISOString(),
    from: "",
    account,
    region,
    event: "",
    console,
  };
}

/**
 * The report of a session that ended without leaving all its records.
 * @param missing the records that do not exist or are empty, at least one
 */
export function missingReport(
  session: EndedSession,
  missing: readonly MissingRecord[],
  configuration: GuardConfiguration,
): Report {
  const { account, region, preferences, console } = configuration;
  return {
    summary: `A session of ${session.owner} in account ${account}, ${region} left ${missing.map(({ kind, state }) => `${state === "absent" ? "no" : "an empty"} ${kind}`).join(" and ")}`,
    action: "TranscriptMissing",
    who: session.owner,
    ...NO_DETAILS,
    reason: session.reason,
    instance: session.instance,
    document: session.document ?? preferences,
    session: session.sessionId,
    error: "RecordNotFound",
    explanation: missing.map((record) => explain(record, session, configuration)).join(". "),
    when: session.endDate.toISOString(),
    from: "",
    account,
    region,
    event: "",
    console,
  };
}

function explain({ kind, state }: MissingRecord, session: EndedSession, configuration: GuardConfiguration) {
  const place = placeOf(kind, session, configuration);
  if (state === "absent") return `There is no ${place}`;
  return kind === "transcript" ? `${place} is empty` : `There is no event in the ${place}`;
}

function placeOf(kind: RecordKind, { sessionId }: EndedSession, { transcripts }: GuardConfiguration): string {
  if (kind === "log stream") return `stream ${sessionId} in the log group ${transcripts?.logGroup?.name}`;
  const { name, prefix } = transcripts!.bucket!;
  return `s3://${name}/${transcriptKey(prefix, sessionId)}`;
}

/**
 * The report as a custom notification, the format in which Amazon Q Developer in chat applications accepts messages of
 * one's own. It leaves out every text that the caller of an API chooses freely, like the other messages in chat: it
 * has ids and names, in code spans.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export const chatMessage = (report: Report) => ({
  version: "1.0",
  source: "custom",
  content: {
    textType: "client-markdown",
    title: `${TITLES[report.action]} in account ${report.account}, ${report.region}`,
    description: [
      ...(report.session === ""
        ? []
        : [
            `session: \`${report.session}\``,
            `who: \`${report.who}\``,
            `instance: ${report.instance}`,
            `document: ${report.document}`,
          ]),
      report.explanation,
      report.console,
    ].join("\n"),
  },
});

const TITLES: Readonly<Record<Report["action"], string>> = {
  SessionEnded: "Session ended by the guard",
  SessionNotAllowed: "Session with a document that is not allowed",
  CheckBegan: "The guard begins its check anew",
  ProgressRefused: "The guard's note of its last check is unsound",
  TranscriptMissing: "Session without its record",
};
