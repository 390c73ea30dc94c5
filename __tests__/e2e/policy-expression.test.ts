import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  allows,
  refusesKey,
  refusesOtherAccounts,
  refusesPlainHttp,
  refusesWrites,
} from "../../stacks/existing/policy-expression";
import { placeOf } from "../../stacks/names";
import { statementsOfExistingTopic } from "../../stacks/policies/notification-policy";
import type { Statement } from "../../stacks/policies/policy";
import { prepareToolchain } from "../../toolchain";
import { ROOT } from "../helpers/embedded";

// Terraform itself evaluates the expressions that check existing policies. Policies that allow or refuse the same in
// other words must give the same answer.
const ACCOUNT = "555555555555";
const OWN_ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;

const decoded = (...Statement: readonly unknown[]) =>
  `jsondecode(${JSON.stringify(JSON.stringify({ Version: "2012-10-17", Statement: Statement.length === 1 ? Statement[0] : Statement })).replaceAll("${", "$${")})`;
const allow = (Principal: unknown, Action: unknown, more: object = {}) => ({
  Effect: "Allow",
  Principal,
  Action,
  Resource: "*",
  ...more,
});
const deny = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: "Deny",
  Principal: "*",
  Action,
  Resource,
  ...more,
});

const required = (principal: Statement["Principal"], ...actions: string[]): Statement => ({
  Sid: "Required",
  Effect: "Allow",
  Principal: principal,
  Action: actions,
  Resource: "*",
});
const LOGS = { Service: "logs.eu-west-1.amazonaws.com" };
const byLogs = required(LOGS, "kms:Encrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*");
const byAccount = required({ AWS: OWN_ROOT }, "kms:GenerateDataKey", "kms:Decrypt");
const byMembers = required("*", "kms:GenerateDataKey");
const other = { StringEquals: { "aws:SourceAccount": ACCOUNT } };

const grants: [string, Statement, unknown[], boolean][] = [
  ["a service, word for word", byLogs, [allow(LOGS, byLogs.Action)], true],
  [
    "a service among others, with everything",
    byLogs,
    [allow({ Service: ["sns.amazonaws.com", LOGS.Service] }, "kms:*")],
    true,
  ],
  [
    "a service, action by action",
    byLogs,
    [allow(LOGS, ["kms:Encrypt", "kms:ReEncrypt*"]), allow(LOGS, ["kms:GenerateDataKey", "kms:DescribeKey"])],
    true,
  ],
  ["a service under a condition", byLogs, [allow(LOGS, "kms:*", { Condition: other })], true],
  ["anybody, and so a service", byLogs, [allow({ AWS: "*" }, "kms:*")], true],
  ["another service", byLogs, [allow({ Service: "events.amazonaws.com" }, "kms:*")], false],
  [
    "all actions but one to a service",
    byLogs,
    [allow(LOGS, ["kms:Encrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"])],
    false,
  ],
  ["a service that is refused", byLogs, [{ ...allow(LOGS, "kms:*"), Effect: "Deny" }], false],
  ["the account, by its root", byAccount, [allow({ AWS: OWN_ROOT }, "kms:*")], true],
  ["the account, by its id", byAccount, [allow({ AWS: [ACCOUNT] }, "kms:*")], true],
  ["a role of the account", byAccount, [allow({ AWS: `arn:aws:iam::${ACCOUNT}:role/app` }, "KMS:*")], true],
  ["anybody", byAccount, [allow("*", "kms:*")], true],
  ["anybody, in the other spelling", byAccount, [allow({ AWS: "*" }, "kms:*")], true],
  ["another account", byAccount, [allow({ AWS: "arn:aws:iam::999999999999:root" }, "kms:*")], false],
  ["a service alone", byAccount, [allow(LOGS, "kms:*")], false],
  [
    "all but some actions",
    byAccount,
    [{ Effect: "Allow", Principal: { AWS: OWN_ROOT }, NotAction: "kms:Delete*", Resource: "*" }],
    false,
  ],
  [
    "members, as an organization",
    byMembers,
    [allow("*", "kms:GenerateDataKey*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } })],
    true,
  ],
  [
    "members, one by one",
    byMembers,
    [allow({ AWS: ["111111111111", ACCOUNT] }, "kms:GenerateDataKey")],
    true,
  ],
  ["a service instead of members", byMembers, [allow(LOGS, "kms:*")], false],
];

const OBJECT = "arn:aws:s3:::theirs/sessions/1/alice.log";
const refusals: [string, string, boolean][] = [
  ["every write", refusesWrites(decoded(deny("s3:Put*", "arn:aws:s3:::theirs/*")), OBJECT), true],
  [
    "every action below the prefix of transcripts",
    refusesWrites(decoded(deny("s3:*", ["arn:aws:s3:::theirs", "arn:aws:s3:::theirs/sessions/*"])), OBJECT),
    true,
  ],
  [
    "writes below another prefix",
    refusesWrites(decoded(deny("s3:PutObject", "arn:aws:s3:::theirs/other/*")), OBJECT),
    false,
  ],
  [
    "writes under a condition",
    refusesWrites(decoded(deny("s3:PutObject", "arn:aws:s3:::theirs/*", { Condition: other })), OBJECT),
    false,
  ],
  ["reading", refusesWrites(decoded(deny("s3:GetObject", "arn:aws:s3:::theirs/*")), OBJECT), false],
  [
    "writes of one role",
    refusesWrites(decoded({ ...deny("s3:*", "*"), Principal: { AWS: OWN_ROOT } }), OBJECT),
    false,
  ],
  [
    "another key",
    refusesKey(
      decoded(
        deny("s3:PutObject", "*", {
          Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "another" } },
        }),
      ),
      KEY,
    ),
    true,
  ],
  [
    "every key but the named one",
    refusesKey(
      decoded(
        deny("s3:PutObject", "*", {
          Condition: {
            StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption-aws-kms-key-id": ["another", KEY] },
          },
        }),
      ),
      KEY,
    ),
    false,
  ],
  [
    "writes under a condition that is not about keys",
    refusesKey(decoded(deny("s3:PutObject", "*", { Condition: other })), KEY),
    false,
  ],
  [
    "plain HTTP",
    refusesPlainHttp(decoded(deny("s3:*", "*", { Condition: { Bool: { "aws:SecureTransport": "false" } } }))),
    true,
  ],
  [
    "plain HTTP, as a boolean in a list",
    refusesPlainHttp(
      decoded(
        deny("s3:*", "*"),
        deny("s3:*", "*", { Condition: { Bool: { "aws:SecureTransport": [false] } } }),
      ),
    ),
    true,
  ],
  [
    "TLS",
    refusesPlainHttp(decoded(deny("s3:*", "*", { Condition: { Bool: { "aws:SecureTransport": "true" } } }))),
    false,
  ],
  ["nothing about transport", refusesPlainHttp(decoded(allow("*", "s3:*"))), false],
];

