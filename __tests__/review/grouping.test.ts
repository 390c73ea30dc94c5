import type { PlannedStack } from "../../review/model";
import { reviewOf } from "../../review/review";
import { ORIGIN, planOf, stackOf, type Planned } from "../helpers/plans";

const group = (before: number, after: number, more: Partial<Planned> = {}): Planned => ({
  type: "aws_cloudwatch_log_group",
  before: { name: "/sessions", retention_in_days: before },
  after: { name: "/sessions", retention_in_days: after },
  ...more,
});
const account = (index: number, planned: readonly Planned[] | null, kind = "session"): PlannedStack =>
  stackOf(planned === null ? null : planOf(planned), {
    id: `${kind}-account-${index}-eu-central-1`,
    kind,
    account: `account-${index}`,
    accountId: String(400_000_000_000 + index),
  });
const groupsOf = (...stacks: PlannedStack[]) => reviewOf(stacks, ORIGIN).groups;

it("takes changes of stacks that differ in their names only for one", () => {
  const named = (index: number): Planned => ({
    type: "aws_sns_topic",
    before: { name: "a", arn: "x" },
    after: { name: `audit-${400_000_000_000 + index}-eu-central-1 of account-${index}`, arn: "x" },
  });
  const groups = groupsOf(account(1, [named(1)]), account(2, [named(2)]));
  expect(groups).toMatchObject([
    { stacks: ["session-account-1-eu-central-1", "session-account-2-eu-central-1"], of: 2, differing: [] },
  ]);
});

it("says which stacks differ, and how", () => {
  const groups = groupsOf(
    ...[1, 2, 3, 4, 5, 6].map((index) => account(index, [group(365, 90)])),
    account(7, [group(365, 30)]),
    account(8, [group(365, 365)]),
    account(9, [{ ...group(365, 0), after: null }]),
    account(10, null),
  );
  expect(groups).toHaveLength(3);
  expect(groups[0]).toMatchObject({
    of: 10,
    differing: [
      { stack: "session-account-7-eu-central-1", how: "retention_in_days: 365 → 30" },
      { stack: "session-account-8-eu-central-1", how: "does not change there" },
      {
        stack: "session-account-9-eu-central-1",
        how: expect.stringMatching(/^is destroyed instead of changed/),
      },
      { stack: "session-account-10-eu-central-1", how: "its plan has failed" },
    ],
  });
  expect(groups[0]!.stacks).toHaveLength(6);
});

it("says nothing about the others of a change that only a minority has", () => {
  const groups = groupsOf(account(1, [group(365, 90)]), account(2, []), account(3, []));
  expect(groups).toMatchObject([{ of: 3, differing: [] }]);
});

it("counts only stacks of the same kind, and does not group across kinds", () => {
  const groups = groupsOf(account(1, [group(365, 90)]), account(2, [group(365, 90)], "archive"));
  expect(groups.map(({ of, stacks }) => [of, stacks.length])).toEqual([
    [1, 1],
    [1, 1],
  ]);
});

it("gives equal changes the same id in every review, and others another one", () => {
  const [one] = groupsOf(account(1, [group(365, 90)]));
  const [same] = groupsOf(account(2, [group(365, 90)]));
  const [other] = groupsOf(account(1, [group(365, 91)]));
  expect(one!.id).toMatch(/^[0-9a-f]{64}$/);
  expect(same!.id).toBe(one!.id);
  expect(other!.id).not.toBe(one!.id);
});

it("does not group a value with the word of a placeholder with a value that has the name", () => {
  const named = (name: string): Planned => ({
    type: "aws_sns_topic",
    before: { name: "a" },
    after: { name },
  });
  const groups = groupsOf(account(1, [named("account-1")]), account(2, [named("{account}")]));
  expect(groups).toHaveLength(2);
});

it("does not take over the comparison of a policy whose pattern matches one account only", () => {
  const policy = (resource: string) =>
    JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: resource }],
    });
  const widened = (index: number): Planned => ({
    type: "aws_s3_bucket_policy",
    before: { bucket: "a", policy: policy("arn:aws:s3:::audit-400000000001*") },
    after: { bucket: "a", policy: policy(`arn:aws:s3:::audit-${400_000_000_000 + index}-x`) },
  });
  const directions = groupsOf(account(2, [widened(2)]), account(1, [widened(1)])).map(({ change }) => {
    const { meaning } = change.attributes[0]!;
    return meaning?.kind === "policy" && meaning.direction;
  });
  expect(directions).toEqual(["other", "narrower"]);
});

it("says what a change means by the type of the object", () => {
  expect(groupsOf(account(1, [group(365, 90)]))[0]).toMatchObject({
    means: "Logs are kept for a different time, or encrypted with another key.",
  });
  expect(groupsOf(account(1, [{ ...group(365, 90), after: null }]))[0]!.means).toMatch(/deleted at once/);
});
