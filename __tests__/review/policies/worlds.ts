import type { PolicyKind } from "../../../review/policies/words";

/** A JSON object that a test changes. */
export type Loose = Record<string, unknown>;

/** A condition key with values that requests and policies have, and the operators that policies use with it. */
export interface Key {
  readonly name: string;
  readonly operators: readonly string[];
  readonly values: readonly string[];
  /** Whether a request has a list of values. */
  readonly isList?: boolean;
}

/** One kind of policy with the words that its policies and requests are made of. */
export interface World {
  readonly kind: PolicyKind;
  /** Principals as policies name them; null for policies without principals. */
  readonly principals: readonly Loose[] | null;
  /** Principals that make requests. */
  readonly callers: readonly string[];
  readonly actions: readonly string[];
  readonly actionPatterns: readonly string[];
  /** null for policies without resources. */
  readonly resources: readonly string[] | null;
  readonly resourcePatterns: readonly string[];
  readonly keys: readonly Key[];
  /** The account that owns the resources of a service in another account. */
  readonly owner: string;
}

/** The account of most principals and resources. */
export const HOME = "111111111111";
const AWAY = "222222222222";
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;

const CALLERS = [role(HOME, "Web"), role(HOME, "Admin"), role(AWAY, "Web"), `arn:aws:iam::${HOME}:user/ann`];
const PRINCIPALS: readonly Loose[] = [
  ...CALLERS.map((AWS) => ({ AWS })),
  { AWS: HOME },
  { AWS: `arn:aws:iam::${HOME}:root` },
  { AWS: `arn:aws:iam::${AWAY}:root` },
  { AWS: "*" },
  { Service: "events.amazonaws.com" },
  { Service: "logs.amazonaws.com" },
];
const SERVICES = ["events.amazonaws.com", "logs.amazonaws.com"];

const TEXT = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"];
const ARN = ["ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals", "StringLike"];
const NUMBER = [
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericEquals",
  "NumericNotEquals",
];
const DATE = ["DateLessThan", "DateGreaterThanEquals", "DateGreaterThan", "DateEquals"];

/**
 * Keys that every request may have. Single addresses have a prefix, because the simulator says that no IPv4 address is
 * outside a single IPv6 address without one.
 */
const GLOBAL_KEYS: readonly Key[] = [
  { name: "aws:PrincipalOrgID", operators: TEXT, values: ["o-a1", "o-b2", "O-A1", "o-*", "o-a?"] },
  {
    name: "aws:PrincipalArn",
    operators: ARN,
    values: [...CALLERS, role("*", "Web"), role(HOME, "*"), role("?????????222", "W?b")],
  },
  { name: "aws:SecureTransport", operators: ["Bool"], values: ["true", "false"] },
  {
    name: "aws:SourceIp",
    operators: ["IpAddress", "NotIpAddress"],
    values: [
      "10.0.0.0/8",
      "10.1.0.0/16",
      "10.1.2.3/32",
      "192.168.0.0/24",
      "2001:db8::/32",
      "2001:db8:1::5/128",
    ],
  },
  { name: "aws:MultiFactorAuthAge", operators: NUMBER, values: ["0", "300", "3600", "3600.5"] },
  {
    name: "aws:CurrentTime",
    operators: DATE,
    values: ["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  },
  {
    name: "aws:TagKeys",
    operators: TEXT,
    values: ["team", "Team", "cost", "c*", "${aws:username}"],
    isList: true,
  },
  { name: "aws:username", operators: ["StringEquals", "StringNotEquals"], values: ["ann", "bob"] },
];

const BUCKET = "arn:aws:s3:::transcripts";

const S3 = {
  actions: [
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:DeleteObject",
    "s3:ListBucket",
  ],
  actionPatterns: [
    "s3:*",
    "s3:Get*",
    "s3:Put*",
    "s3:*Object",
    "s3:?etObject",
    "s3:GetObject?ersion",
    "*",
    "s3:List*",
  ],
  resources: [BUCKET, `${BUCKET}/a/log`, `${BUCKET}/b/log`, `${BUCKET}/a/ann/log`, "arn:aws:s3:::other/x"],
  resourcePatterns: [
    "*",
    `${BUCKET}/*`,
    `${BUCKET}/a/*`,
    `${BUCKET}/?/log`,
    `${BUCKET}*`,
    "arn:aws:s3:::*",
    `${BUCKET}/\${aws:username}/log`,
    `${BUCKET}/*/\${aws:username}/*`,
    `${BUCKET}/a/\${aws:username}/*`,
  ],
};

const KEY = `arn:aws:kms:eu-central-1:${HOME}:key/0a1b`;

const KMS = {
  actions: [
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:DescribeKey",
    "kms:PutKeyPolicy",
  ],
  actionPatterns: ["kms:*", "kms:GenerateDataKey*", "kms:?ecrypt", "kms:De*", "kms:Put*", "*"],
  resources: [KEY, `arn:aws:kms:eu-central-1:${HOME}:key/9f`],
  resourcePatterns: ["*", `arn:aws:kms:*:${HOME}:key/*`, `arn:aws:kms:eu-central-?:*:key/0a??`],
};

const SNS = {
  actions: [
    "sns:Publish",
    "sns:Subscribe",
    "sns:SetTopicAttributes",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
  ],
  actionPatterns: ["sns:*", "sns:S*", "SNS:publish", "sqs:*Message", "sqs:?endMessage", "*"],
  resources: [
    `arn:aws:sns:eu-central-1:${HOME}:activity`,
    `arn:aws:sns:eu-west-1:${HOME}:security`,
    `arn:aws:sqs:eu-west-1:${HOME}:dlq`,
  ],
  resourcePatterns: [
    "*",
    `arn:aws:sns:*:${HOME}:*`,
    `arn:aws:sns:eu-*-1:${HOME}:?ctivity`,
    `arn:aws:sqs:*:*:*`,
    "arn:aws:sns:eu-central-1*",
  ],
};

const STS = {
  actions: ["sts:AssumeRole", "sts:TagSession"],
  actionPatterns: ["sts:*", "sts:Assume*", "sts:?ssumeRole"],
};

const withPrincipals = {
  principals: PRINCIPALS,
  callers: [...CALLERS, ...SERVICES],
  keys: GLOBAL_KEYS,
  owner: HOME,
};
const withoutPrincipals = { principals: null, callers: CALLERS, keys: GLOBAL_KEYS, owner: HOME };

/** The kinds of policies that the review compares. */
export const WORLDS: readonly World[] = [
  { kind: "resource", ...withPrincipals, ...S3, owner: "999999999999" },
  { kind: "resource", ...withPrincipals, ...S3 },
  { kind: "resource", ...withPrincipals, ...KMS },
  { kind: "resource", ...withPrincipals, ...SNS },
  { kind: "trust", ...withPrincipals, ...STS, resources: null, resourcePatterns: [] },
  { kind: "identity", ...withoutPrincipals, ...S3 },
  { kind: "identity", ...withoutPrincipals, ...SNS },
  { kind: "scp", ...withoutPrincipals, ...S3 },
  { kind: "scp", ...withoutPrincipals, ...KMS },
];
