import { allowed, isForEverybody, list, one, policyIn, type Rule } from "./rule";

const POLICIES = ["aws_iam_policy", "aws_iam_role_policy"];
const ROLE = ["aws_iam_role"];
const ATTACHMENT = ["aws_iam_role_policy_attachment"];

/**
 * Actions for which AWS defines no resource type, so that a policy can allow them only on `*`.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const WITHOUT_RESOURCE = new Set([
  "ec2:DescribeInstances",
  "logs:DescribeLogGroups",
  "ssm:DescribeInstanceInformation",
  "ssm:DescribeInstanceProperties",
  "ssm:DescribeSessions",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
]);

/** The actions that a policy allows on every resource, although AWS can limit them to named resources. */
const onEverything = (policy: unknown): string[] =>
  allowed(policy)
    .filter(({ Resource }) => list(Resource).includes("*"))
    .flatMap(({ Action }) => list(Action))
    .filter((action) => !WITHOUT_RESOURCE.has(action));

/**
 * A rule that a policy allows none of certain actions on every resource.
 * @param actions matches these actions
 * @param bad one of these actions
 * @param good an action that passes the rule
 */
const noneOnEverything = (id: string, says: string, actions: RegExp, bad: string, good: string): Rule => ({
  id,
  says,
  types: POLICIES,
  holds: ({ attributes }) => !onEverything(attributes["policy"]).some((action) => actions.test(action)),
  bad: [{ subject: { policy: one({ Effect: "Allow", Action: [bad], Resource: ["*"] }) } }],
  good: { subject: { policy: one({ Effect: "Allow", Action: [good], Resource: "*" }) } },
});

/** Matches the names of actions that only read. */
const READS = /:(Get|List|Describe|Head|BatchGet|Filter|Lookup|Search|View|Simulate|Check)/;

/** Rules about IAM policies, roles and policy attachments. */
export const IDENTITY_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_63",
    also: ["CKV_AWS_62", "CKV2_AWS_40", "IAM.1", "IAM.21"],
    says: "allows no service's actions as a whole",
    types: POLICIES,
    holds: ({ attributes }) =>
      !allowed(attributes["policy"]).some(
        ({ Action, NotAction }) =>
          NotAction !== undefined || list(Action).some((action) => /^(\*|[\w-]+:\*)$/.test(action)),
      ),
    bad: [
      { subject: { policy: one({ Effect: "Allow", Action: "*", Resource: "*" }) } },
      { subject: { policy: one({ Effect: "Allow", Action: ["iam:*"], Resource: "*" }) } },
      { subject: { policy: one({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }) } },
    ],
    good: { subject: { policy: one({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }) } },
  },
  noneOnEverything(
    "CKV_AWS_286",
    "allows no escalation of privileges",
    /^iam:(Create|Put|Attach|Set|Update|Add|PassRole)|^lambda:(Create|Update)|^sts:AssumeRole$/,
    "iam:PassRole",
    "iam:GetRole",
  ),
  noneOnEverything(
    "CKV_AWS_287",
    "does not expose credentials of arbitrary resources",
    /^(sts:(AssumeRole|Get(Session|Federation)Token)|iam:(CreateAccessKey|CreateLoginProfile)|ssm:GetParameter|secretsmanager:GetSecretValue)/,
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
  ),
  noneOnEverything(
    "CKV_AWS_288",
    "does not allow reading the data of arbitrary resources",
    /^(s3:GetObject|ssm:GetParameter|secretsmanager:GetSecretValue|dynamodb:(Get|BatchGet|Query|Scan))/,
    "s3:GetObject",
    "s3:ListAllMyBuckets",
  ),
  noneOnEverything(
    "CKV_AWS_289",
    "allows changes of permissions only on named resources",
    /Policy$|Policies$|Permission$|^iam:(Create|Delete|Attach|Detach|Put)|^kms:CreateGrant$/,
    "s3:PutBucketPolicy",
    "s3:ListAllMyBuckets",
  ),
  {
    id: "CKV_AWS_290",
    says: "allows writing only to named resources",
    types: POLICIES,
    holds: ({ attributes }) => onEverything(attributes["policy"]).every((action) => READS.test(action)),
    bad: [{ subject: { policy: one({ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }) } }],
    good: { subject: { policy: one({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }) } },
  },
  {
    id: "CKV_AWS_355",
    says: "allows an action on every resource only if AWS cannot limit it to named resources",
    types: POLICIES,
    holds: ({ attributes }) => onEverything(attributes["policy"]).length === 0,
    bad: [{ subject: { policy: one({ Effect: "Allow", Action: ["s3:GetObject"], Resource: ["*"] }) } }],
    good: { subject: { policy: one({ Effect: "Allow", Action: "ssm:DescribeSessions", Resource: "*" }) } },
  },
  {
    id: "CKV_AWS_61",
    also: ["CKV_AWS_60"],
    says: "can be assumed only by named services and principals, and by no account as a whole",
    types: ROLE,
    holds: ({ attributes }) =>
      policyIn(attributes["assume_role_policy"]).Statement.every(
        (statement) =>
          statement.Effect !== "Allow" ||
          (!isForEverybody(statement) &&
            !/"arn:[\w-]+:iam::\d+:root"/.test(JSON.stringify(statement.Principal))),
      ),
    bad: [
      { subject: { assume_role_policy: one({ Effect: "Allow", Principal: { AWS: "*" } }) } },
      {
        subject: { assume_role_policy: one({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:root" } }) },
      },
    ],
    good: {
      subject: { assume_role_policy: one({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" } }) },
    },
  },
  {
    id: "CKV_AWS_274",
    also: ["CKV2_AWS_56"],
    says: "attaches no policy that makes its role an administrator",
    types: ATTACHMENT,
    holds: ({ attributes }) => !/\/(Administrator|IAMFull)Access$/.test(String(attributes["policy_arn"])),
    bad: [{ subject: { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" } }],
    good: { subject: { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" } },
  },
  {
    id: "AwsSolutions-IAM4",
    says: "attaches no AWS managed policy, whose content AWS can change",
    types: ATTACHMENT,
    holds: ({ attributes }) => !/:iam::aws:policy\//.test(String(attributes["policy_arn"])),
    bad: [{ subject: { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" } }],
    good: { subject: { policy_arn: "${aws_iam_policy.Its.arn}" } },
  },
];
