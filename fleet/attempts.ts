/** Attempts for each call. The pauses between the last of them are 20 s long. */
const ATTEMPTS = "10";

/**
 * Attempts for each call of a command: `AWS_MAX_ATTEMPTS`, or ten.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export const attemptsIn = (env: NodeJS.ProcessEnv): number => Number(env["AWS_MAX_ATTEMPTS"] ?? ATTEMPTS);
