import { READER } from "./good-map";
import { accepts, refuses, type Case } from "./refusals";

refuses("of tags and access", [
  [
    "a role to attach to twice",
    { "access.attachToRoles": ["app", "app"] },
    "access.attachToRoles[1]",
    "each role once",
    "remove the repetition",
  ],
  [
    "a boundary of another account",
    { "accounts.sandbox.access.permissionsBoundaryArn": "arn:aws:iam::444444444444:policy/boundary" },
    "accounts.sandbox.access.permissionsBoundaryArn",
    "a policy of account 222222222222 (sandbox) in partition aws",
    "in the account's settings",
  ],
  [
    "a boundary of another partition",
    { "access.permissionsBoundaryArn": "arn:aws-cn:iam::aws:policy/boundary" },
    "access.permissionsBoundaryArn",
    "in partition aws",
    "name a policy of this account",
  ],
  ...Object.entries({ attachToRoles: ["app"], instanceProfile: true, operatorPolicy: true }).map(
    ([setting, value]): Case => [
      `${setting} in an account without regions`,
      { [`accounts.log-archive.access.${setting}`]: value },
      `accounts["log-archive"].access.${setting}`,
      "an account without regions has no sessions",
      "list the regions in use",
    ],
  ),
  [
    "a role's ARN to attach to",
    { "access.attachToRoles": [READER] },
    "access.attachToRoles[0]",
    "name of an IAM role",
    'write "session-reviewer", the name alone',
  ],
  [
    "a reporter twice",
    { "access.reporters": [READER, READER] },
    "access.reporters[1]",
    "each role once",
    "remove the repetition",
  ],
  [
    "a reporter of another partition",
    { "access.reporters": ["arn:aws-cn:iam::111111111111:role/auditor"] },
    "access.reporters[0]",
    "a role in partition aws",
    "cannot assume a role of this partition",
  ],
  [
    "a reporter by name",
    { "access.reporters": ["auditor"] },
    "access.reporters[0]",
    "the ARN of an IAM role",
    'write the role\'s ARN: "arn:aws:iam::<account>:role/auditor"',
  ],
  [
    "a boundary of another account for the report role of an archive account",
    {
      "accounts.log-archive.access.permissionsBoundaryArn": "arn:aws:iam::444444444444:policy/boundary",
      "accounts.log-archive.access.reporters": [READER],
    },
    'accounts["log-archive"].access.permissionsBoundaryArn',
    "a policy of account 111111111111",
    "in the account's settings",
  ],
  [
    "a boundary by name",
    { "access.permissionsBoundaryArn": "Boundary" },
    "access.permissionsBoundaryArn",
    ", or null",
    'write the policy\'s ARN: "arn:aws:iam::<account>:policy/Boundary"',
  ],
]);

accepts([
  [
    "with boundaries of AWS and of an account",
    {
      "access.permissionsBoundaryArn": "arn:aws:iam::aws:policy/PowerUserAccess",
      "accounts.sandbox.access.permissionsBoundaryArn": "arn:aws:iam::222222222222:policy/boundary",
    },
  ],
  [
    "with a boundary of the only account with regions",
    {
      "accounts.sandbox": undefined,
      "access.permissionsBoundaryArn": "arn:aws:iam::444444444444:policy/boundary",
    },
  ],
  [
    "with reporters of an account and of Identity Center",
    {
      "access.reporters": [
        READER,
        "arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Audit_*",
      ],
    },
  ],
  [
    "with an archive account without access settings",
    {
      "accounts.log-archive.access": { attachToRoles: [], instanceProfile: false, operatorPolicy: false },
      "access.attachToRoles": ["app"],
    },
  ],
]);
