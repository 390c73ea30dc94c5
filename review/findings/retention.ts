import { numberOf } from "../numbers";
import { at, type Values } from "../values";
import { days, LIFECYCLE_RULES, span } from "./lifecycle";
import { called, CHANGING, nameOf, type Found, type Rule } from "./rule";
import { lowered, removed, weakening, type Plain } from "./weakening";

/** Rules about how long records are kept, and what protects them until then. */

/**
 * The provider's 0 means that CloudWatch Logs keeps events forever.
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_log_group
 */
const keptDays = (value: Plain): number => numberOf(value) || Number.POSITIVE_INFINITY;

const LOGS: readonly Rule[] = [
  weakening({
    id: "log-retention-shortened",
    type: "aws_cloudwatch_log_group",
    path: ["retention_in_days"],
    isWeaker: (before, after) => keptDays(after) < keptDays(before),
    severity: (_before, _after, subject) => (nameOf(subject).endsWith("/guard") ? "low" : "high"),
    title: ({ object, before, after }) =>
      `The ${object} keeps logs ${days(keptDays(Number(after)))} instead of ${span(keptDays(Number(before)))}`,
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
    detail: "CloudWatch Logs deletes what is older, within about 72 hours, and it cannot be restored.",
    remedy: "Export what must be kept first, or keep logs.retentionDays.",
  }),
];

const LOCK = "aws_s3_bucket_object_lock_configuration";
const RETENTION = ["rule", 0, "default_retention", 0] as const;
const YEAR = 365;

/** Days of the default retention of Object Lock; null: there is none, or nobody can tell. */
const lockedDays = (values: Values | null): number | null => {
  const days = numberOf(at(values ?? undefined, [...RETENTION, "days"]) as Plain);
  const years = numberOf(at(values ?? undefined, [...RETENTION, "years"]) as Plain);
  return days ?? (years === null ? null : years * YEAR);
};

const OBJECT_LOCK: readonly Rule[] = [
  {
    id: "object-lock-shortened",
    types: [LOCK],
    kinds: CHANGING,
    find: (subject): Found | undefined => {
      const [before, after] = [lockedDays(subject.before), lockedDays(subject.after)];
      if (before === null || (after !== null && after >= before)) return undefined;
      const isUntold = typeof at(subject.after ?? undefined, [...RETENTION, "days"]) === "symbol";
      if (after === null && isUntold) return undefined;
      return {
        severity: after === null ? "critical" : "high",
        title:
          after === null
            ? `New objects in the bucket ${nameOf(subject)} are not locked any more (until now: ${days(before)})`
            : `The bucket ${nameOf(subject)} locks new objects ${days(after)} instead of ${span(before)}`,
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
        detail:
          "Objects that are in the bucket keep the lock that they have. New ones can be deleted or overwritten earlier.",
        remedy: "Keep transcripts.objectLock in the map.",
      };
    },
  },
  weakening({
    id: "object-lock-mode-weakened",
    type: LOCK,
    path: [...RETENTION, "mode"],
    isWeaker: (before, after) => before === "COMPLIANCE" && after === "GOVERNANCE",
    severity: "high",
    title: ({ name }) => `The bucket ${name} locks new objects in governance mode instead of compliance mode`,
    detail: "Whoever has s3:BypassGovernanceRetention may delete them before their lock ends.",
    remedy: "Keep transcripts.objectLock.mode: compliance in the map.",
  }),
  weakening({
    id: "object-lock-off",
    type: LOCK,
    path: ["object_lock_enabled"],
    isWeaker: removed,
    severity: "critical",
    title: ({ object }) => `The ${object} is switched off`,
    detail: "New objects can be deleted and overwritten at any time.",
    remedy: "Keep transcripts.objectLock in the map.",
  }),
];

const OTHER: readonly Rule[] = [
  weakening({
    id: "queue-retention-shortened",
    type: "aws_sqs_queue",
    path: ["message_retention_seconds"],
    isWeaker: lowered,
    severity: "low",
    title: ({ object, before, after }) =>
      `The ${object} keeps messages for ${after} seconds instead of ${before}`,
    detail: "SQS deletes undelivered notifications that are older.",
    remedy: "Read the queue before they end.",
  }),
  {
    id: "backups-off",
    types: ["aws_dynamodb_table"],
    kinds: CHANGING,
    find: (subject) => {
      const on = (values: Values | null) => at(values ?? undefined, ["point_in_time_recovery", 0, "enabled"]);
      if (on(subject.before) !== true || on(subject.after) !== false) return undefined;
      return {
        severity: "medium",
        title: `The ${called(subject)} has no continuous backups any more`,
        detail: "What is deleted from the table cannot be restored.",
        remedy: "Keep point-in-time recovery.",
      };
    },
  },
];

export const RETENTION_RULES: readonly Rule[] = [...LOGS, ...LIFECYCLE_RULES, ...OBJECT_LOCK, ...OTHER];
