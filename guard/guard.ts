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
  /** The client of a region. SNS publishes to the topics of the region that it is called in. */
  readonly sns: (region: string) => SNSClient;
  /** Whether enough of Lambda's time limit is left for another batch of calls. */
  readonly hasTime: () => boolean;
}

/** Lambda's time limit came before the work was done. The next run does the rest. */
export class OutOfTime extends Error {}

/** Number of sessions that are worked on at the same time. */
export const AT_ONCE = 8;

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
  await tellEnded(run, session);
}

/**
 * Reports a session that the guard has ended.
 * @throws what SNS or DynamoDB answered
 */
export async function tellEnded(run: Run, session: StartedSession): Promise<void> {
  const { sessionId, document } = session;
  const told = await tellOnce(run, endedReport(session, run.configuration), endedId(sessionId));
  log("SessionEnded", { sessionId, document, told });
}

/**
 * Id in the report book of the report that a session with a document that is not allowed has ended. The report that the
 * guard ended it and the report that it was found in the history share this id, so only one of them goes out.
 */
export const endedId = (sessionId: string) => `SessionEnded/${sessionId}`;

/**
 * Publishes a report to each topic that has findings, unless the report book says that it was published there. A topic that
 * fails does not keep the report from the topics after it.
 * @param id identifies the report in the report book
 * @returns whether this call published it to at least one topic
 * @throws what SNS or DynamoDB answered for the first topic that failed
 */
export async function tellOnce(
  { book, sns, configuration }: Run,
  report: Report,
  id: string,
): Promise<boolean> {
  const { topicArn, chatTopicArn, central } = configuration;
  const publish = (TopicArn: string, message: object) => () =>
    sns(regionOf(TopicArn)).send(
      new PublishCommand({ TopicArn, Message: JSON.stringify(message, null, 2) }),
      {
        abortSignal: AbortSignal.timeout(PUBLISH_WITHIN_MS),
      },
    );
  const topics = [
    { arn: topicArn, book: id, message: report },
    { arn: chatTopicArn, book: `${id}/chat`, message: chatMessage(report) },
    { arn: central?.topicArn ?? null, book: `${id}/central`, message: report },
    { arn: central?.chatTopicArn ?? null, book: `${id}/central/chat`, message: chatMessage(report) },
  ];
  const told: boolean[] = [];
  const failures: unknown[] = [];
  for (const { arn, book: entry, message } of topics) {
    if (arn === null) continue;
    try {
      told.push(await book.once(entry, publish(arn, message)));
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw failures[0];
  return told.includes(true);
}

const regionOf = (arn: string): string => arn.split(":")[3] ?? "";
