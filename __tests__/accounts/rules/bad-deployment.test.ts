import { OWN_BUCKETS } from "./good-map";
import { accepts, refuses, type Case } from "./refusals";

const S3 = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
const statesRole = (name: string) => `arn:aws:iam::111111111111:role/${name}`;

refuses("of state and deployment", [
  [
    "a role's ARN for several accounts",
    { "deployment.role": "arn:aws:iam::444444444444:role/deploy" },
    "deployment.role",
    "an ARN works only for account 444444444444, and the map also has log-archive, sandbox",
    "write that name instead of the ARN",
  ],
  ...(
    [
      ["/deploy", 'write "deploy"'],
      ["platform//deploy", 'write "platform/deploy"'],
      ["platform/", 'write "platform"'],
      ["a".repeat(65), "exists in every account"],
    ] as const
  ).map(([role, remedy]): Case => [
    `a role like ${role}`,
    { "deployment.role": role },
    "deployment.role",
    "a path and a role name without a slash before them",
    remedy,
  ]),
  [
    "a role that plans by its ARN, for several accounts",
    { "deployment.planRole": "arn:aws:iam::222222222222:role/plan" },
    "deployment.planRole",
    "an ARN works only for account 222222222222, and the map also has log-archive, payments",
    "write that name instead of the ARN",
  ],
  ...(
    [
      ["session-audit-*", "name each role: wildcards (*) are not supported here"],
      ["session audit plan", "names of roles have no spaces"],
    ] as const
  ).map(([role, remedy]): Case => [
    `a role that plans like ${role}`,
    { "deployment.planRole": role },
    "deployment.planRole",
    "a path and a role name without a slash before them",
    remedy,
  ]),
  [
    "a role that plans and deploys",
    { "deployment.role": "deploy", "deployment.planRole": "deploy" },
    "deployment.planRole",
    "another role than deployment.role",
    "docs/plan-role.json",
  ],
  [
    "a mode that is none",
    { deployment: { mode: "assumerole" } },
    "deployment.mode",
    '"ambient"',
    '"assume-role"?',
  ],
  [
    "a backend that is none",
    { state: { backend: "gcs" } },
    "state.backend",
    '"local" or "s3" or "cloud"',
    'keep the state in S3 (backend: "s3") or in HCP Terraform (backend: "cloud"); gcs is not offered',
  ],
  [
    "a backend that is missing",
    { state: { directory: "x" } },
    "state.backend",
    '"local" or "s3"',
    "state: {",
  ],
  [
    "an absolute directory",
    { "state.directory": "/var/state" },
    "state.directory",
    "relative",
    "machine to machine",
  ],
  [
    "a directory outside",
    { "state.directory": "../state" },
    "state.directory",
    "without ..",
    "write a path inside of the folder that holds cdktf.out, like state",
  ],
  [
    "a directory of Windows",
    { "state.directory": "C:\\state" },
    "state.directory",
    "relative",
    "relative path",
  ],
  [
    "a state bucket with dots",
    { state: { backend: "s3", bucket: "my.state", region: "eu-central-1", keyPrefix: "x" } },
    "state.bucket",
    "without dots",
    "use a bucket without dots in its name: a name with dots does not match the certificate of S3",
  ],
  [
    "a role that plans for the states, and no role that deploys for them",
    { "deployment.planRole": "plan", state: { ...S3, planRoleArn: statesRole("read") } },
    "state.planRoleArn",
    "state.roleArn beside it",
    "also name the role that writes states, or leave planRoleArn out",
  ],
  [
    "one role that reads and writes the states",
    {
      "deployment.planRole": "plan",
      state: { ...S3, roleArn: statesRole("write"), planRoleArn: statesRole("write") },
    },
    "state.planRoleArn",
    "another role than state.roleArn",
    "docs/state-plan-role.json",
  ],
  [
    "a role that plans for the states, and none for the accounts",
    { state: { ...S3, roleArn: statesRole("write"), planRoleArn: statesRole("read") } },
    "state.planRoleArn",
    "deployment.planRole beside it",
    "also name the role that plans in each account",
  ],
  [
    "a role that plans for the states by its name",
    { "deployment.planRole": "plan", state: { ...S3, roleArn: statesRole("write"), planRoleArn: "read" } },
    "state.planRoleArn",
    "the ARN of an IAM role",
    'write the role\'s ARN: "arn:aws:iam::<account>:role/read"',
  ],
]);

accepts([
  [
    "with a role for the states for each purpose",
    {
      "deployment.planRole": "plan",
      state: { ...S3, roleArn: statesRole("write"), planRoleArn: statesRole("read") },
    },
  ],
  ["with a deployment role in a path", { "deployment.role": "platform/audit/deploy" }],
  [
    "with a role's ARN for the only account",
    {
      ...OWN_BUCKETS,
      "accounts.sandbox": undefined,
      "deployment.role": "arn:aws:iam::444444444444:role/deploy",
    },
  ],
]);
