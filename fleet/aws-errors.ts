/**
 * Errors that come from the network and from credentials, which have no answer of AWS. Files have codes such as ENOENT,
 * which say nothing about AWS.
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#common-system-errors
 */
const NETWORK: ReadonlySet<unknown> = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "EPROTO",
  "ETIMEDOUT",
  "ESOCKETTIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "TimeoutError",
  "CredentialsProviderError",
  "TokenProviderError",
  "NoTrailFiles",
]);

/** Whether an error comes from AWS, from the way there, or from the credentials. Every other one is a bug. */
export function isFromAws(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return "$metadata" in error || NETWORK.has(error.name) || NETWORK.has(code);
}

/** An error in AWS's own words. The answer to a HEAD request has none. */
export function wordsOf(error: Error): string {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  const message =
    error.message && error.message !== error.name ? `${error.name}: ${error.message}` : error.name;
  return status === undefined || /[a-z]/.test(error.name) ? message : `${message} (HTTP ${status})`;
}

/** What a look at AWS has found, or why nobody could look. */
export type Look<T> =
  { readonly looked: true; readonly value: T } | { readonly looked: false; readonly reason: string };

/**
 * Looks at something in AWS. What AWS refuses or throttles is a result, in AWS's own words; every other error, and an
 * interruption, is thrown.
 * @example const trails = await look(() => cloudtrail.send(new DescribeTrailsCommand({})), signal);
 */
export async function look<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<Look<T>> {
  try {
    return { looked: true, value: await read() };
  } catch (error) {
    signal?.throwIfAborted();
    if (!isFromAws(error)) throw error;
    return { looked: false, reason: wordsOf(error) };
  }
}
