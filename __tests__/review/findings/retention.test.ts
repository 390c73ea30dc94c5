import { RETENTION_RULES } from "../../../review/findings/retention";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, reversed, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

const group = (before: number, after: number, name = "/session-audit/acme/sessions"): Planned => ({
  type: "aws_cloudwatch_log_group",
  before: { name, retention_in_days: before },
  after: { name, retention_in_days: after },
});
const lifecycle = (before: Json[], after: Json[], bucket = "audit"): Planned => ({
  type: "aws_s3_bucket_lifecycle_configuration",
  before: { bucket, rule: before },
  after: { bucket, rule: after },
});
const expiring = (days: number, status = "Enabled") => ({ id: "a", status, expiration: [{ days }] });
const noncurrent = (days: number) => ({
  id: "a",
  status: "Enabled",
  noncurrent_version_expiration: [{ noncurrent_days: days }],
});
const lock = (before: Json, after: Json): Planned => {
  const values = (retention: Json): { [name: string]: Json } => ({
    bucket: "audit",
    object_lock_enabled: "Enabled",
    rule: retention === null ? [] : [{ default_retention: [retention] }],
  });
  return { type: "aws_s3_bucket_object_lock_configuration", before: values(before), after: values(after) };
};

testRules(RETENTION_RULES, [
  bothWays(
    "log-retention-shortened",
    "high",
    "The log group /session-audit/acme/sessions keeps logs for 90 days instead of 731 days",
    group(731, 90),
  ),
  bothWays(
    "log-retention-shortened",
    "high",
    "The log group /session-audit/acme/sessions keeps logs for 1 day instead of forever",
    group(0, 1),
  ),
  bothWays(
    "log-retention-shortened",
    "high",
    "The log group /session-audit/acme/sessions keeps logs for 365 days instead of forever",
    group(0, 365),
  ),
  bothWays(
    "expiration-shortened",
    "medium",
    "The bucket audit-access keeps objects for 365 days instead of forever",
    lifecycle([{ status: "Enabled", expiration: [] }], [expiring(365)], "audit-access"),
  ),
  bothWays(
    "log-retention-shortened",
    "low",
    "The log group /session-audit/acme/guard keeps logs for 7 days instead of 365 days",
    group(365, 7, "/session-audit/acme/guard"),
  ),
  bothWays(
    "expiration-shortened",
    "high",
    "The bucket audit keeps objects for 30 days instead of 2557 days",
    lifecycle([expiring(2557)], [expiring(30)]),
  ),
  bothWays(
    "expiration-shortened",
    "high",
    "The bucket audit keeps objects for 30 days instead of forever",
    lifecycle([], [expiring(30)]),
  ),
  bothWays(
    "expiration-shortened",
    "high",
    "The bucket audit keeps objects for 30 days instead of forever",
    lifecycle([expiring(30, "Disabled")], [expiring(30)]),
  ),
  bothWays(
    "expiration-shortened",
    "medium",
    "The bucket audit-access keeps objects for 30 days instead of 365 days",
    lifecycle([expiring(365)], [expiring(30)], "audit-access"),
  ),
  {
    rule: "expiration-shortened",
    severity: "high",
    title: "The bucket audit keeps objects for 30 days instead of forever",
    found: { ...lifecycle([], [expiring(30)]), before: null },
    not: {
      ...lifecycle([], [expiring(30)]),
      before: null,
      after: { rule: [expiring(30)] },
      unknown: { bucket: true },
    },
  },
  bothWays(
    "noncurrent-expiration-shortened",
    "high",
    "The bucket audit keeps overwritten and deleted versions for 1 day instead of 2557 days",
    lifecycle([noncurrent(2557)], [noncurrent(1)]),
  ),
  bothWays(
    "object-lock-shortened",
    "high",
    "The bucket audit locks new objects for 30 days instead of 365 days",
    lock({ days: 365, mode: "GOVERNANCE" }, { days: 30, mode: "GOVERNANCE" }),
  ),
  bothWays(
    "object-lock-shortened",
    "high",
    "The bucket audit locks new objects for 364 days instead of 365 days",
    lock({ years: 1, mode: "GOVERNANCE" }, { days: 364, mode: "GOVERNANCE" }),
  ),
  bothWays(
    "object-lock-shortened",
    "critical",
    "New objects in the bucket audit are not locked any more (until now: for 365 days)",
    lock({ days: 365, mode: "GOVERNANCE" }, null),
  ),
  bothWays(
    "object-lock-mode-weakened",
    "high",
    "The bucket audit locks new objects in governance mode instead of compliance mode",
    lock({ days: 365, mode: "COMPLIANCE" }, { days: 365, mode: "GOVERNANCE" }),
  ),
  bothWays("object-lock-off", "critical", "The Object Lock of the bucket audit is switched off", {
    type: "aws_s3_bucket_object_lock_configuration",
    before: { bucket: "audit", object_lock_enabled: "Enabled" },
    after: { bucket: "audit", object_lock_enabled: "" },
  }),
  bothWays(
    "queue-retention-shortened",
    "low",
    "The queue dead keeps messages for 60 seconds instead of 1209600",
    {
      type: "aws_sqs_queue",
      before: { name: "dead", message_retention_seconds: 1209600 },
      after: { name: "dead", message_retention_seconds: 60 },
    },
  ),
  bothWays("backups-off", "medium", "The table guard has no continuous backups any more", {
    type: "aws_dynamodb_table",
    before: { name: "guard", point_in_time_recovery: [{ enabled: true }] },
    after: { name: "guard", point_in_time_recovery: [{ enabled: false }] },
  }),
]);

it("compares the shortest of several lifecycle rules", () => {
  const longer = lifecycle([expiring(30), expiring(400)], [expiring(30), expiring(10_000)]);
  expect(findingsOf("expiration-shortened", longer)).toEqual([]);
  expect(findingsOf("expiration-shortened", reversed(longer))).toEqual([]);
});

it("does not take a rule that only moves objects, beside the one that expires them, for a longer or shorter retention", () => {
  const move = {
    id: "move",
    status: "Enabled",
    filter: [{ object_size_greater_than: 0 }],
    transition: [{ storage_class: "DEEP_ARCHIVE", days: 90 }],
    noncurrent_version_transition: [{ storage_class: "GLACIER", noncurrent_days: 30 }],
  };
  for (const rule of [expiring(365), noncurrent(365)]) {
    const apart = lifecycle([rule], [rule, move]);
    for (const id of ["expiration-shortened", "noncurrent-expiration-shortened"]) {
      expect(findingsOf(id, apart)).toEqual([]);
      expect(findingsOf(id, reversed(apart))).toEqual([]);
    }
  }
});

it("does not take a retention that is known only after the apply for a shorter one, but says so", () => {
  const unknown = { ...group(731, 90), after: { name: "/g" }, unknown: { retention_in_days: true } };
  expect(findingsOf("log-retention-shortened", unknown)).toMatchObject([
    {
      severity: "low",
      places: [
        {
          title:
            "retention_in_days of the log group /session-audit/acme/sessions becomes a value that is known after the apply",
        },
      ],
    },
  ]);
});

it("does not take a lock that is known only after the apply for none", () => {
  const unknown: Planned = {
    ...lock({ days: 365, mode: "GOVERNANCE" }, { mode: "GOVERNANCE" }),
    unknown: { rule: [{ default_retention: [{ days: true }] }] },
  };
  expect(findingsOf("object-lock-shortened", unknown)).toEqual([]);
});
