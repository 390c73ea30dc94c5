import { reviewOf } from "../../../review/review";
import { recorded } from "../../fixtures/plans/trim";
import { driftOf, ORIGIN, planOf, stackOf, type Planned } from "../../helpers/plans";

const group = (before: number, after: number): Planned => ({
  type: "aws_cloudwatch_log_group",
  before: { name: "/sessions", retention_in_days: before },
  after: { name: "/sessions", retention_in_days: after },
});
const reverted = (changes: readonly Planned[], drift: readonly Planned[]) =>
  reviewOf([stackOf(planOf(changes, { resource_drift: drift.map(driftOf) }))], ORIGIN)
    .findings.filter(({ rule }) => rule === "reverts")
    .map(({ places }) => places[0]!.title);

it("says what a change takes back that somebody did by hand", () => {
  expect(reverted([group(7, 365)], [group(365, 7)])).toEqual([
    "Somebody has set retention_in_days of the log group /sessions from 365 to 7 outside Terraform; this sets it back",
  ]);
});

it("says what a change sets instead of what somebody did by hand", () => {
  expect(reverted([group(7, 90)], [group(365, 7)])).toEqual([
    "Somebody has set retention_in_days of the log group /sessions from 365 to 7 outside Terraform; this sets it to 90",
  ]);
});

it("says nothing where no change touches what somebody did by hand", () => {
  expect(reverted([], [group(365, 7)])).toEqual([]);
  const other = { ...group(7, 7), after: { name: "/sessions", retention_in_days: 7, kms_key_id: "a" } };
  expect(reverted([other], [group(365, 7)])).toEqual([]);
});

it("says that an object is created again that somebody has deleted", () => {
  const deleted = { ...group(7, 7), after: null };
  const created = { ...group(7, 7), before: null };
  expect(reverted([created], [deleted])).toEqual([
    "Somebody has deleted the log group /sessions outside Terraform; this creates it again",
  ]);
  expect(reverted([], [deleted])).toEqual([]);
});

it("finds an object that has moved since by its former address", () => {
  const drift = driftOf({
    ...group(365, 7),
    name: "New",
    more: { previous_address: "aws_cloudwatch_log_group.This" },
  });
  const moved = reviewOf([stackOf(planOf([group(7, 365)], { resource_drift: [drift] }))], ORIGIN);
  expect(moved.findings.map(({ rule }) => rule)).toContain("reverts");
});

describe("a recorded plan after somebody has changed a stack by hand", () => {
  const review = reviewOf(recorded("drift"), ORIGIN);
  const titles = review.findings
    .filter(({ rule }) => rule === "reverts")
    .flatMap(({ places }) => places[0]!.title);

  it.each([
    "Somebody has set retention_in_days of the log group /session-audit/acme/sessions from 731 to 7 outside Terraform; this sets it back",
    "Somebody has set state of the rule session-audit-acme-security-tampering from ENABLED to DISABLED outside Terraform; this sets it back",
    "Somebody has changed content of the SSM document SSM-SessionManagerRunShell outside Terraform; this sets it back",
    "Somebody has deleted the alarm session-audit-acme-security-undelivered outside Terraform; this creates it again",
    "Somebody has deleted the subscriber email security@example.com outside Terraform; this creates it again",
  ])("has the finding: %s", (title) => {
    expect(titles).toContain(title);
  });

  it("has no other finding of that kind", () => {
    expect(titles).toHaveLength(5);
  });

  it("says which field of the preferences was changed", () => {
    const [finding] = review.findings.filter(({ title }) => title.includes("content of the SSM document"));
    expect(finding!.detail).toContain("inputs.cloudWatchEncryptionEnabled was changed from true to false");
  });

  it("shows the drift by itself, without what AWS only spells in another way", () => {
    expect(review.drift.map(({ change }) => `${change.kind} ${change.type}`).sort()).toEqual([
      "delete aws_cloudwatch_metric_alarm",
      "delete aws_sns_topic_subscription",
      "update aws_cloudwatch_event_rule",
      "update aws_cloudwatch_log_group",
      "update aws_ssm_document",
    ]);
  });
});
