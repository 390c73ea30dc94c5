import { UserError } from "../processes/user-error";

/**
 * The message of anything that was thrown. `fetch` throws "fetch failed" and puts the reason into the cause, which is
 * added here. The function looks at shapes and not at classes: jest runs a test in a realm of its own, in which an
 * error of Node.js is no instance of `Error`.
 */
export function reason(error: unknown): string {
  if (error instanceof UserError) return error.message;
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  if (message === undefined) return String(error);
  // Only the code is set when the connections over IPv4 and over IPv6 have both failed.
  const why = cause?.message || cause?.code;
  return why ? `${message} (${why})` : message;
}
