import { z } from "zod";
import { WITNESSES } from "../model";
import { MEANINGS, VERDICTS } from "../verdicts";

/** The schema of the lines of the JSON output. The types of `model.ts` say the same; a test compares both. */

const time = z.iso.datetime().describe("In UTC.");
const text = z.string();
const count = z.int().nonnegative();
const nullable = <T extends z.ZodType>(schema: T, meaning: string) => schema.nullable().describe(meaning);
const record = <K extends string, T extends z.ZodType>(keys: readonly K[], value: T) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, value])) as Record<K, T>);

const kind = z
  .enum(VERDICTS)
  .describe(VERDICTS.map((one) => `${one} (${MEANINGS[one].level}): ${MEANINGS[one].means}`).join("\n"));

const seen = z
  .enum(["yes", "no", "unread"])
  .describe("unread: the witness could not be read, or was not asked.");
const recordSeen = z
  .enum(["present", "empty", "absent", "unread", "none"])
  .describe("none: the map names no place for such a record.");

const transcript = z
  .strictObject({
    bucket: text,
    key: text,
    place: z.enum(["own", "archive", "existing", "replica"]),
    versionId: nullable(
      text,
      '"null", in quotes: written while the bucket had no versioning. null: S3 names no version.',
    ),
    versions: count.describe("The SSM Agent writes one."),
    deleted: z.boolean().describe("Whether a delete marker hides the object."),
    size: count.describe("In bytes."),
    etag: nullable(text, "With KMS encryption, it is no MD5 of the content."),
    checksum: nullable(text, "With its algorithm in front, like CRC64NVME:…"),
    time,
    firstTime: time,
    lockMode: z.enum(["GOVERNANCE", "COMPLIANCE"]).nullable(),
    retainUntil: time.nullable(),
    legalHold: z.boolean(),
    replicationStatus: text.nullable(),
    kmsKey: text.nullable(),
    detailsRead: z
      .boolean()
      .describe(
        "false: checksum, legal hold, replication and key are unknown; the report role reads the lock alone.",
      ),
  })
  .describe("An object in S3.");

const session = z
  .strictObject({
    type: z.literal("session"),
    id: text.describe("Session id. Equal ids in two accounts or regions are two sessions."),
    account: text.describe("Name of the account in the map."),
    accountId: text.describe("12 digits."),
    region: text,
    instance: nullable(text, "Id of the managed node."),
    instanceName: text.nullable(),
    platform: text.nullable(),
    owner: nullable(text, "ARN of the principal that started the session."),
    person: z
      .strictObject({
        name: text,
        role: text.nullable(),
        sessionName: nullable(text, "The caller chooses it, unless a policy sets it."),
        sourceIdentity: text.nullable(),
        identityCenterUser: text.nullable(),
      })
      .nullable(),
    start: time,
    end: nullable(time, "null: the session is open, or its end is unknown."),
    durationSeconds: count.nullable(),
    status: text.nullable(),
    document: nullable(text, "null: the preferences document."),
    documentParameters: z
      .record(z.string(), z.array(z.string()))
      .nullable()
      .describe("Where a tunnel leads."),
    accessType: text.nullable(),
    reason: text.nullable(),
    witnesses: z.strictObject({ history: seen, trail: seen, transcript: recordSeen, logStream: recordSeen }),
    trail: z
      .strictObject({
        eventId: text,
        time,
        sourceIp: text.nullable(),
        userAgent: text.nullable(),
        mfa: z.boolean().nullable(),
        issuer: text.nullable(),
      })
      .nullable()
      .describe("What CloudTrail recorded about the call of StartSession."),
    transcript: transcript.nullable(),
    replica: transcript.nullable(),
    logStream: z
      .strictObject({
        group: text,
        name: text,
        created: time.nullable(),
        firstEvent: time.nullable(),
        lastEvent: time.nullable(),
        lastIngestion: time.nullable(),
        bytes: count.nullable(),
        masked: z.boolean().describe("Whether a data protection policy masks parts of the text."),
        claims: nullable(
          z.array(
            z.strictObject({
              sessionId: text.nullable(),
              instance: text.nullable(),
              owner: text.nullable(),
              events: count,
            }),
          ),
          "Whose events they are, as they say themselves. null: no option opened the log stream.",
        ),
      })
      .nullable(),
    verdict: z.strictObject({ kind, words: z.array(text).describe("Whole sentences about this session.") }),
  })
  .describe("One session, or one record that belongs to no session.");

const coverage = z
  .strictObject({
    type: z.literal("coverage"),
    account: text,
    accountId: text,
    region: text,
    covered: z.boolean().describe("false: a witness could not be read to its end. The exit code is then 4."),
    witnesses: record(
      WITNESSES,
      z.strictObject({
        status: z.enum(["covered", "not-covered", "left-out", "none"]),
        reason: nullable(text, "In AWS's own words where AWS refused."),
      }),
    ),
    rows: count,
  })
  .describe("How far the report could read one target.");

const numbers = { sessions: count, alarms: count, warnings: count, seconds: count };
const tally = z.strictObject({ key: text, ...numbers });
const ranking = z.strictObject({
  top: z.array(tally),
  others: z.strictObject(numbers).nullable().describe("The sum of the lines that top leaves out."),
  left: count,
});

const summary = z
  .strictObject({
    type: z.literal("summary"),
    aggregates: z.strictObject({
      rows: count,
      byVerdict: record(VERDICTS, count),
      outOfHours: count,
      perDay: z.array(tally),
      heatMap: z.array(z.array(count).length(24)).length(7).describe("[weekday, Monday first][hour]"),
      durations: z.array(z.strictObject({ label: text, below: count.nullable(), count })),
      people: ranking,
      targets: ranking,
      instances: ranking,
    }),
    targets: count,
    coveredTargets: count,
    mapWarnings: z
      .array(text)
      .describe("What is doubtful about the map that the report follows, in sentences."),
    exitCode: z.int(),
  })
  .describe("The last line. Output without it is not complete.");

const header = z
  .strictObject({
    type: z.literal("report"),
    version: z.literal(1),
    organization: text,
    generatedAt: time,
    period: z.strictObject({ since: time, until: time }),
    timeZone: text.describe("IANA name."),
    workingHours: z.strictObject({
      weekdays: z.array(z.int().min(1).max(7)),
      from: count.max(23),
      to: count.max(24),
    }),
    filters: z.record(z.string(), z.string()),
  })
  .describe("The first line.");

/** One line of the JSON output. */
export const reportLineSchema = z.discriminatedUnion("type", [header, coverage, session, summary]);
