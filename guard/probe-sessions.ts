/** Beginning of the ids of sessions that never were: `session-audit doctor --probe` writes their records. */
export const PROBE_PREFIX = "session-audit-probe-";

/**
 * Whether the id of a session, the name of a log stream, or the last part of a transcript's key without `.log` is that of a
 * probe: the prefix, and 26 hexadecimal digits.
 * @example isProbe("session-audit-probe-0123456789abcdef0123456789") // true
 */
export const isProbe = (sessionId: string): boolean =>
  sessionId.startsWith(PROBE_PREFIX) && /^[0-9a-f]{26}$/.test(sessionId.slice(PROBE_PREFIX.length));

/** What the record of a probe says: who reads it knows that nobody typed this. */
export const PROBE_LINE = "This is a probe of session-audit doctor, and no session.";
