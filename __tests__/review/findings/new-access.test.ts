import { NEW_ACCESS_RULES } from "../../../review/findings/new-access";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules } from "../../helpers/finding-cases";
import { reviewOfObjects, type Planned } from "../../helpers/plans";
import { MAPS, policiesOf, type PolicyKind } from "../../stacks/policies/every-policy";

type Block = { readonly [name: string]: Json };
const OWN = "444444444444";
const FOREIGN = "arn:aws:iam::999999999999:root";
const CONFINED = { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::999999999999:role/reader" } };
const OF_ORGANIZATION = { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };

const created = (type: string, after: Block): Planned => ({ type, before: null, after });
const document = (...statements: readonly Block[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
const bucket = (statement: Block) =>
  created("aws_s3_bucket_policy", {
    bucket: "audit",
    policy: document({ Action: "s3:GetObject", Resource: "arn:aws:s3:::audit/*", ...statement }),
  });
const role = (statement: Block) =>
  created("aws_iam_role", {
    name: "r",
    assume_role_policy: document({ Action: "sts:AssumeRole", ...statement }),
  });
const policy = (statement: Block) =>
  created("aws_iam_policy", { name: "p", policy: document({ Resource: "*", ...statement }) });
const existing: Planned = { type: "aws_sns_topic", before: { name: "t" }, after: { name: "t" } };
const ingress = (range: Block | null): Planned["after"] =>
  range && { security_group_id: "sg", description: "clients", ...range };
const own = { AWS: `arn:aws:iam::${OWN}:root` };

testRules(NEW_ACCESS_RULES, [
  {
    rule: "new-access-sweeping",
    severity: "high",
    title: "The new IAM policy p permits every action, or every action of a service",
    found: policy({ Action: "*" }),
    not: policy({ Action: ["ssm:StartSession", "ssm:DescribeSessions"] }),
  },
  {
    rule: "new-access-sweeping",
    severity: "high",
    title: "The new IAM policy p permits every action, or every action of a service",
    found: policy({ Action: "iam:*" }),
    not: policy({ Action: "s3:*", Resource: "arn:aws:s3:::audit/*" }),
  },
  {
    rule: "new-access-public",
    severity: "high",
    title: "The new policy of the bucket audit permits something to everybody",
    found: bucket({ Principal: "*" }),
    not: bucket({ Principal: "*", Condition: OF_ORGANIZATION }),
  },
  {
    rule: "new-access-public",
    severity: "high",
    title: "The new role r permits something to everybody",
    found: role({ Principal: { AWS: "*" } }),
    not: role({ Principal: own }),
  },
  {
    rule: "new-access-outside",
    severity: "high",
    title: `The new role r trusts 999999999999, which is not in the account`,
    found: role({ Principal: { AWS: FOREIGN } }),
    not: role({ Principal: { AWS: FOREIGN }, Condition: CONFINED }),
  },
  {
    rule: "new-access-outside",
    severity: "high",
    title: "The new policy of the bucket audit trusts 999999999999, which is not in the account",
    found: bucket({ Principal: { AWS: FOREIGN } }),
    // The accounts of a map without an organization write to its archive.
    not: bucket({ Principal: { AWS: FOREIGN }, Action: "s3:PutObject" }),
  },
  {
    rule: "new-access-outside",
    severity: "high",
    title: "The new role r trusts Federated accounts.google.com, which is not in the account",
    found: role({ Principal: { Federated: "accounts.google.com" }, Action: "sts:AssumeRoleWithWebIdentity" }),
    not: role({ Principal: { Service: "events.amazonaws.com" } }),
  },
  {
    rule: "new-access-elsewhere",
    severity: "medium",
    title: "The new role r is also for 999999999999",
    found: [existing, role({ Principal: { AWS: FOREIGN }, Condition: CONFINED })],
    // A new stack trusts whom the map names.
    not: role({ Principal: { AWS: FOREIGN }, Condition: CONFINED }),
  },
  {
    rule: "new-access-elsewhere",
    severity: "medium",
    title: "The new policy of the bucket audit is also for arn:aws:iam::999999999999:role/reader",
    found: [existing, bucket({ Principal: "*", Condition: CONFINED })],
    not: [existing, bucket({ Principal: "*", Condition: OF_ORGANIZATION })],
  },
  {
    rule: "type-not-written",
    severity: "medium",
    title:
      "The plan creates aws_iam_user.This: session-audit does not write objects of the type aws_iam_user",
    found: created("aws_iam_user", { name: "x" }),
    not: created("aws_iam_role", { name: "x" }),
  },
  {
    rule: "type-not-written",
    severity: "medium",
    title:
      "The plan changes aws_iam_user.This: session-audit does not write objects of the type aws_iam_user",
    found: { type: "aws_iam_user", before: { name: "x" }, after: { name: "y" } },
    not: { type: "aws_iam_user", before: { name: "x" }, after: { name: "x" } },
  },
  ...[
    ...["aws_iam_access_key", "aws_iam_openid_connect_provider", "aws_iam_saml_provider"],
    ...["aws_iam_user_login_profile", "aws_kms_grant", "aws_lambda_function_url"],
  ].map((type) => ({
    rule: "type-not-written",
    severity: "high" as const,
    title: `The plan creates ${type}.This: session-audit does not write objects of the type ${type}`,
    found: created(type, { name: "x" }),
    not: { type, before: { name: "x" }, after: { name: "x" } },
  })),
  {
    rule: "ingress-open",
    severity: "high",
    title: "The ingress rule aws_vpc_security_group_ingress_rule.This lets 0.0.0.0/0 in",
    found: created("aws_vpc_security_group_ingress_rule", ingress({ cidr_ipv4: "0.0.0.0/0" })!),
    not: created("aws_vpc_security_group_ingress_rule", ingress({ cidr_ipv4: "10.0.0.0/8" })!),
  },
  {
    rule: "ingress-open",
    severity: "high",
    title: "The ingress rule aws_vpc_security_group_ingress_rule.This lets ::/0 in",
    found: {
      type: "aws_vpc_security_group_ingress_rule",
      before: ingress({ cidr_ipv6: "fd00::/8" }),
      after: ingress({ cidr_ipv6: "::/0" }),
    },
    // It was open before.
    not: {
      type: "aws_vpc_security_group_ingress_rule",
      before: ingress({ cidr_ipv6: "::/0" }),
      after: ingress({ cidr_ipv6: "::/0", from_port: 443 }),
    },
  },
  bothWays("ingress-open", "high", "The security group endpoints lets 0.0.0.0/0 in", {
    type: "aws_security_group",
    before: { name: "endpoints", ingress: [] },
    after: { name: "endpoints", ingress: [{ cidr_blocks: ["0.0.0.0/0"], from_port: 443 }] },
  }),
  bothWays(
    "role-policies-added",
    "medium",
    "The role r gets the permissions of arn:aws:iam::aws:policy/ReadOnlyAccess",
    {
      type: "aws_iam_role",
      before: { name: "r", managed_policy_arns: [] },
      after: { name: "r", managed_policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
    },
  ),
  {
    rule: "role-policies-added",
    severity: "high",
    title: "The role r gets the permissions of arn:aws:iam::aws:policy/AdministratorAccess",
    found: created("aws_iam_role", {
      name: "r",
      managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
    }),
    not: created("aws_iam_role", { name: "r" }),
  },
]);

const everybody = (Condition: Block) => bucket({ Principal: "*", Condition });

it.each<[string, Block, boolean]>([
  ["an organization", OF_ORGANIZATION, false],
  ["an account that the event is from", { StringEquals: { "aws:SourceAccount": OWN } }, false],
  ["roles of the account", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${OWN}:role/*` } }, false],
  ["everybody but one account", { StringNotEquals: { "aws:PrincipalAccount": OWN } }, true],
  [
    "whoever says nothing of an organization",
    { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
    true,
  ],
  ["roles of any account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/reader" } }, true],
  ["any organization", { StringLike: { "aws:PrincipalOrgID": "o-*" } }, true],
  ["encrypted connections", { Bool: { "aws:SecureTransport": "true" } }, true],
])("judges whether a policy for %s is for everybody", (_, condition, isPublic) => {
  expect(findingsOf("new-access-public", everybody(condition))).toHaveLength(isPublic ? 1 : 0);
});

it("finds a new policy that opens something, also on an object that the same plan creates", () => {
  const objects = [created("aws_s3_bucket", { bucket: "audit" }), bucket({ Principal: "*" })];
  expect(findingsOf("new-access-public", objects)).toHaveLength(1);
});

it("finds nothing in a service control policy, which permits nothing", () => {
  const scp = created("aws_organizations_policy", {
    name: "p",
    content: document({ Action: "*", Resource: "*" }),
  });
  expect(reviewOfObjects(scp).findings).toEqual([]);
});

const TYPES: Readonly<Record<PolicyKind, readonly [type: string, attribute: string]>> = {
  bucket: ["aws_s3_bucket_policy", "policy"],
  bus: ["aws_cloudwatch_event_bus_policy", "policy"],
  endpoint: ["aws_vpc_endpoint", "policy"],
  identity: ["aws_iam_policy", "policy"],
  key: ["aws_kms_key", "policy"],
  queue: ["aws_sqs_queue_policy", "policy"],
  serviceControl: ["aws_organizations_policy", "content"],
  table: ["aws_dynamodb_resource_policy", "policy"],
  topic: ["aws_sns_topic_policy", "policy"],
  trust: ["aws_iam_role", "assume_role_policy"],
};

it.each(MAPS)(
  "no policy of the stacks opens anything to everybody, or everything: %s",
  (_name, organization) => {
    const objects = policiesOf(organization).map(({ kind, policy: own }, index): Planned => {
      const [type, attribute] = TYPES[kind];
      return { ...created(type, { name: "own", [attribute]: JSON.stringify(own) }), name: `own${index}` };
    });
    const { findings } = reviewOfObjects(...objects);
    expect(findings.filter(({ rule }) => /sweeping|public/.test(rule))).toEqual([]);
  },
);
