/**
 * What a report consists of. `verdict.ts` makes one {@link SessionRow} for each session, `aggregate.ts` counts the rows
 * as they pass, and `report.schema.json` publishes the shape of the JSON output, whose lines are {@link ReportLine}s.
 * Every text that came from AWS may hold anything that an attacker chose: escape it where it is shown.
 */
import type { VerdictKind } from "./verdicts";

/** A time in ISO 8601 and UTC, like `2026-11-26T18:52:04.000Z`. */
export type Time = string;

/** What a witness says about a session. `unread`: the witness could not be read, or was not asked. */
export type Seen = "yes" | "no" | "unread";

/**
 * The state of a record. `none`: the map names no place for such a record. `empty`: an object of 0 bytes, or a log stream
 * without an event.
 */
export type RecordSeen = "present" | "empty" | "absent" | "unread" | "none";

/** Who started a session. */
export interface Person {
  /**
   * Name by which the report groups and shows people: the source identity, else the name of the role session, else the
   * name of the IAM user, else the ARN.
   */
  readonly name: string;
  /** Name of the role, or null for an IAM user, the root user and a federated user. */
  readonly role: string | null;
  /** Name of the role session. The caller chooses it, unless a policy sets it. */
  readonly sessionName: string | null;
  /** Source identity of the role session, which cannot be changed by chaining roles. */
  readonly sourceIdentity: string | null;
  /** Id of the user of IAM Identity Center. */
  readonly identityCenterUser: string | null;
}

/** What CloudTrail recorded about the call of `StartSession`. */
export interface TrailEvent {
  readonly eventId: string;
  readonly time: Time;
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  /** null: the event does not say. */
  readonly mfa: boolean | null;
  /** ARN of the role or user that issued the credentials. */
  readonly issuer: string | null;
}

/** The transcript of a session: an object in S3. */
export interface Transcript {
  readonly bucket: string;
  readonly key: string;
  /** What the bucket is to the target: its own, the archive's, one that existed before, or a replica. */
  readonly place: "own" | "archive" | "existing" | "replica";
  /**
   * `"null"`, which S3 takes for the id of a version too, if the object was written while the bucket had no versioning.
   * null: S3 names no version.
   */
  readonly versionId: string | null;
  /** Number of versions under the key, delete markers not counted. The SSM Agent writes one. */
  readonly versions: number;
  /** Whether a delete marker hides the object. */
  readonly deleted: boolean;
  /** In bytes. */
  readonly size: number;
  /** ETag without its quotes. With KMS encryption it is no MD5 of the content. */
  readonly etag: string | null;
  /** Checksum with its algorithm in front, like `CRC64NVME:…`; null: S3 keeps none, or the role may not read it. */
  readonly checksum: string | null;
  /** When S3 stored the object, by its own clock. */
  readonly time: Time;
  /** When S3 stored the first version that it still has. */
  readonly firstTime: Time;
  /**
   * null: the object has no lock, or the report has not asked, as `Coverage.witnesses.objectDetails` says. The report role
   * reads the lock although {@link detailsRead} is false.
   */
  readonly lockMode: "GOVERNANCE" | "COMPLIANCE" | null;
  readonly retainUntil: Time | null;
  readonly legalHold: boolean;
  /** `PENDING`, `COMPLETED`, `FAILED` or `REPLICA`; null: the object is not replicated. */
  readonly replicationStatus: string | null;
  /** ARN of the KMS key; null: another encryption. */
  readonly kmsKey: string | null;
  /** false: checksum, legal hold, replication and key are unknown, because AWS refused `HeadObject` or it was not asked. */
  readonly detailsRead: boolean;
}

/**
 * Whose events some events of a log stream are, as they say themselves. The agent of the session writes it into each event
 * that it streams; text that is uploaded at the end of a session says nothing, and all values are null.
 */
export interface StreamClaim {
  readonly sessionId: string | null;
  /** Id of the managed node. */
  readonly instance: string | null;
  /** ARN of the principal that started the session. */
  readonly owner: string | null;
  /** Number of events that say the same. */
  readonly events: number;
}

