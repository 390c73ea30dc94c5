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
/** A rule that ends objects below a prefix after a day. */
const below = (prefix: string) => ({ ...expiring(1), id: "b", filter: [{ prefix }] });
/** A rule that ends objects with all of these tags after a day. */
const tagged = (tags: { readonly [key: string]: Json }) => ({
  ...expiring(1),
  filter: [{ and: [{ tags }] }],
});
const ending = (date: string) => ({ id: "a", status: "Enabled", expiration: [{ days: 0, date }] });
const noncurrent = (days: number, versions: number | null = null) => ({
  id: "a",
  status: "Enabled",
  noncurrent_version_expiration: [{ noncurrent_days: days, newer_noncurrent_versions: versions }],
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
    "expiration-shortened",
    "high",
    "The bucket audit keeps objects for 1 day instead of 400 days",
    lifecycle([expiring(400), below("tmp/")], [expiring(400), below("")]),
  ),
  bothWays(
    "expiration-shortened",
    "high",
    "The bucket audit keeps objects for 30 days instead of 400 days",
    // A rule for other objects, which ends them sooner, changes nothing for these.
    lifecycle([expiring(400), below("tmp/")], [expiring(30), below("tmp/")]),
  ),
  bothWays(
    "expiration-shortened",
    "high",
    "The bucket audit keeps objects for 1 day instead of forever",
    lifecycle([tagged({ team: "a", old: "yes" })], [tagged({ team: "a" })]),
  ),
  bothWays(
    "expiration-shortened",
    "high",
    "The bucket audit keeps objects until 2026-12-01 instead of 400 days",
    lifecycle([expiring(400)], [ending("2026-12-01T00:00:00Z")]),
  ),
  bothWays(
    "expiration-shortened",
    "high",
    "The bucket audit keeps objects until 2026-12-01 instead of until 2030-01-01",
    lifecycle([ending("2030-01-01T00:00:00Z")], [ending("2026-12-01T00:00:00Z")]),
  ),
  bothWays(
    "noncurrent-expiration-shortened",
    "high",
    "The bucket audit keeps overwritten and deleted versions for 30 days instead of 30 days and the newest 5 for longer",
    lifecycle([noncurrent(30, 5)], [noncurrent(30)]),
  ),
  {
    rule: "expiration-untold",
    severity: "medium",
    title: "Nobody can tell from the plan how long the bucket audit keeps objects",
    found: {
      ...lifecycle([expiring(400)], [{ id: "a", status: "Enabled", expiration: [{}] }]),
      unknown: { rule: [{ expiration: [{ days: true }] }] },
    },
    // The id of a rule says nothing of what it deletes.
    not: {
      ...lifecycle([expiring(400)], [{ status: "Enabled", expiration: [{ days: 400 }] }]),
      unknown: { rule: [{ id: true }] },
    },
  },
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

it.each<[string, Json, Json, number]>([
  ["a part of what a rule covered before", below(""), below("tmp/"), 0],
  ["other objects", below("tmp/"), below("sessions/"), 1],
  [
    "the same objects, with the prefix in another place",
    below("tmp/"),
    { ...expiring(1), prefix: "tmp/" },
    0,
  ],
  ["larger objects only", below(""), { ...expiring(1), filter: [{ object_size_greater_than: 5 }] }, 0],
  ["objects of every size", { ...expiring(1), filter: [{ object_size_greater_than: 5 }] }, below(""), 1],
  ["objects with one tag", below(""), { ...expiring(1), filter: [{ tag: [{ key: "a", value: "b" }] }] }, 0],
  [
    "objects without that tag",
    { ...expiring(1), filter: [{ tag: [{ key: "a", value: "b" }] }] },
    below(""),
    1,
  ],
])("judges a rule that now covers %s", (_, before, after, count) => {
  const found = findingsOf(
    "expiration-shortened",
    lifecycle([expiring(400), before], [expiring(400), after]),
  );
  expect(found).toHaveLength(count);
});

it("says which objects a rule with a filter concerns", () => {
  const [finding] = findingsOf("expiration-shortened", lifecycle([], [below("sessions/")]));
  expect(finding!.detail).toMatch(/It concerns objects with prefix sessions\/\.$/);
});

it("has one finding for a rule that ends what another one ends as well", () => {
  const both = lifecycle([], [expiring(30), below("tmp/"), below("tmp/a/"), below("tmp/")]);
  const titles = findingsOf("expiration-shortened", both).map(({ title }) => title);
  expect(titles).toEqual([
    "The bucket audit keeps objects for 30 days instead of forever",
    "The bucket audit keeps objects for 1 day instead of forever",
  ]);
});

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
