import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { GuardConfiguration } from "./configuration";
import { isAllowed } from "./documents";
import { log } from "./log";
import { chatMessage, endedReport, type Report } from "./messages";
import { PUBLISH_WITHIN_MS, type ReportBook } from "./report-book";
import type { SessionManager } from "./session-manager";
import type { StartedSession } from "./start-event";

/** What one run works with. */
export interface Run {
  readonly configuration: GuardConfiguration;
  readonly sessions: SessionManager;
  readonly book: ReportBook;
  readonly sns: SNSClient;
}

/**
 * Ends a session whose document is not allowed, and tells it. It may be over already, or have been ended by another
 * run: both change nothing.
 */
export async function endIfNotAllowed(run: Run, session: StartedSession): Promise<void> {
  const { sessionId, document } = session;
  if (isAllowed(document, run.configuration)) return log("SessionAllowed", { sessionId, document });
  // First of all, and again on every retry: who is told late has lost nothing.
  await run.sessions.end(sessionId);
  const told = await tellOnce(run, endedReport(session, run.configuration));
  log("SessionEnded", { sessionId, document, told });
}

/** Publishes a report to each topic that it is not out on already. @returns whether any of it went out just now */
export async function tellOnce({ book, sns, configuration }: Run, report: Report): Promise<boolean> {
  const { topicArn, chatTopicArn } = configuration;
  const publish = (TopicArn: string, message: object) => () =>
    sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message, null, 2) }), {
      abortSignal: AbortSignal.timeout(PUBLISH_WITHIN_MS),
    });
  const id = `${report.action}/${report.session}`;
  const told = await book.once(id, publish(topicArn, report));
  const toldChat =
    chatTopicArn !== null && (await book.once(`${id}/chat`, publish(chatTopicArn, chatMessage(report))));
  return told || toldChat;
}
