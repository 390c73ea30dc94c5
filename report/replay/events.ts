/** An event of a log stream, as CloudWatch Logs returns it. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** What a session wrote, and when. */
export interface Written {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

/**
 * What a session wrote, in the order of time. Where `cloudWatchStreamingEnabled` is on, the SSM Agent sends each second
 * what it read, as JSON with a time of its own; else it uploads the text at the end of the session, without any times.
 * @see https://github.com/aws/amazon-ssm-agent/tree/mainline/agent/session/logging
 */
export function writtenBy(events: readonly LogEvent[]): Written[] {
  const written = events.map(
    ({ timestamp, message }) => streamed(message, timestamp) ?? { time: timestamp, text: ended(message) },
  );
  return written
    .map((one, index) => ({ one, index }))
    .sort((a, b) => a.one.time - b.one.time || a.index - b.index)
    .map(({ one }) => one);
}

/** A message of the agent's stream, with its lines; null: the message is plain text. */
export function streamEvent(
  message: string,
): (Readonly<Record<string, unknown>> & { readonly sessionData: readonly string[] }) | null {
  if (!message.startsWith("{")) return null;
  const { eventVersion, sessionData, ...others } = parsed(message);
  if (typeof eventVersion !== "string" || !Array.isArray(sessionData)) return null;
  if (!sessionData.every((line): line is string => typeof line === "string")) return null;
  return { ...others, sessionData };
}

function streamed(message: string, timestamp: number): Written | null {
  const event = streamEvent(message);
  if (event === null) return null;
  const { eventTime, sessionData } = event;
  const time = typeof eventTime === "string" ? Date.parse(eventTime) : NaN;
  return { time: Number.isNaN(time) ? timestamp : time, text: sessionData.map(ended).join("") };
}

function parsed(message: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(message) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const ended = (text: string): string => (/[\r\n]$/.test(text) ? text : `${text}\n`);
