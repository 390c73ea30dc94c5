import { ACCESS_RULES } from "../../../review/findings/access";
import type { Json } from "../../../review/plan-json";
import { findingsOf, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

const READ = ["s3:GetObject"];
const policy = (principals: readonly string[], actions: readonly string[] = READ) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Readers",
        Effect: "Allow",
        Principal: { AWS: principals },
        Action: actions,
        Resource: "arn:aws:s3:::audit/*",
      },
    ],
  });
const A = "arn:aws:iam::444444444444:role/a";
const B = "arn:aws:iam::555555555555:role/b";
const bucketPolicy = (before: string | null, after: string | null): Planned => {
  const whole = (text: string | null) => (text === null ? null : { bucket: "audit", policy: text });
  return { type: "aws_s3_bucket_policy", before: whole(before), after: whole(after) };
};
const bucket = (before: { [name: string]: Json } | null): Planned => ({
  type: "aws_s3_bucket",
  before,
  after: { bucket: "audit" },
});
const scp = (principals: readonly string[], regions: readonly string[] = ["eu-central-1"]) => ({
  name: "guardrails",
  content: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Keep",
        Effect: "Deny",
        Action: ["ssm:StartSession"],
        Resource: "*",
        Condition: {
          ArnNotLike: { "aws:PrincipalArn": principals },
          StringNotEquals: { "aws:RequestedRegion": regions },
        },
      },
    ],
  }),
});
const guardrail = (before: { [name: string]: Json }, after: { [name: string]: Json }): Planned => ({
  type: "aws_organizations_policy",
  before,
  after,
});
const role: Planned = { type: "aws_iam_role", before: { name: "r" }, after: { name: "r" } };
const attachment = (after: { [name: string]: Json }): Planned => ({
  type: "aws_iam_role_policy_attachment",
  before: null,
  after: { role: "app-server", ...after },
});
const permission = (before: { [name: string]: Json } | null): Planned => ({
  type: "aws_lambda_permission",
  before,
  after: { function_name: "guard", statement_id: "x", principal: "events.amazonaws.com", source_arn: "rule" },
});

testRules(ACCESS_RULES, [
  {
    rule: "access-wider",
    severity: "high",
    title: "The policy of the bucket audit permits more than before",
    found: bucketPolicy(policy([A]), policy([A, B])),
    not: bucketPolicy(policy([A, B]), policy([A])),
  },
  {
    rule: "access-wider",
    severity: "high",
    title: "The service control policy guardrails forbids less than before",
    found: guardrail(scp([A]), scp([A, B])),
    not: guardrail(scp([A, B]), scp([A])),
  },
  {
    rule: "access-wider",
    severity: "medium",
    title: "The service control policy guardrails forbids less than before",
    found: guardrail(scp([A], ["eu-central-1"]), scp([A], ["eu-central-1", "us-east-1"])),
    not: guardrail(scp([A], ["eu-central-1", "us-east-1"]), scp([A], ["eu-central-1"])),
  },
  {
    rule: "access-other",
    severity: "high",
    title: "The policy of the bucket audit permits other things than before",
    found: bucketPolicy(policy([A]), policy([B])),
    not: bucketPolicy(policy([A]), policy([A, B])),
  },
  {
    rule: "access-narrower",
    severity: "low",
    title: "The policy of the bucket audit permits less than before",
    found: bucketPolicy(policy([A, B]), policy([A])),
    not: bucketPolicy(policy([A], ["s3:getobject"]), policy([A], READ)),
  },
  {
    rule: "access-untold",
    severity: "medium",
    title: "Nobody can tell from the plan what the policy of the bucket audit permits",
    found: { ...bucketPolicy(policy([A]), null), after: { bucket: "audit" }, unknown: { policy: true } },
    not: {
      type: "aws_s3_bucket_policy",
      before: null,
      after: { bucket: "audit" },
      unknown: { policy: true },
    },
  },
  {
    rule: "policy-added",
    severity: "medium",
    title: "There is a new policy of the bucket audit",
    found: [bucket({ bucket: "audit" }), bucketPolicy(null, policy([A]))],
    not: [bucket(null), bucketPolicy(null, policy([A]))],
  },
  {
    rule: "policy-attached",
    severity: "medium",
    title: "The role app-server gets the permissions of arn:aws:iam::aws:policy/AdministratorAccess",
    found: [role, attachment({ policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" })],
    not: role,
  },
  {
    rule: "policy-attached",
    severity: "info",
    title: "The role app-server gets the permissions of a policy that this plan creates",
    found: { ...attachment({}), unknown: { policy_arn: true } },
    not: { ...attachment({ policy_arn: "a" }), before: { role: "app-server", policy_arn: "a" } },
  },
  {
    rule: "invocation-allowed",
    severity: "medium",
    title: "events.amazonaws.com may invoke the function guard",
    found: permission(null),
    not: [{ type: "aws_lambda_function", before: null, after: { function_name: "guard" } }, permission(null)],
  },
]);

it("says who gains what, in the words of the comparison of policies", () => {
  const [finding] = findingsOf("access-wider", bucketPolicy(policy([A]), policy([A, B])));
  expect(finding!.detail).toMatch(/arn:aws:iam::555555555555:role\/b can now read objects in/);
});

it("treats a policy that it cannot judge as wider", () => {
  const odd = (value: string) =>
    JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "s3:*",
          Resource: "*",
          Condition: { OddOperator: { k: value } },
        },
      ],
    });
  const [finding] = findingsOf("access-wider", bucketPolicy(odd("a"), odd("b")));
  expect(finding).toMatchObject({
    severity: "high",
    places: [{ title: expect.stringMatching(/may permit more/) }],
  });
});

/** The object of an identity policy with one statement. */
const operatorPolicy = (statement: { [element: string]: Json }) => ({
  name: "operator",
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "Use", Effect: "Allow", ...statement }],
  }),
});
const DOCUMENT = "arn:aws:ssm:*:*:document/x";

it.each<[string, { [element: string]: Json }, string]>([
  ["every action", { Action: "*", Resource: "*" }, "high"],
  ["every action of a service on everything", { Action: "s3:*", Resource: "*" }, "high"],
  ["all but some actions", { NotAction: "iam:*", Resource: DOCUMENT }, "high"],
  ["every action of a service on one thing", { Action: "ssm:*", Resource: DOCUMENT }, "medium"],
  [
    "one more action on everything",
    { Action: ["ssm:StartSession", "ssm:GetDocument"], Resource: "*" },
    "medium",
  ],
])("judges an identity policy that gains %s", (_, statement, severity) => {
  const before = operatorPolicy({ Action: "ssm:StartSession", Resource: DOCUMENT });
  const planned: Planned = { type: "aws_iam_policy", before, after: operatorPolicy(statement) };
  const found = ["access-wider", "access-other"].flatMap((rule) => findingsOf(rule, planned));
  expect(found.map((finding) => finding.severity)).toEqual([severity]);
});
