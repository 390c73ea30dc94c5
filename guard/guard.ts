import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { GuardConfiguration } from "./configuration";
import { isAllowed } from "./documents";
import { log } from "./log";
import { chatMessage, endedReport, type Report } from "./messages";
import { PUBLISH_WITHIN_MS, type ReportBook } from "./report-book";
import type { SessionManager } from "./session-manager";
import type { StartedSession } from "./start-event";

/** What one invocation of the guard works with. */
export interface Run {
  readonly configuration: GuardConfiguration;
  readonly sessions: SessionManager;
  readonly book: ReportBook;
  readonly sns: SNSClient;
}

/**
 * Ends a session whose document is not allowed, and reports that. A session that is over already, or that another run
 * has ended, is no error.
 * @throws what AWS answered, if the session could not be ended or the report could not be published
 */
export async function endIfNotAllowed(run: Run, session: StartedSession): Promise<void> {
  const { sessionId, document } = session;
  if (isAllowed(document, run.configuration)) return log("SessionAllowed", { sessionId, document });
  // Ending the session comes first, and is repeated on each retry: a late report does no harm, a running session does.
  await run.sessions.end(sessionId);
  const told = await tellOnce(run, endedReport(session, run.configuration));
  log("SessionEnded", { sessionId, document, told });
}

/**
 * Publishes a report to the security topic and the chat topic, unless the report book says that it was published there.
 * @returns whether this call published it to at least one topic
 * @throws what SNS or DynamoDB answered
 */
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
