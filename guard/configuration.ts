/** What the guard of one account and region is told when it is deployed. */
export interface GuardConfiguration {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** The security channel's topic. */
  readonly topicArn: string;
  /** Its topic for chat, which takes messages of another format; null: there is none. */
  readonly chatTopicArn: string | null;
  /** Name of the table in which the guard keeps what it has told. */
  readonly table: string;
  /** Name of the document that records. A session that names no document uses it. */
  readonly preferences: string;
  /** Names of other documents whose sessions may run; null: the guard ends no session. */
  readonly allowedDocuments: readonly string[] | null;
  /** null: the guard looks for no transcripts. */
  readonly transcripts: TranscriptCheck | null;
  /** The console's page of sessions, for people who read a report. */
  readonly console: string;
}

/** Where each session leaves its record, and how the guard looks for it. */
export interface TranscriptCheck {
  /** Minutes after a session's end in which its record may still arrive. */
  readonly gracePeriodMinutes: number;
  /** No session is longer; null: there is no maximum. */
  readonly maximumDurationMinutes: number | null;
  /** null: no transcripts in S3. */
  readonly bucket: {
    readonly name: string;
    /** Without slashes at its ends. */
    readonly prefix: string;
    /** Days until a transcript expires; null: never. */
    readonly keptDays: number | null;
  } | null;
  /** null: no session logs in CloudWatch Logs. */
  readonly logGroup: { readonly name: string; readonly keptDays: number | null } | null;
}

/** The environment variable that holds the configuration, as JSON. There is nothing secret in it. */
export const CONFIGURATION_VARIABLE = "GUARD";

/** @throws Error when the function was deployed without its configuration */
export function readConfiguration(env: NodeJS.ProcessEnv): GuardConfiguration {
  const text = env[CONFIGURATION_VARIABLE];
  if (text === undefined) throw new Error(`the environment variable ${CONFIGURATION_VARIABLE} is not set`);
  return JSON.parse(text) as GuardConfiguration;
}
