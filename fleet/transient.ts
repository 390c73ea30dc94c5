import { setTimeout as sleep } from "node:timers/promises";

/**
 * Errors of AWS and of the network that pass by themselves, as Terraform prints them. The AWS provider repeats a call
 * many times before it gives up, so what is left of them needs a longer pause.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html for the codes
 */
const TRANSIENT = new RegExp(
  [
    "Throttling",
    "ThrottledException",
    "TooManyRequests",
    "RequestLimitExceeded",
    "Rate ?exceeded",
    "SlowDown",
    "ServiceUnavailable",
    "InternalFailure",
    "InternalServerError",
    "RequestTimeout",
    "StatusCode: (?:429|50[0234])\\b",
    "i/o timeout",
    "connection reset by peer",
    "TLS handshake timeout",
    "unexpected EOF",
    "no such host",
  ].join("|"),
  "i",
);

/** Whether the output of a failed Terraform names an error that may be gone at the next attempt. */
export const isTransient = (output: string): boolean => TRANSIENT.test(output);

/** How work is tried again. */
export interface RetryOptions {
  /** Number of attempts, the first one included. */
  readonly attempts: number;
  /** Seconds before the second attempt. Each further pause is twice as long. */
  readonly pauseSeconds: number;
  readonly signal?: AbortSignal;
  /** Called before each pause. */
  readonly onRetry?: (error: Error, pauseSeconds: number) => void;
}

/**
 * Does work again that failed for a transient reason.
 * @param output the text in which an error is looked for
 * @returns the result, and the number of attempts
 * @throws the last error, or the reason of an aborted signal
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  output: (error: Error) => string,
  { attempts, pauseSeconds, signal, onRetry }: RetryOptions,
): Promise<{ readonly result: T; readonly attempts: number }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { result: await work(), attempts: attempt };
    } catch (error) {
      if (signal?.aborted || attempt >= attempts || !isTransient(output(error as Error))) {
        throw Object.assign(error as Error, { attempts: attempt });
      }
      // Half of the pause is random, so that stacks that were throttled together do not come back together.
      const pause = pauseSeconds * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      onRetry?.(error as Error, pause);
      await sleep(pause * 1000, undefined, { signal });
    }
  }
}
