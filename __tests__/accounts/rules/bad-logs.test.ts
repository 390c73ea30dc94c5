import { mapWith, type Changes } from "./good-map";
import { problemsOf } from "./problems-of";

/** A change to the good map, and the one problem that it must cause: the path, what is allowed, and the remedy. */
type Case = readonly [title: string, changes: Changes, path: string, allowed: string, remedy: string];

const SIEM = "arn:aws:logs:{region}:999999999999:destination:siem";
const TO = "logs.subscription.destinationArn";
const SANDBOX = "accounts.sandbox.logs.subscription.destinationArn";
const PREFERENCES = { encryptSessionData: true, enforce: { cloudWatch: false } };
const NO_GROUP: Changes = {
  "accounts.sandbox.logs.group": "none",
  "accounts.sandbox.logs.streaming": false,
  "accounts.sandbox.preferences": PREFERENCES,
};
const MASKED: Changes = { "logs.masking.enabled": true };
const role = "session-reviewer";

const shapes: readonly Case[] = [
  [
    "a queue",
    { [TO]: "arn:aws:sqs:eu-central-1:111111111111:siem" },
    TO,
    "Kinesis stream",
    "this is an SQS queue",
  ],
  ["a log group", { [TO]: "arn:aws:logs:{region}:{account}:log-group:x" }, TO, "destination", "destination:"],
  ["any region", { [TO]: "arn:aws:logs:*:999999999999:destination:siem" }, TO, "{region}", "each region"],
  [
    "a function whose qualifier is $LATEST",
    { [TO]: "arn:aws:lambda:{region}:{account}:function:siem:$LATEST" },
    TO,
    "Lambda function (not of $LATEST)",
    'write "arn:aws:lambda:{region}:{account}:function:siem", which invokes $LATEST as well',
  ],
  ["a name alone", { [TO]: "siem" }, TO, "the ARN of a CloudWatch Logs destination", "arn:aws:logs:{region}"],
  [
    "a pattern of 1025 characters",
    { [TO]: SIEM, "logs.subscription.filterPattern": "x".repeat(1025) },
    "logs.subscription.filterPattern",
    "at most 1024",
    "shorten",
  ],
  [
    "a pattern whose brace is not closed",
    { [TO]: SIEM, "logs.subscription.filterPattern": "{ $.a = " },
    "logs.subscription.filterPattern",
    "every quote and bracket is closed",
    "a term in quotes",
  ],
  [
    "a distribution in small letters",
    { [TO]: SIEM, "logs.subscription.distribution": "random" },
    "logs.subscription.distribution",
    '"Random"',
    'did you mean "Random"?',
  ],
  [
    "an unknown value of admittedBy",
    { [TO]: SIEM, "logs.subscription.admittedBy": "anybody" },
    "logs.subscription.admittedBy",
    '"organization" or "account"',
    "allowed words",
  ],
  [
    "an identifier that is misspelt",
    { ...MASKED, "logs.masking.identifiers": ["EmailAdress"] },
    "logs.masking.identifiers[0]",
    "managed data identifier",
    'did you mean "EmailAddress"?',
  ],
  [
    "a credential, which is masked anyway",
    { ...MASKED, "logs.masking.identifiers": ["AwsSecretKey"] },
    "logs.masking.identifiers[0]",
    "always masked",
    "remove it",
  ],
  [
    "a regular expression with a group",
    { ...MASKED, "logs.masking.custom": [{ name: "token", regex: "tok_(a|b)" }] },
    "logs.masking.custom[0].regex",
    "1 to 200",
    "parentheses",
  ],
  ...["[z-a]", "a{3,1}", "tok_[", "*"].map((regex): Case => [
    `a text that is no regular expression: ${regex}`,
    { ...MASKED, "logs.masking.custom": [{ name: "token", regex }] },
    "logs.masking.custom[0].regex",
    "a regular expression of 1 to 200",
    "close every bracket",
  ]),
  [
    "a pattern whose name has a space",
    { ...MASKED, "logs.masking.custom": [{ name: "my token", regex: "tok_" }] },
    "logs.masking.custom[0].name",
    "letters, digits",
    'write "my-token"',
  ],
  [
    "eleven patterns",
    {
      ...MASKED,
      "logs.masking.custom": Array.from({ length: 11 }, (_, at) => ({ name: `t${at}`, regex: "x" })),
    },
    "logs.masking.custom",
    "at most 10",
    "list the name",
  ],
  [
    "the ARN of a role that unmasks",
    { ...MASKED, "access.unmaskRoles": ["arn:aws:iam::111111111111:role/x"] },
    "access.unmaskRoles[0]",
    "with its path",
    'write "x"',
  ],
];