/** The log stream of a session in CloudWatch Logs. */
export interface LogStream {
  readonly group: string;
  readonly name: string;
  readonly created: Time | null;
  readonly firstEvent: Time | null;
  readonly lastEvent: Time | null;
  /** When CloudWatch Logs last received an event, by its own clock. */
  readonly lastIngestion: Time | null;
  /** In bytes. CloudWatch Logs does not maintain it and answers 0 for most streams: null then. */
  readonly bytes: number | null;
  /** Whether a data protection policy masks parts of the text. */
  readonly masked: boolean;
  /** null: the events were not read. Only the options that open the log stream of one session read them. */
  readonly claims: readonly StreamClaim[] | null;
}

/** What the report finds about a session. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** Whole sentences about this session: what was found, and what follows from it. */
  readonly words: readonly string[];
}

/**
 * One session, or one record that belongs to no session. Verdicts `record-only`, `history-expired` and `probe` have no
 * owner, no person and no status; `trail-only` has no status.
 */
export interface SessionRow {
  readonly type: "session";
  /** Session id. Equal ids in two accounts or regions are two sessions. */
  readonly id: string;
  /** Name of the account in the map. */
  readonly account: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** Id of the managed node, like `i-0123456789abcdef0`. Nodes that are no EC2 instances have other ids. null: unknown. */
  readonly instance: string | null;
  /** Computer name of the node; null: unknown. */
  readonly instanceName: string | null;
  /** `Linux`, `Windows` or `MacOS`; null: unknown. */
  readonly platform: string | null;
  /** ARN of the principal that started the session. */
  readonly owner: string | null;
  readonly person: Person | null;
  /** The start of the session. Of a record without a session, the time at which the record was written. */
  readonly start: Time;
  /** null: the session is open, or its end is unknown. */
  readonly end: Time | null;
  readonly durationSeconds: number | null;
  /** Status in the session history, like `Terminated`. */
  readonly status: string | null;
  /** Name or ARN of the document; null: the preferences document. */
  readonly document: string | null;
  /** Where a tunnel leads, and what else the call gave to the document: each parameter is a list of texts. */
  readonly documentParameters: Readonly<Record<string, readonly string[]>> | null;
  /** `Standard` or `JustInTime`; null: unknown. */
  readonly accessType: string | null;
  /** The reason that the person gave. */
  readonly reason: string | null;
  /** What each witness says. */
  readonly witnesses: {
    readonly history: Seen;
    readonly trail: Seen;
    readonly transcript: RecordSeen;
    readonly logStream: RecordSeen;
  };
  readonly trail: TrailEvent | null;
  readonly transcript: Transcript | null;
  /** The copy in the replica of the bucket. */
  readonly replica: Transcript | null;
  readonly logStream: LogStream | null;
  readonly verdict: Verdict;
}

/**
 * What the report asks about each target. `preferences` says since when the map's places have been in force,
 * `objectDetails` are checksums, locks and replication of transcripts, and `instances` gives names and platforms.
 */
export const WITNESSES = [
  "history",
  "trail",
  "transcripts",
  "replica",
  "logStreams",
  "preferences",
  "objectDetails",
  "instances",
] as const;
export type Witness = (typeof WITNESSES)[number];

/**
 * How far the report could read a witness. `covered`: to the end. `not-covered`: AWS refused or throttled. `left-out`: an
 * option of the command left it out. `none`: the map has no such thing.
 */
export interface WitnessCoverage {
  readonly status: "covered" | "not-covered" | "left-out" | "none";
  /** Why, in AWS's own words where AWS refused; null: `covered`. */
  readonly reason: string | null;
}

/** How far the report could read one target. */
export interface Coverage {
  readonly type: "coverage";
  /** Name of the account in the map. */
  readonly account: string;
  readonly accountId: string;
  readonly region: string;
  /** false: a witness of records or of sessions could not be read to the end. The exit code is 4. */
  readonly covered: boolean;
  readonly witnesses: Readonly<Record<Witness, WitnessCoverage>>;
  /** Rows that the report has of the target. */
  readonly rows: number;
}

