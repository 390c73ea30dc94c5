import { DEPLOY_AGAIN, fault, judged, ok, type Finding, type Seen } from "../model";

/** A dead-letter queue. */
export interface QueueState {
  /** Messages that wait in it. */
  readonly messages: number;
}

/** Judges a dead-letter queue: it exists and is empty. */
export function judgeQueue(name: string, seen: Seen<QueueState | null>): Finding[] {
  const about = { check: "dead letters", subject: name } as const;
  return judged(about, seen, (queue) => {
    if (queue === null) {
      const why = "What cannot be delivered is lost.";
      return [fault(about, "there is no such queue", why, DEPLOY_AGAIN)];
    }
    if (queue.messages === 0) return [ok(about, "empty")];
    return [
      fault(
        about,
        `${queue.messages} ${queue.messages === 1 ? "message waits" : "messages wait"}`,
        "These notifications were not delivered, and SQS deletes them after 14 days.",
        "Their attributes ERROR_CODE and ERROR_MESSAGE say why. Remove the cause, read the messages, and delete them.",
      ),
    ];
  });
}
