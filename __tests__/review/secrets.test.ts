import { reviewOf } from "../../review/review";
import type { Marks } from "../../review/plan-json";
import { recorded, SECRET } from "../fixtures/plans/trim";
import { driftOf, ORIGIN, planOf, stackOf, type Planned } from "../helpers/plans";

const json = (...planned: readonly Planned[]) => JSON.stringify(reviewOf([stackOf(planOf(planned))], ORIGIN));
const topic = (before: object | null, after: object | null, sensitive: Marks): Planned =>
  ({ type: "aws_sns_topic", before, after, sensitive }) as Planned;

describe("a recorded plan with sensitive values", () => {
  const plan = recorded("kinds");

  it("contains the secret in many places, some of which Terraform does not mark", () => {
    expect(JSON.stringify(plan).split(SECRET).length).toBeGreaterThan(20);
  });

  it("has a review without it", () => {
    expect(JSON.stringify(reviewOf(plan, ORIGIN))).not.toContain(SECRET);
  });

  it("shows that the values change", () => {
    const groups = reviewOf(plan, ORIGIN).groups.map(({ change }) => change);
    const secret = groups.find(({ address }) => address === "aws_ssm_parameter.secret");
    expect(secret!.attributes).toContainEqual({
      path: "value",
      before: { is: "sensitive" },
      after: { is: "sensitive" },
      forcesReplacement: false,
    });
  });

  it("hides the value that forces a replacement, and names the attribute", () => {
    const change = reviewOf(plan, ORIGIN).groups.find(({ change }) =>
      change.address.endsWith("secret_name"),
    )!.change;
    expect(change).toMatchObject({
      kind: "replace",
      reason: "AWS cannot change it in place: name",
      attributes: [
        { path: "name", before: { is: "sensitive" }, after: { is: "sensitive" }, forcesReplacement: true },
      ],
    });
  });

  it.each(["output.secret", "output.nested"])("hides %s", (address) => {
    const change = reviewOf(plan, ORIGIN).groups.find(({ change }) => change.address === address)!.change;
    expect(change.attributes).toMatchObject([{ before: { is: "sensitive" }, after: { is: "sensitive" } }]);
  });
});

describe("a sensitive value does not leak", () => {
  const HIDDEN = "correct-horse";

  it.each<[string, Planned]>([
    [
      "if it becomes sensitive",
      {
        ...topic({ a: HIDDEN }, { a: HIDDEN, b: 1 }, false),
        more: { change: { after_sensitive: { a: true } } },
      },
    ],
    [
      "if it was sensitive",
      { ...topic({ a: HIDDEN }, { a: "open" }, false), more: { change: { before_sensitive: { a: true } } } },
    ],
    [
      "within an object that is added",
      topic({ a: [] }, { a: [{ b: { c: HIDDEN } }] }, { a: [{ b: { c: true } }] }),
    ],
    [
      "within an object that is sensitive as a whole",
      topic({ a: { b: HIDDEN } }, { a: { b: "x" } }, { a: true }),
    ],
    ["if everything is sensitive", topic({ name: HIDDEN }, { name: "x" }, true)],
    ["if the object is destroyed", topic({ name: HIDDEN }, null, { name: true })],
    ["if the object is created", topic(null, { name: HIDDEN }, { name: true })],
    [
      "in another attribute",
      topic(
        { tags: {}, tags_all: {} },
        { tags: { a: HIDDEN }, tags_all: { a: HIDDEN } },
        { tags: { a: true } },
      ),
    ],
    [
      "as a part of another attribute",
      topic({ name: HIDDEN, x: "" }, { name: HIDDEN, x: `arn:aws:sns:::${HIDDEN}` }, { name: true }),
    ],
    [
      "in a list of texts",
      topic({ name: HIDDEN, x: ["a"] }, { name: HIDDEN, x: ["a", HIDDEN] }, { name: true }),
    ],
    [
      "in a policy that is spelled in another way elsewhere",
      topic(
        { a: '{"Statement":[{"Sid":"s","Effect":"Allow"}],"Version":"1"}', x: "" },
        {
          a: '{"Statement":[{"Sid":"s","Effect":"Allow"}],"Version":"1"}',
          x: '{"Version":"1","Statement":[{"Effect":"Allow","Sid":"s"}]}',
        },
        { a: true },
      ),
    ],
  ])("%s", (_where, planned) => {
    expect(json(planned)).not.toMatch(new RegExp(`${HIDDEN}|"Sid|Sid\\\\"`));
  });

  it("in the title of a finding", () => {
    const renamed = topic(
      { name: HIDDEN, kms_master_key_id: "a" },
      { name: HIDDEN, kms_master_key_id: null },
      { name: true },
    );
    expect(json(renamed)).not.toContain(HIDDEN);
    expect(json(renamed)).toContain("topic-encryption-off");
  });

  it("in drift and in what a change reverts", () => {
    const drift = driftOf(topic({ display_name: "a" }, { display_name: HIDDEN }, { display_name: true }));
    const change = topic({ display_name: HIDDEN }, { display_name: "a" }, { display_name: true });
    const review = reviewOf([stackOf(planOf([change], { resource_drift: [drift] }))], ORIGIN);
    expect(review.findings.map(({ rule }) => rule)).toContain("reverts");
    expect(JSON.stringify(review)).not.toContain(HIDDEN);
  });

  it("in a policy, whose meaning would tell it", () => {
    const policy = (sid: string) =>
      JSON.stringify({
        Statement: [{ Sid: sid, Effect: "Allow", Principal: "*", Action: "sns:Publish", Resource: "*" }],
      });
    const planned = {
      ...topic({ policy: policy(HIDDEN) }, { policy: policy("other") }, { policy: true }),
      type: "aws_sns_topic_policy",
    };
    const { groups } = reviewOf([stackOf(planOf([planned]))], ORIGIN);
    expect(groups[0]!.change.attributes).toEqual([
      { path: "policy", before: { is: "sensitive" }, after: { is: "sensitive" }, forcesReplacement: false },
    ]);
  });
});

it("does not take a short sensitive text for a secret that stands in every other value", () => {
  const planned = topic({ a: "1", name: "own1" }, { a: "2", name: "own12" }, { a: true });
  expect(json(planned)).toContain("own12");
});

it("says nothing about a sensitive value that stays", () => {
  const planned = topic({ a: "correct-horse", x: 1 }, { a: "correct-horse", x: 2 }, { a: true });
  const { groups } = reviewOf([stackOf(planOf([planned]))], ORIGIN);
  expect(groups[0]!.change.attributes.map(({ path }) => path)).toEqual(["x"]);
});
