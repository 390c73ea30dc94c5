import { ACCESS_RULES } from "../../../review/findings/access";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules } from "../../helpers/finding-cases";
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
/** A policy that names something that AWS has yet to create. */
const HIDDEN = { after: { bucket: "audit" }, unknown: { policy: true } } as const;
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
const permission = (
  before: { [name: string]: Json } | null,
  principal = "events.amazonaws.com",
): Planned => ({
  type: "aws_lambda_permission",
  before,
  after: { function_name: "guard", statement_id: "x", principal, source_arn: "rule" },
});
const bounded = (before: string | null, after: string | null): Planned => ({
  type: "aws_iam_role",
  before: { name: "r", permissions_boundary: before },
  after: { name: "r", permissions_boundary: after },
});
const newFunction: Planned = {
  type: "aws_lambda_function",
  before: null,
  after: { function_name: "guard" },
};
const identity = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: READ, Resource: "arn:aws:s3:::audit/*" }],
});
const rolePolicy: Planned = {
  type: "aws_iam_role_policy",
  before: null,
  after: { role: "r", name: "more", policy: identity },
};
const busPolicy: Planned = {
  type: "aws_cloudwatch_event_bus_policy",
  before: null,
  after: { event_bus_name: "central", policy: policy([A], ["events:PutEvents"]) },
};

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
    // Nothing is in a new bucket yet, and its policy names a key that may be new as well.
    not: [bucket(null), { ...bucketPolicy(null, null), ...HIDDEN }],
  },
  {
    rule: "access-untold",
    severity: "medium",
    title: "Nobody can tell from the plan what the policy of the bucket audit permits",
    found: { ...bucketPolicy(null, null), ...HIDDEN },
    not: bucketPolicy(null, policy([A])),
  },
  {
    rule: "access-untold",
    severity: "medium",
    title: "Nobody can tell from the plan what the IAM policy reader permits",
    found: {
      type: "aws_iam_policy",
      before: null,
      after: { name: "reader", policy: policy([A]) },
      sensitive: { policy: true },
    },
    not: { type: "aws_iam_policy", before: null, after: { name: "reader", policy: policy([A]) } },
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
    title: "The role app-server gets the permissions of arn:aws:iam::aws:policy/ReadOnlyAccess",
    found: [role, attachment({ policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })],
    not: role,
  },
  {
    rule: "policy-attached",
    severity: "high",
    title: "The role app-server gets the permissions of arn:aws:iam::aws:policy/AdministratorAccess",
    found: attachment({ policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
    not: role,
  },
  {
    rule: "policy-added",
    severity: "medium",
    title: "There is a new policy of a role r: more",
    found: [role, rolePolicy],
    not: [{ ...role, before: null }, rolePolicy],
  },
  {
    rule: "policy-added",
    severity: "medium",
    title: "There is a new policy of the event bus aws_cloudwatch_event_bus_policy.This",
    found: busPolicy,
    not: [{ type: "aws_cloudwatch_event_bus", before: null, after: { name: "central" } }, busPolicy],
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
    not: [newFunction, permission(null)],
  },
  {
    rule: "invocation-allowed",
    severity: "high",
    title: "* may invoke the function guard",
    found: [newFunction, permission(null, "*")],
    not: [newFunction, permission(null)],
  },
  {
    rule: "invocation-allowed",
    severity: "medium",
    title: "999999999999 may invoke the function guard",
    found: [newFunction, permission(null, "999999999999")],
    not: [newFunction, permission(null)],
  },
  bothWays(
    "boundary-removed",
    "high",
    "The role r no longer has the permissions boundary boundary",
    bounded("boundary", null),
  ),
  {
    rule: "boundary-changed",
    severity: "medium",
    title: "The role r has the permissions boundary other instead of boundary",
    found: bounded("boundary", "other"),
    not: bounded(null, "boundary"),
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
