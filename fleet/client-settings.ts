/** Attempts for each call. The pauses between the last of them are 20 s long. */
const ATTEMPTS = "10";

/**
 * Attempts for each call of a command: `AWS_MAX_ATTEMPTS`, or ten.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export const attemptsIn = (env: NodeJS.ProcessEnv): number => Number(env["AWS_MAX_ATTEMPTS"] ?? ATTEMPTS);

/**
 * Whether S3 is called by paths. Variables name an endpoint such as the embedded AWS: an IP address, below which there are no names
 * of buckets. Terraform's S3 backend also uses paths there.
 */
export const wantsPathStyle = (env: NodeJS.ProcessEnv): boolean =>
  env["AWS_ENDPOINT_URL"] !== undefined || env["AWS_ENDPOINT_URL_S3"] !== undefined;
