/**
 * Configuration of the guard of one account and region. Terraform writes it into an environment variable of the
 * function; it holds names, ARNs and numbers, and no secret.
 */
export interface GuardConfiguration {
  /** The AWS partition, such as `aws`. */
  readonly partition: string;
  /** The account id, 12 digits. */
  readonly account: string;
  /** The region's code, such as `eu-central-1`. */
  readonly region: string;
  /** ARN of the SNS topic of the security channel, or null if the channel has none. */
  readonly topicArn: string | null;
  /** ARN of the SNS topic that feeds the security channel's chat, or null if the channel has no chat. */
  readonly chatTopicArn: string | null;
  /**
   * ARNs of the topic that has the findings of all accounts and of its topic for chat, each null if there is none.
   * @default the map has no such topics
   */
  readonly central?: { readonly topicArn: string | null; readonly chatTopicArn: string | null };
  /** Name of the DynamoDB table that holds the report book. */
  readonly table: string;
  /** Name of the preferences document. A session that was started without naming a document uses it. */
  readonly preferences: string;
  /** Names of the other documents with which sessions may run, or null if the guard ends no sessions. */
  readonly allowedDocuments: readonly string[] | null;
  /** Where the records of sessions must be, or null if the guard does not look for records. */
  readonly transcripts: TranscriptCheck | null;
  /** URL of the list of sessions in the AWS console, for people who read a report. */
  readonly console: string;
}

/** Where the records of each session must be, and until when. */
export interface TranscriptCheck {
  /** Minutes after a session's end during which its records may still arrive. */
  readonly gracePeriodMinutes: number;
  /** Maximum duration of a session in minutes, or null if the preferences set none. */
  readonly maximumDurationMinutes: number | null;
  /** The bucket of the transcripts, or null if the preferences name no bucket. */
  readonly bucket: {
    readonly name: string;
    /** Key prefix of this account and region, without a slash at either end. */
    readonly prefix: string;
    /** Days after which a transcript expires, or null if it never does. */
    readonly keptDays: number | null;
  } | null;
  /** The log group of session streams with its retention in days, or null if the preferences name no log group. */
  readonly logGroup: { readonly name: string; readonly keptDays: number | null } | null;
}

/** Name of the environment variable that holds a {@link GuardConfiguration} as JSON. */
export const CONFIGURATION_VARIABLE = "GUARD";

/**
 * The configuration as the environment variable holds it. The account id has another name there: checkov takes an id that
 * follows the word `account` for a secret (CKV_AWS_45).
 */
export const inEnvironment = ({ account, ...rest }: GuardConfiguration) => ({
  accountNumber: account,
  ...rest,
});

/**
 * Reads the configuration from the function's environment.
 * @throws Error if the variable is not set. SyntaxError if its value is not JSON.
 */
export function readConfiguration(env: NodeJS.ProcessEnv): GuardConfiguration {
  const text = env[CONFIGURATION_VARIABLE];
  if (text === undefined) throw new Error(`the environment variable ${CONFIGURATION_VARIABLE} is not set`);
  const { accountNumber: account, ...rest } = JSON.parse(text) as ReturnType<typeof inEnvironment>;
  return { account, ...rest };
}
