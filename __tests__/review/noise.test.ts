import type { Json, Marks } from "../../review/plan-json";
import { reviewOf } from "../../review/review";
import { recorded } from "../fixtures/plans/trim";
import { driftOf, ORIGIN, planOf, stackOf, type Planned } from "../helpers/plans";

type Attributes = { readonly [name: string]: Json };
const paths = (planned: Planned): string[] =>
  reviewOf([stackOf(planOf([planned]))], ORIGIN).groups.flatMap(({ change }) =>
    change.attributes.map(({ path }) => path),
  );
const updated = (
  before: Attributes,
  after: Attributes,
  unknown: Marks = {},
  type = "aws_ssm_document",
): Planned => ({
  type,
  before: { name: "x", ...before },
  after: { name: "x", ...after },
  unknown,
});

describe("leaves out of a change", () => {
  it("attributes that only AWS sets", () => {
    const computed = { hash: true, latest_version: true, default_version: true, id: true, arn: true };
    expect(paths(updated({ content: "a", hash: "1" }, { content: "b" }, computed))).toEqual(["content"]);
  });

  it("tags_all where it follows from tags", () => {
    const tags = (team: string) => ({ tags: { team }, tags_all: { team, by: "session-audit" } });
    expect(paths(updated(tags("a"), tags("b")))).toEqual(["tags.team"]);
  });

  it("the order of keys, and JSON that is spelled in another way", () => {
    const before = { content: '{"a":1,"b":[1]}', x: 1 };
    expect(paths(updated(before, { content: '{ "b": [1], "a": 1 }', x: 2 }))).toEqual(["x"]);
  });

  it("a policy that says the same in other words", () => {
    const policy = (action: Json) =>
      JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: action, Resource: "*" }] });
    expect(
      paths(updated({ policy: policy("s3:getobject"), x: 1 }, { policy: policy(["s3:GetObject"]), x: 2 })),
    ).toEqual(["x"]);
  });

  it("a read of a data source whose values are known", () => {
    const data: Planned = {
      type: "aws_sns_topic",
      before: { a: 1 },
      after: { a: 2 },
      actions: ["no-op"],
      more: { mode: "data" },
    };
    expect(reviewOf([stackOf(planOf([data]))], ORIGIN).groups).toEqual([]);
  });
});

describe("shows in a change", () => {
  it("tags_all where the default tags change", () => {
    const tags = (by: string) => ({ tags: null, tags_all: { by } });
    expect(paths(updated(tags("a"), tags("b")))).toEqual(["tags_all.by"]);
  });

  it("what is known only after the apply because of another change", () => {
    expect(paths(updated({ kms_key_id: "a" }, {}, { kms_key_id: true }, "aws_cloudwatch_log_group"))).toEqual(
      ["kms_key_id"],
    );
  });

  it("everything of an update that would otherwise say nothing", () => {
    expect(paths(updated({ hash: "1" }, { hash: "2" }))).toEqual(["hash"]);
  });

  it("the ARN that the target of a rule is", () => {
    expect(paths(updated({ arn: "a" }, { arn: "b" }, {}, "aws_cloudwatch_event_target"))).toEqual(["arn"]);
  });
});

describe("of a new object, a review", () => {
  const created = (after: Attributes, unknown: Marks = {}): Planned => ({
    type: "aws_sns_topic",
    before: null,
    after,
    unknown,
  });

  it("leaves out what is empty, and what it leaves to AWS", () => {
    const attributes = paths(
      created({ name: "a", display_name: "", tags: null }, { arn: true, policy: true, owner: true }),
    );
    expect(attributes).toEqual(["name"]);
  });

  it("shows what depends on another new object", () => {
    expect(paths(created({ name: "a" }, { kms_master_key_id: true }))).toEqual(["name", "kms_master_key_id"]);
  });
});

it("shows of a destroyed object what identifies it, and its policy", () => {
  const policy = JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" }],
  });
  const destroyed: Planned = {
    type: "aws_s3_bucket_policy",
    before: { bucket: "a", policy, owner: "x" },
    after: null,
  };
  expect(paths(destroyed)).toEqual(["bucket", "policy"]);
});

describe("drift", () => {
  const drift = (
    before: Attributes,
    after: Attributes,
    type = "aws_sns_topic",
    state: readonly Planned[] = [],
  ) =>
    reviewOf(
      [stackOf(planOf(state, { resource_drift: [driftOf(updated(before, after, {}, type))] }))],
      ORIGIN,
    ).drift;

  it("is none if AWS only returns what was left out", () => {
    expect(drift({ tags: null, x: null, y: null }, { tags: {}, x: "", y: false })).toEqual([]);
  });

  it("is none if only AWS sets it", () => {
    expect(drift({ attachment_count: 0 }, { attachment_count: 1 }, "aws_iam_policy")).toEqual([]);
  });

  it("is none if another resource of the stack manages it", () => {
    const policy: Planned = { type: "aws_sns_topic_policy", before: { arn: "t" }, after: { arn: "t" } };
    const text = JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: "*", Action: "sns:Publish", Resource: "*" }],
    });
    const drifted = (arn: string) =>
      drift({ arn, policy: "" }, { arn, policy: text }, "aws_sns_topic", [policy]);
    expect(drifted("t")).toEqual([]);
    expect(drifted("u")).toHaveLength(1);
  });

  it("is none if another stack of the folder manages it, whichever comes first", () => {
    const own = stackOf(
      planOf([], {
        resource_drift: [
          driftOf(
            updated(
              { bucket: "audit", replication_configuration: [] },
              { bucket: "audit", replication_configuration: [{ role: "r" }] },
              {},
              "aws_s3_bucket",
            ),
          ),
        ],
      }),
    );
    const values = { bucket: "audit" };
    const replica = stackOf(
      planOf([{ type: "aws_s3_bucket_replication_configuration", before: values, after: values }]),
      { id: "replica", kind: "replica" },
    );
    expect(reviewOf([own, replica], ORIGIN).drift).toEqual([]);
    expect(reviewOf([replica, own], ORIGIN).drift).toEqual([]);
    expect(reviewOf([own], ORIGIN).drift).toHaveLength(1);
  });

  it("is none in recorded plans of stacks that nobody has changed by hand", () => {
    const { drift } = reviewOf(recorded("retention-shortened"), ORIGIN);
    expect(drift).toEqual([]);
  });
});

it("finds nothing in recorded plans without changes", () => {
  const { groups, findings, totals } = reviewOf(recorded("unchanged"), ORIGIN);
  expect([groups, findings]).toEqual([[], []]);
  expect(Object.values(totals).every((count) => count === 0)).toBe(true);
});
