import type { Session } from "@aws-sdk/client-ssm";
import { documentOf, isAllowed } from "./documents";
import { AT_ONCE, OutOfTime, tellEnded, type Run } from "./guard";
import { NO_DETAILS, type StartedSession } from "./start-event";

/**
 * Ends running sessions whose document is not allowed and whose event did not arrive. Events are delivered to EventBridge
 * on a best-effort basis, so in rare cases an event is lost; somebody may also have stopped the trail. All sessions are
 * ended before the first report is published: otherwise, a topic that does not respond could use up the time of the run.
 * If a report could not be published, the later check for records reports the session.
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html
 * @throws AggregateError after all sessions were tried, if one of them could not be listed, ended or reported
 */
export async function endStrays(run: Run): Promise<void> {
  if (run.configuration.allowedDocuments === null) return;
  const ended: StartedSession[] = [];
  const failures: unknown[] = [];
  try {
    for await (const page of run.sessions.active()) {
      await inBatches(strays(page, run), failures, async (stray) => {
        await run.sessions.end(stray.sessionId);
        ended.push(stray);
      });
    }
  } catch (error) {
    failures.push(error);
  }
  await inBatches(ended, failures, async (stray) => {
    if (!run.hasTime()) throw new OutOfTime(`no time left to report the session ${stray.sessionId}`);
    await tellEnded(run, stray);
  });
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} failures: ${String(failures[0])}`);
}

/** The sessions of a page whose document is not allowed. */
const strays = (page: readonly Session[], { configuration }: Run): readonly StartedSession[] =>
  page.flatMap(({ SessionId, DocumentName, Target = "", Owner = "", StartDate, Reason = "" }) => {
    const document = documentOf(DocumentName);
    if (SessionId === undefined || isAllowed(document, configuration)) return [];
    const when = StartDate?.toISOString() ?? "";
    const details = { ...NO_DETAILS, reason: Reason };
    return [
      { sessionId: SessionId, document, instance: Target, who: Owner, when, from: "", event: "", details },
    ];
  });

/** Does the same for each session, a batch at a time, and adds what is thrown to `failures`. */
async function inBatches(
  sessions: readonly StartedSession[],
  failures: unknown[],
  work: (session: StartedSession) => Promise<void>,
): Promise<void> {
  for (let index = 0; index < sessions.length; index += AT_ONCE) {
    const outcomes = await Promise.allSettled(sessions.slice(index, index + AT_ONCE).map(work));
    failures.push(...outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : [])));
  }
}
