import { documentOf, isAllowed } from "./documents";
import { endIfNotAllowed, type Run } from "./guard";

/**
 * Ends the running sessions whose document is not allowed and of which no event came. Delivery of events to EventBridge
 * is best effort, so in rare cases an event does not arrive, and somebody may have stopped the trail. The report book
 * keeps a second report from going out.
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html
 * @throws AggregateError after all sessions were tried, if one of them could not be ended or reported
 */
export async function endStrays(run: Run): Promise<void> {
  if (run.configuration.allowedDocuments === null) return;
  const failures: unknown[] = [];
  for await (const page of run.sessions.active()) {
    for (const { SessionId, DocumentName, Target = "", Owner = "", StartDate } of page) {
      const document = documentOf(DocumentName);
      if (SessionId === undefined || isAllowed(document, run.configuration)) continue;
      const stray = {
        sessionId: SessionId,
        document,
        instance: Target,
        who: Owner,
        when: StartDate?.toISOString() ?? "",
        from: "",
        event: "",
      };
      await endIfNotAllowed(run, stray).catch((error: unknown) => failures.push(error));
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} sessions: ${String(failures[0])}`);
}
