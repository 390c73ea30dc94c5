import { readEvent, type StartedSession } from "../../guard/start-event";
import { CONFIGURATION } from "./configuration";

/** The session of an event that reports one. @throws for every other event */
export function sessionOf(event: unknown): StartedSession {
  const invocation = readEvent(event, CONFIGURATION);
  if (invocation.kind !== "session")
    throw new Error(`the event has no session: ${JSON.stringify(invocation)}`);
  return invocation.session;
}
