import { isAllowed } from "./documents";
import { endIfNotAllowed, type Run } from "./guard";

/**
 * Ends sessions that run with a document that is not allowed: EventBridge delivers as well as it can, and a trail may
 * have been switched off. What the event has ended is not told again.
 * @throws once each has been tried: one that cannot be ended, or told, does not keep the others running
 */
export async function endStrays(run: Run): Promise<void> {
  if (run.configuration.allowedDocuments === null) return;
  const failures: unknown[] = [];
  for await (const page of run.sessions.active()) {
    for (const { SessionId, DocumentName, Target = "", Owner = "", StartDate } of page) {
      const document = DocumentName === "" ? undefined : DocumentName;
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
