import { CREDENTIALS, ESCALATIONS, EXFILTRATION } from "./cloudsplaining-lists";
import { allowsOnEverything, onEverythingOfLevel, restrictableOnEverything } from "./cloudsplaining";
import { allowed, awsPrincipals, isForEverybody, list, one, policyIn, type Rule } from "./rule";

const POLICIES = ["aws_iam_policy", "aws_iam_role_policy"];
const ROLE = ["aws_iam_role"];
const ATTACHMENT = ["aws_iam_role_policy_attachment"];

/**
 * A rule that a policy allows none of certain actions on every resource, by Cloudsplaining's lists.
 * @param bad actions that together break the rule
 * @param good an action that passes the rule
 */
const byCloudsplaining = (
  id: string,
  says: string,
  finds: (policy: unknown) => boolean,
  bad: readonly string[],
  good: string,
): Rule => ({
  id,
  says,
  types: POLICIES,
  holds: ({ attributes }) => !finds(attributes["policy"]),
  bad: [{ subject: { policy: one({ Effect: "Allow", Action: bad, Resource: ["*"] }) } }],
  good: { subject: { policy: one({ Effect: "Allow", Action: [good], Resource: "*" }) } },
});

/** Matches an AWS principal that is a whole account, as checkov's check does. */
const WHOLE_ACCOUNT = /^(\d{12}|arn:[\w-]+:iam::\d+:root)/;

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
  byCloudsplaining(
    "CKV_AWS_286",
    "allows no escalation of privileges",
    (policy) => ESCALATIONS.some((actions) => allowsOnEverything(policy, actions)),
    ["iam:PassRole", "ec2:RunInstances"],
    "iam:PassRole",
  ),
  byCloudsplaining(
    "CKV_AWS_287",
    "does not expose credentials of arbitrary resources",
    (policy) => CREDENTIALS.some((action) => allowsOnEverything(policy, [action])),
    ["sts:AssumeRole"],
    "sts:GetCallerIdentity",
  ),
  byCloudsplaining(
    "CKV_AWS_288",
    "does not allow reading the data of arbitrary resources",
    (policy) => EXFILTRATION.some((action) => allowsOnEverything(policy, [action])),
    ["s3:Get*"],
    "s3:ListAllMyBuckets",
  ),
  byCloudsplaining(
    "CKV_AWS_289",
    "allows changes of permissions only on named resources",
    (policy) => onEverythingOfLevel(policy, "Permissions management").length > 0,
    ["s3:PutBucketPolicy"],
    "s3:PutObject",
  ),
  byCloudsplaining(
    "CKV_AWS_290",
    "allows writing only to named resources",
    (policy) => onEverythingOfLevel(policy, "Write").length > 0,
    ["s3:PutObject"],
    "s3:GetObject",
  ),
  byCloudsplaining(
    "CKV_AWS_355",
    "allows an action on every resource only if AWS cannot limit it to named resources",
    (policy) => restrictableOnEverything(policy).length > 0,
    ["s3:GetObject"],
    "ssm:DescribeSessions",
  ),
  {
    id: "CKV_AWS_61",
    also: ["CKV_AWS_60"],
    says: "can be assumed only by named services and principals, and by no account as a whole",
    types: ROLE,
    holds: ({ attributes }) =>
      policyIn(attributes["assume_role_policy"]).Statement.every(
        (statement) =>
          statement.Effect !== "Allow" ||
          (!isForEverybody(statement) && !awsPrincipals(statement).some((arn) => WHOLE_ACCOUNT.test(arn))),
      ),
    bad: [
      { subject: { assume_role_policy: one({ Effect: "Allow", Principal: { AWS: "*" } }) } },
      {
        subject: { assume_role_policy: one({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:root" } }) },
      },
      {
        subject: { assume_role_policy: one({ Effect: "Allow", Principal: { AWS: ["111122223333"] } }) },
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