const EVENTS = { Service: "events.amazonaws.com" };
const refusesOthers = statementsOfExistingTopic(
  placeOf({ name: "acme" }, { account: { id: ACCOUNT, partition: "aws", name: "any" }, region: "eu-west-1" }),
  "arn:aws:sns:eu-west-1:555555555555:soc",
).find(({ Effect }) => Effect === "Deny")!;
const forOthers = { Condition: { StringNotEqualsIfExists: { "AWS:SourceAccount": ACCOUNT } } };
const closed: [string, unknown[], boolean][] = [
  ["the required statement", [allow(EVENTS, "sns:Publish"), refusesOthers], true],
  [
    "the same in other words",
    [allow(EVENTS, "sns:*"), deny(["sns:Get*", "SNS:Publish"], "*", forOthers)],
    true,
  ],
  ["a condition on EventBridge", [allow(EVENTS, "sns:Publish", { Condition: other })], true],
  [
    "a condition on one of two statements",
    [allow(EVENTS, "sns:Publish", { Condition: other }), allow(EVENTS, "sns:Publish")],
    false,
  ],
  ["no condition", [allow({ Service: ["s3.amazonaws.com", EVENTS.Service] }, "sns:Publish")], false],
  ["everybody let in", [allow({ AWS: "*" }, "sns:Publish")], false],
  [
    "a denial of something else",
    [allow(EVENTS, "sns:Publish"), deny("sns:Subscribe", "*", forOthers)],
    false,
  ],
  [
    "a denial without an account",
    [
      allow(EVENTS, "sns:Publish"),
      deny("sns:Publish", "*", { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ],
    false,
  ],
  ["another service let in", [allow({ Service: "cloudwatch.amazonaws.com" }, "sns:Publish")], true],
];

const CASES = [
  ...closed.map(([title, policy, holds]) => ({
    title: `a topic's policy that keeps EventBridge from publishing for other accounts, with ${title}: ${holds}`,
    expression: refusesOtherAccounts(decoded(...policy), refusesOthers),
    holds,
  })),
  ...grants.map(([title, statement, policy, holds]) => ({
    title: `a policy that allows ${title}: ${holds}`,
    expression: allows(decoded(...policy), statement),
    holds,
  })),
  ...refusals.map(([title, expression, holds]) => ({
    title: `a policy that refuses ${title}: ${holds}`,
    expression,
    holds,
  })),
];

let answers: string[];

beforeAll(async () => {
  const { terraform } = await prepareToolchain({ cacheDir: join(ROOT, ".cache"), log: () => {} });
  const cwd = await mkdtemp(join(tmpdir(), "session-audit-test-"));
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(terraform.binary, ["console"], { cwd }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr)) : resolve(stdout),
    );
    child.stdin!.end(`join(",", [${CASES.map(({ expression }) => `tostring(${expression})`).join(", ")}])
`);
  }).finally(() => rm(cwd, { recursive: true }));
  answers = output.replace(/["\s]/g, "").split(",");
});

it("Terraform evaluates every expression", () => expect(answers).toHaveLength(CASES.length));

it.each(CASES.map(({ title, holds }, index) => [title, index, holds] as const))("%s", (_, index, holds) => {
  expect(answers[index]).toBe(String(holds));
});
