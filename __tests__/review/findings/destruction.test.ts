import { DESTRUCTION_RULES } from "../../../review/findings/destruction";
import { TREATMENTS } from "../../../review/findings/treatments";
import { reviewOf } from "../../../review/review";
import { findingsOf, testRules } from "../../helpers/finding-cases";
import { ORIGIN, planOf, stackOf, type Planned } from "../../helpers/plans";

const bucket: Planned = {
  type: "aws_s3_bucket",
  before: { bucket: "audit", force_destroy: false },
  after: null,
};
const preferences: Planned = {
  type: "aws_ssm_document",
  before: { name: "SSM-SessionManagerRunShell", content: "{}" },
  after: null,
};
const same = (values: Planned["before"]) => ({ before: values, after: values });
const replaced = (planned: Planned, first: "create" | "delete" = "delete"): Planned => ({
  ...planned,
  after: planned.before,
  actions: first === "create" ? ["create", "delete"] : ["delete", "create"],
});
/** An alias of a key in a stack whose preferences name the alias `alias/sessions`. */
const alias = (name: string): readonly [Planned, Planned] => [
  { type: "aws_kms_alias", before: { name, target_key_id: "a" }, after: null },
  { ...preferences, ...same({ ...preferences.before, content: '{"inputs":{"kmsKeyId":"alias/sessions"}}' }) },
];
const forgotten = (planned: Planned): Planned => ({ ...planned, actions: ["forget"] });

testRules(
  DESTRUCTION_RULES.filter(({ id }) => id !== "deferred"),
  [
    {
      rule: "destroyed",
      severity: "critical",
      title: "The bucket audit is destroyed",
      found: bucket,
      not: forgotten(bucket),
    },
    {
      rule: "destroyed",
      severity: "critical",
      title: "The SSM document SSM-SessionManagerRunShell of payments, eu-central-1 is destroyed",
      found: preferences,
      not: replaced(preferences),
    },
    {
      rule: "destroyed",
      severity: "high",
      title: "The SSM document tools is destroyed",
      found: { ...preferences, before: { name: "tools" } },
      not: { ...preferences, before: { name: "tools" }, after: { name: "tools" } },
    },
    {
      rule: "replaced",
      severity: "critical",
      title: "The bucket audit is replaced (destroyed first, then created)",
      found: replaced(bucket),
      not: bucket,
    },
    {
      rule: "replaced",
      severity: "critical",
      title: "The bucket audit is replaced (created first, then destroyed)",
      found: replaced(bucket, "create"),
      not: { ...bucket, after: { bucket: "audit", force_destroy: true } },
    },
    {
      rule: "replaced",
      severity: "high",
      title: "The SSM document SSM-SessionManagerRunShell is replaced (destroyed first, then created)",
      found: replaced(preferences),
      not: preferences,
    },
    {
      rule: "forgotten",
      severity: "medium",
      title: "Terraform forgets the bucket audit",
      found: forgotten(bucket),
      not: bucket,
    },
    {
      rule: "forgotten",
      severity: "high",
      title: "Terraform forgets the SSM document SSM-SessionManagerRunShell",
      found: forgotten(preferences),
      not: preferences,
    },
  ],
);

describe("the remedy for an object that Terraform forgets", () => {
  it.each`
    object         | type                  | says
    ${bucket}      | ${"aws_s3_bucket"}    | ${/Attach a policy to readers of other accounts: .*docs\/runbook\.md/}
    ${bucket}      | ${"aws_kms_key"}      | ${/It must stay enabled/}
    ${preferences} | ${"aws_ssm_document"} | ${/note who maintains it now\.$/}
  `("says what readers need: $type", ({ object, type, says }) => {
    const planned = forgotten({ ...(object as Planned), type: type as string });
    expect(findingsOf("forgotten", planned)[0]!.remedy).toMatch(says as RegExp);
  });
});

describe("the end of the alias of a key", () => {
  it.each([
    ["that the preferences name", "alias/sessions", "high", /every session is refused/],
    [
      "of another key",
      "alias/sessions-archive",
      "medium",
      /^Policies and people .* no longer find the key\.$/,
    ],
  ])("%s has its own severity and words", (_which, name, severity, detail) => {
    expect(findingsOf("destroyed", alias(name))).toMatchObject([
      { severity, detail: expect.stringMatching(detail) },
    ]);
  });

  it.each([
    ["that the preferences name", "alias/sessions", "medium", /every session is refused/],
    ["of another key", "alias/sessions-archive", "low", /policies and people .* do not find the key\.$/],
  ])("%s has its own severity and words if a new one follows", (_which, name, severity, detail) => {
    const [ended, document] = alias(name);
    expect(findingsOf("replaced", [replaced(ended), document])).toMatchObject([
      { severity, detail: expect.stringMatching(detail) },
    ]);
  });
});

