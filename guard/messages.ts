import type { GuardConfiguration } from "./configuration";
import { transcriptKey, type EndedSession, type RecordKind } from "./expected-records";
import type { StartedSession } from "./start-event";

/** A report, with the fields that every finding of the security channel has: filter policies look into them. */
export interface Report {
  readonly summary: string;
  /** What subscribers filter on. Both are no API calls, so that nobody takes them for findings of CloudTrail. */
  readonly action: "SessionEnded" | "TranscriptMissing";
  /** ARN of who opened the session. */
  readonly who: string;
  readonly instance: string;
  readonly document: string;
  readonly session: string;
  readonly error: string;
  readonly explanation: string;
  readonly when: string;
  readonly from: string;
  readonly account: string;
  readonly region: string;
  readonly event: string;
  readonly console: string;
}

/** The guard has ended a session whose document is not allowed. */
export function endedReport(session: StartedSession, configuration: GuardConfiguration): Report {
  const { account, region, console } = configuration;
  const document = session.document ?? "";
  return {
    summary: `The guard ended a session that ${session.who} had opened with ${document} in account ${account}, ${region}`,
    action: "SessionEnded",
    who: session.who,
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

/** A session has ended, and not all that it should have left is there. */
export function missingReport(
  session: EndedSession,
  missing: readonly RecordKind[],
  configuration: GuardConfiguration,
): Report {
  const { account, region, preferences, console } = configuration;
  return {
    summary: `A session of ${session.owner} in account ${account}, ${region} left no ${missing.join(" and no ")}`,
    action: "TranscriptMissing",
    who: session.owner,
    instance: session.instance,
    document: session.document ?? preferences,
    session: session.sessionId,
    error: "RecordNotFound",
    explanation: missing.map((kind) => `There is no ${placeOf(kind, session, configuration)}`).join(". "),
    when: session.endDate.toISOString(),
    from: "",
    account,
    region,
    event: "",
    console,
  };
}

function placeOf(kind: RecordKind, { sessionId }: EndedSession, { transcripts }: GuardConfiguration): string {
  if (kind === "log stream") return `stream ${sessionId} in the log group ${transcripts?.logGroup?.name}`;
  const { name, prefix } = transcripts!.bucket!;
  return `s3://${name}/${transcriptKey(prefix, sessionId)}`;
}

/**
 * The same as a custom notification, the one format that chat takes. Like the channel's other findings there, it has
 * nothing that a caller writes freely: names and ids, in code spans.
 */
export const chatMessage = (report: Report) => ({
  version: "1.0",
  source: "custom",
  content: {
    textType: "client-markdown",
    title: `${TITLES[report.action]} in account ${report.account}, ${report.region}`,
    description: [
      `session: \`${report.session}\``,
      `who: \`${report.who}\``,
      `instance: ${report.instance}`,
      `document: ${report.document}`,
      report.explanation,
      report.console,
    ].join("\n"),
  },
});

const TITLES: Readonly<Record<Report["action"], string>> = {
  SessionEnded: "Session ended by the guard",
  TranscriptMissing: "Session without its record",
};
