import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

const GOOD: Changes = {
  "pipeline.account.id": "999999999999",
  "pipeline.region": "eu-central-1",
  state: { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "session-audit" },
};
const problemsWith = (changes: Changes) => problemsOf(mapWith({ ...GOOD, ...changes }));

it("a good pipeline has no problem", () => {
  expect(problemsWith({})).toEqual([]);
});

const WORKERS = {
  repository: "https://github.com/acme/audit.git",
  connection: "arn:aws:codeconnections:eu-central-1:999999999999:connection/0f0f",
};

it.each(["acme.yaml", "./acme.yaml", "maps/production.json", "accounts/index.ts", "a..b/..c.yml"])(
  "workers may read the map %s of their clone",
  (map) => expect(problemsWith({ "pipeline.workers": { ...WORKERS, map } })).toEqual([]),
);

/** A change to a good map with a pipeline, and the one problem that it must lead to. */
it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  ["no account", { "pipeline.account": undefined }, "pipeline.account", "id", "account: {"],
  [
    "an account id as a number",
    { "pipeline.account.id": 999999999999 },
    "pipeline.account.id",
    "12 digits",
    "in quotes",
  ],
  ["plans that never expire", { "pipeline.planDays": 0 }, "pipeline.planDays", "1 to 35", "approval"],
  [
    "a heartbeat of a second",
    { "pipeline.heartbeatMinutes": 1 },
    "pipeline.heartbeatMinutes",
    "5 to 359",
    "start",
  ],
  [
    "a heartbeat that is not shorter than the time after which an item fails",
    { "pipeline.heartbeatMinutes": 360 },
    "pipeline.heartbeatMinutes",
    "5 to 359",
    "start",
  ],
  [
    "workers without a connection",
    { "pipeline.workers": { repository: "https://github.com/acme/audit.git" } },
    "pipeline.workers.connection",
    "CodeConnections",
    "copy the ARN",
  ],
  ...[
    "https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/audit",
    "https://dev.azure.com/acme/audit/_git/audit",
    "https://acme.visualstudio.com/audit",
  ].map((repository): [string, Changes, string, string, string] => [
    `a repository where CodeConnections does not connect: ${repository}`,
    { "pipeline.workers": { ...WORKERS, repository } },
    "pipeline.workers.repository",
    "GitHub, GitLab or Bitbucket Cloud",
    "give the URL",
  ]),
  ...["BUILD_LAMBDA_1GB", "BUILD_GENERAL1_HUGE"].map(
    (computeType): [string, Changes, string, string, string] => [
      `the machine ${computeType}, which runs no containers of Linux`,
      { "pipeline.workers": { ...WORKERS, computeType } },
      "pipeline.workers.computeType",
      '"BUILD_GENERAL1_SMALL"',
      "",
    ],
  ),
  [
    "a repository by ssh",
    {
      "pipeline.workers": {
        repository: "git@github.com:acme/audit.git",
        connection: "arn:aws:codeconnections:eu-central-1:999999999999:connection/0f0f",
      },
    },
    "pipeline.workers.repository",
    "https URL",
    "give the URL",
  ],
  ...[
    ["/acme.yaml", 'write "acme.yaml"'],
    ["../acme.yaml", 'write "acme.yaml"'],
    ["maps/../../acme.yaml", 'write "acme.yaml"'],
    ...["", "acme", "acme.yaml;x", "https://x/acme.yaml"].map((map) => [map, "name the file"] as const),
  ].map(([map, remedy]): [string, Changes, string, string, string] => [
    `the map ${JSON.stringify(map)} of workers`,
    { "pipeline.workers": { ...WORKERS, map } },
    "pipeline.workers.map",
    "without ..",
    remedy!,
  ]),
  [
    "another partition",
    { "pipeline.region": "cn-north-1" },
    "pipeline.region",
    "partition aws",
    "name a region",
  ],
  [
    "states in a directory",
    { state: { backend: "local", directory: "state" } },
    "state.backend",
    '"s3" or "cloud"',
    "leave pipeline out",
  ],
  [
    "ambient credentials",
    { deployment: { mode: "ambient" } },
    "deployment.mode",
    '"assume-role"',
    "leave pipeline out",
  ],
  [
    "a role of another account",
    { "deployment.role": "arn:aws:iam::444444444444:role/deploy" },
    "pipeline.account.role",
    "role of account 999999999999",
    "name the role",
  ],
  [
    "two roles in one account",
    {
      "guardrails.managementAccount.id": "999999999999",
      "guardrails.managementAccount.homeRegion": "us-east-1",
      "guardrails.managementAccount.role": "deploy-policies",
      "guardrails.organizationalUnits": ["ou-ab12-1a2b3c4d"],
      "guardrails.breakGlassRoles": ["arn:aws:iam::*:role/break-glass"],
    },
    "pipeline.account.role",
    "the same role",
    "both places",
  ],
])("%s", (_, changes, path, allowed, remedy) => {
  expect(problemsWith(changes)).toContainEqual(oneProblem(path, allowed, remedy)[0]);
});
