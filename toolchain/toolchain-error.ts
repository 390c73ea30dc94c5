/**
 * A tool that the demo or the tests need is missing and could not be provided. The message is for the person at
 * the keyboard: what is missing, what was looked at, how to get it. Print it without a stack trace.
 */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
}

/**
 * The message of anything thrown, with the cause that `fetch` hides one level down. Looks at shapes, not classes:
 * an error of Node's own is no `Error` of the realm that jest runs a test in.
 */
export function reason(error: unknown): string {
  if (error instanceof ToolchainError) return error.message; // says it all
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  if (message === undefined) return String(error);
  const why = cause?.message || cause?.code; // when both IPv4 and IPv6 fail, only the code is set
  return why ? `${message} (${why})` : message;
}
