import type { StreamClaim } from "../model";
import { streamEvent, type LogEvent } from "./events";

/** Most different claims that are kept. Of somebody who forges more of them, the first ones are enough to find the forgery. */
const MOST = 20;

/**
 * What the events of a log stream say about the session, instance and person that they belong to: one claim for all events
 * that say the same, in the order in which each claim first appears. Text that is uploaded after a session, and what somebody else wrote as plain text, says nothing of itself.
 * @see https://github.com/aws/amazon-ssm-agent/tree/mainline/agent/session/logging
 */
export function claimsOf(events: Iterable<LogEvent>): StreamClaim[] {
  const claims = new Map<string, { -readonly [K in keyof StreamClaim]: StreamClaim[K] }>();
  for (const { message } of events) {
    const { sessionId, target, userIdentity }: Readonly<Record<string, unknown>> = streamEvent(message) ?? {};
    const said = {
      sessionId: text(sessionId),
      instance: text((target as { id?: unknown } | null | undefined)?.id),
      owner: text((userIdentity as { arn?: unknown } | null | undefined)?.arn),
    };
    const key = JSON.stringify(said);
    const known = claims.get(key);
    if (known !== undefined) known.events++;
    else if (claims.size < MOST) claims.set(key, { ...said, events: 1 });
  }
  return [...claims.values()];
}

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