const together: readonly Case[] = [
  [
    "a destination in one region for a map of two",
    { [TO]: "arn:aws:logs:us-east-1:999999999999:destination:siem" },
    TO,
    "a destination in eu-central-1",
    "{region}",
  ],
  [
    "a destination of another partition",
    { [SANDBOX]: "arn:aws-cn:logs:{region}:999999999999:destination:siem" },
    SANDBOX,
    "of partition aws:",
    "{region}",
  ],
  [
    "a stream of another account",
    { [SANDBOX]: "arn:aws:kinesis:{region}:444444444444:stream/siem" },
    SANDBOX,
    "a Kinesis stream of account 222222222222 (sandbox)",
    "{account}",
  ],
  [
    "a function of another account",
    { [SANDBOX]: "arn:aws:lambda:{region}:444444444444:function:siem" },
    SANDBOX,
    "a Lambda function of account 222222222222",
    "destination",
  ],
  [
    "a subscription of an infrequently accessed group",
    { [TO]: SIEM, "accounts.sandbox.logs.class": "INFREQUENT_ACCESS" },
    "accounts.sandbox.logs.class",
    '"STANDARD" while logs.subscription',
    "leave the subscription out",
  ],
  [
    "masking of an infrequently accessed group",
    { ...MASKED, "accounts.sandbox.logs.class": "INFREQUENT_ACCESS" },
    "accounts.sandbox.logs.class",
    '"STANDARD" while logs.masking',
    "logs.masking.enabled: false",
  ],
  [
    "an identifier twice",
    { ...MASKED, "logs.masking.identifiers": ["Name", "Name"] },
    "logs.masking.identifiers[1]",
    "once",
    "remove",
  ],
  [
    "two patterns with the same name",
    { ...MASKED, "logs.masking.custom": ["a", "b"].map((regex) => ({ name: "token", regex })) },
    "logs.masking.custom[1]",
    "once",
    "remove",
  ],
  [
    "a role that unmasks twice",
    { ...MASKED, "access.unmaskRoles": [role, role] },
    "access.unmaskRoles[1]",
    "once",
    "remove",
  ],
  [
    "findings in the group that is masked",
    { ...MASKED, "logs.group": { existing: "/theirs" }, "logs.masking.findingsLogGroup": "/theirs" },
    "logs.masking.findingsLogGroup",
    "another log group",
    "leave it out",
  ],
];

const withoutEffect: readonly Case[] = [
  [
    "a subscription without a log group",
    { ...NO_GROUP, [SANDBOX]: SIEM },
    "accounts.sandbox.logs.subscription",
    "logs.group is",
    "remove it",
  ],
  [
    "masking without a log group",
    { ...NO_GROUP, "accounts.sandbox.logs.masking.enabled": true },
    "accounts.sandbox.logs.masking",
    "logs.group is",
    "remove it",
  ],
  [
    "a filter pattern without a subscription",
    { "accounts.sandbox.logs.subscription.filterPattern": "x" },
    "accounts.sandbox.logs.subscription.filterPattern",
    "destinationArn is set",
    "remove it",
  ],
  [
    "the distribution to a Firehose stream",
    {
      [SANDBOX]: "arn:aws:firehose:{region}:{account}:deliverystream/siem",
      "accounts.sandbox.logs.subscription.distribution": "Random",
    },
    "accounts.sandbox.logs.subscription.distribution",
    "a destination or a Kinesis stream",
    "remove it",
  ],
  [
    "admittedBy for a Kinesis stream",
    {
      [SANDBOX]: "arn:aws:kinesis:{region}:{account}:stream/siem",
      "accounts.sandbox.logs.subscription.admittedBy": "account",
    },
    "accounts.sandbox.logs.subscription.admittedBy",
    "is a destination",
    "remove it",
  ],
  [
    "identifiers while masking is off",
    { "accounts.sandbox.logs.masking.identifiers": ["Name"] },
    "accounts.sandbox.logs.masking.identifiers",
    "logs.masking.enabled is true",
    "remove it",
  ],
  [
    "roles that unmask while nothing is masked",
    { "accounts.sandbox.access.unmaskRoles": [role] },
    "accounts.sandbox.access.unmaskRoles",
    "logs.masking.enabled is true",
    "remove it",
  ],
];

describe("a map with", () => {
  it.each([...shapes, ...together, ...withoutEffect])(
    "%s is refused",
    (_, changes, path, allowed, remedy) => {
      const problems = problemsOf(mapWith(changes));
      expect(problems.map((problem) => problem.path)).toEqual([path]);
      expect(problems[0]!.allowed).toContain(allowed);
      expect(problems[0]!.remedy).toContain(remedy);
    },
  );

  it.each<[string, Changes]>([
    ["one destination for all regions", { [TO]: SIEM }],
    ["a stream of each account", { [TO]: "arn:aws:kinesis:{region}:{account}:stream/siem" }],
    ["a function of each account", { [TO]: "arn:aws:lambda:{region}:{account}:function:siem:live" }],
    ["a version of a function", { [TO]: "arn:aws:lambda:{region}:{account}:function:siem:7" }],
    ["an unqualified function", { [TO]: "arn:aws:lambda:{region}:{account}:function:siem" }],
    ["a destination for one account alone", { [SANDBOX]: SIEM }],
    ["a subscription that an account leaves out", { [TO]: SIEM, [SANDBOX]: null }],
    ["a subscription of an existing group", { [TO]: SIEM, "logs.group": { existing: "/theirs" } }],
    [
      "everything masked",
      {
        "logs.masking": {
          enabled: true,
          identifiers: ["EmailAddress", "CreditCardNumber"],
          custom: [{ name: "token", regex: "tok_[a-z0-9]{16}" }],
          findingsLogGroup: "/findings",
        },
        "access.unmaskRoles": [role, "people/audit-*"],
      },
    ],
  ])("%s passes", (_, changes) => {
    expect(problemsOf(mapWith(changes))).toEqual([]);
  });
});
