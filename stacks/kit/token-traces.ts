/**
 * Runs something without the stack trace that cdktf keeps of every token it makes, of unlimited depth, for an
 * error message that names where the token came from. It is half of the time of a synth, and the tokens are few
 * and known here. Errors keep their traces: those are not made by `Error.captureStackTrace`.
 */
export function withoutTokenTraces<T>(run: () => T): T {
  const capture = Error.captureStackTrace;
  Error.captureStackTrace = () => undefined;
  try {
    return run();
  } finally {
    Error.captureStackTrace = capture;
  }
}