/** One line of a table of numbers. */
export interface Tally {
  /** A day, a person, an account and region, or an instance. */
  readonly key: string;
  readonly sessions: number;
  /** Rows whose verdict is an alarm. */
  readonly alarms: number;
  /** Rows whose verdict is a warning or a gap. */
  readonly warnings: number;
  /** Sum of the durations of sessions that have ended. */
  readonly seconds: number;
}

/** A table of numbers with the greatest lines; `others` sums up the lines that it leaves out. */
export interface Ranking {
  /** Lines with alarms first, then by number of sessions. */
  readonly top: readonly Tally[];
  /** null: `top` has every line. */
  readonly others: Omit<Tally, "key"> | null;
  /** Number of lines that `others` sums up. An approximation if there were more lines than the report keeps. */
  readonly left: number;
}

/** Numbers over every row, whatever number of rows the report shows. */
export interface Aggregates {
  readonly rows: number;
  readonly byVerdict: Readonly<Record<VerdictKind, number>>;
  /** Sessions that started outside the working hours. */
  readonly outOfHours: number;
  /** In order, without gaps: days without a session have 0. The key is a date in the report's time zone. */
  readonly perDay: readonly Tally[];
  /** Sessions that started in each hour of the week, in the report's time zone: [weekday, Monday first][hour]. */
  readonly heatMap: readonly (readonly number[])[];
  /** Lengths of sessions that have ended. `below` is in seconds; null: no upper limit. */
  readonly durations: readonly {
    readonly label: string;
    readonly below: number | null;
    readonly count: number;
  }[];
  readonly people: Ranking;
  /** The key is `<account name> <region>`. */
  readonly targets: Ranking;
  /** The key is `<instance id> <account name> <region>`. */
  readonly instances: Ranking;
}

/** Hours in which people work. A session that starts at another time is out of hours. */
export interface WorkingHours {
  /** Monday is 1, Sunday is 7. */
  readonly weekdays: readonly number[];
  /** First hour of the day, 0 to 23. */
  readonly from: number;
  /** Hour in which work is over, 1 to 24. */
  readonly to: number;
}

/** What a report is about. */
export interface ReportHeader {
  readonly type: "report";
  readonly version: 1;
  /** Name of the organization in the map. */
  readonly organization: string;
  readonly generatedAt: Time;
  /** Sessions that started from `since` until before `until`. */
  readonly period: { readonly since: Time; readonly until: Time };
  /** IANA name, like `Europe/Berlin`. */
  readonly timeZone: string;
  readonly workingHours: WorkingHours;
  /** What targets and sessions were chosen by, like `{ account: "payments", owner: "arn:…" }`. Empty: nothing was left out. */
  readonly filters: Readonly<Record<string, string>>;
}

/** The last line of the JSON output. */
export interface ReportSummary {
  readonly type: "summary";
  readonly aggregates: Aggregates;
  /** Number of selected targets, and of those whose witnesses could all be read. */
  readonly targets: number;
  readonly coveredTargets: number;
  /** What is doubtful about the map, in whole sentences, the accepted warnings with their reasons: docs/warnings.md. */
  readonly mapWarnings: readonly string[];
  readonly exitCode: number;
}

/** A line of the JSON output (NDJSON): the header, then coverage and sessions as they come, then the summary. */
export type ReportLine = ReportHeader | Coverage | SessionRow | ReportSummary;

/** A whole report, as a page shows it: all numbers, and a limited number of rows. */
export interface Report {
  readonly header: ReportHeader;
  /** Targets that are not covered first. */
  readonly coverage: readonly Coverage[];
  readonly summary: ReportSummary;
  /** The worst rows and the newest rows, each row once: the worst first. */
  readonly rows: readonly SessionRow[];
  /** Rows that `rows` leaves out. */
  readonly omitted: number;
}