it("of a replaced IAM policy, the finding tells that the apply fails while others have attached it", () => {
  const policy: Planned = { type: "aws_iam_policy", before: { name: "operator" }, after: null };
  expect(findingsOf("replaced", replaced(policy))).toMatchObject([
    { severity: "medium", detail: expect.stringMatching(/the apply fails/) },
  ]);
});

describe("of a destroyed object, the finding tells", () => {
  const detail = (planned: Planned) => findingsOf("destroyed", planned)[0]!.detail;

  it("what Terraform does with the objects of a bucket", () => {
    expect(detail(bucket)).toMatch(/force_destroy is not set/);
    const forced = { ...bucket, before: { bucket: "audit", force_destroy: true } };
    expect(detail(forced)).toMatch(/its objects are deleted/);
  });

  it("how long a key waits for its end", () => {
    const key: Planned = {
      type: "aws_kms_key",
      before: { description: "Sessions", deletion_window_in_days: 7 },
      after: null,
    };
    expect(detail(key)).toMatch(/The waiting period is 7 days/);
  });

  it("how long a log group keeps what is lost", () => {
    const group: Planned = {
      type: "aws_cloudwatch_log_group",
      before: { name: "/sessions", retention_in_days: 731 },
      after: null,
    };
    expect(detail(group)).toMatch(/It keeps logs for 731 days/);
    expect(detail({ ...group, before: { name: "/sessions", retention_in_days: 0 } })).toMatch(
      /keeps logs forever/,
    );
  });

  it("why Terraform destroys it", () => {
    const counted = { ...bucket, more: { action_reason: "delete_because_count_index" } };
    expect(detail(counted)).toMatch(/Why: the count of the configuration is smaller now/);
  });
});

it.each(Object.entries(TREATMENTS))(
  "has the severity of its type: %s",
  (type, { destroyed, replaced: gap }) => {
    const object: Planned = { type, before: { name: "own" }, after: null };
    const isTold = type === "aws_sns_topic_subscription" ? [] : [destroyed.severity];
    expect(findingsOf("destroyed", object).map(({ severity }) => severity)).toEqual(isTold);
    expect(findingsOf("replaced", replaced(object)).map(({ severity }) => severity)).toEqual(
      gap === null ? [] : [gap.severity],
    );
  },
);

describe("an object that belongs to another one", () => {
  const versioning: Planned = { type: "aws_s3_bucket_versioning", before: { bucket: "audit" }, after: null };

  it("is no finding of its own if both are destroyed", () => {
    const types = findingsOf("destroyed", [bucket, versioning]).flatMap(({ places }) => places);
    expect(types.map(({ address }) => address)).toEqual(["aws_s3_bucket.This"]);
  });

  it("is a finding if the other one stays", () => {
    const stays = { ...bucket, after: bucket.before };
    expect(findingsOf("destroyed", [stays, versioning])).toHaveLength(1);
  });

  it("is a finding if Terraform only forgets the other one", () => {
    expect(findingsOf("destroyed", [forgotten(bucket), versioning])).toHaveLength(1);
  });

  it("is a finding if another object of that type is destroyed", () => {
    const other = { ...bucket, before: { bucket: "other" } };
    const places = findingsOf("destroyed", [other, versioning]).flatMap(({ places }) => places);
    expect(places).toHaveLength(2);
  });
});

it("says that nobody has seen the plan of a deferred change", () => {
  const deferred = {
    reason: "provider_config_unknown",
    resource_change: planOf([{ ...bucket, after: { bucket: "audit" } }]).resource_changes![0]!,
  };
  const { findings } = reviewOf([stackOf(planOf([], { deferred_changes: [deferred] }))], ORIGIN);
  expect(findings).toMatchObject([
    {
      rule: "deferred",
      severity: "medium",
      detail:
        "Nobody has seen that plan. Why: the configuration of its provider is known only after an apply.",
      places: [{ title: "The change of the bucket audit is planned in a later run" }],
    },
  ]);
});
