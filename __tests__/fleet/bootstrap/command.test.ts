import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MINIMUM_GITLAB } from "../../../fleet/bootstrap/trust";
import { run } from "../../../fleet/cli";
import type { AccountsMap } from "../../../accounts/schema";
import exampleMap from "../../fixtures/example-map";
import { exampleWith } from "../../helpers/example";
import { runProgram } from "../../helpers/run-program";

const DEPLOYMENT = { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" };
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-bootstrap-"));
  writeFileSync(join(directory, "map.json"), JSON.stringify({ ...exampleMap, deployment: DEPLOYMENT }));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const bootstrap = (...argv: string[]) =>
  runProgram(run, ["bootstrap", ...argv], {
    cwd: directory,
    env: { SESSION_AUDIT_ACCOUNTS: join(directory, "map.json") },
  });
const GITHUB = ["--pipeline-account", "log-archive", "--github", "acme/audit"];

it("writes both templates, and says how to deploy them", async () => {
  const { status, stdout, stderr } = await bootstrap(...GITHUB, "--out", "out");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(readdirSync(join(directory, "out")).sort()).toEqual([
    ...["accounts.template.json", "pipeline.template.json"],
  ]);
  expect(stdout).toContain("--template-file out/pipeline.template.json");
  expect(stdout).toContain("In account 111111111111.");
});

describe("lets runs deploy", () => {
  const oneWave = exampleWith((map) => {
    delete map.waves;
    for (const account of Object.values(map.accounts)) delete account.wave;
  });
  it.each<[string, AccountsMap, string[], string[]]>([
    ["in the environments of the waves of the map", exampleMap, [], ["canary", "early", "rest"]],
    ["in the environment of the only wave", oneWave, [], ["all"]],
    ["in no other environment than a named one", exampleMap, ["--environment", "live"], ["live"]],
  ])("%s, and says so", async (_, map, argv, environments) => {
    writeFileSync(join(directory, "map.json"), JSON.stringify({ ...map, deployment: DEPLOYMENT }));
    const { stdout } = await bootstrap(...GITHUB, ...argv, "--out", "out");
    const template = readFileSync(join(directory, "out", "pipeline.template.json"), "utf8");
    const admitted = [...template.matchAll(/"repo:acme\/audit:environment:([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(admitted).toEqual(environments);
    expect(stdout).toContain(`Runs in these environments may deploy: ${environments.join(", ")}.`);
  });
});

it.each<[string, string]>([
  ["acme/audit", "repo:acme/audit"],
  ["acme@123456/audit@456789", "repo:acme@123456/audit@456789"],
])(
  "admits subjects of --github %s that begin with %s alone, and calls the repository by its plain name",
  async (github, prefix) => {
    const { stdout } = await bootstrap(
      "--pipeline-account",
      "log-archive",
      "--github",
      github,
      "--out",
      "out",
    );
    const template = readFileSync(join(directory, "out", "pipeline.template.json"), "utf8");
    const prefixes = [...template.matchAll(/"(repo:[^":]+):/g)].map(([, found]) => found);
    expect(prefixes.length).toBeGreaterThan(4);
    expect(new Set(prefixes)).toEqual(new Set([prefix]));
    expect(stdout).toContain("Create them in acme/audit first");
    expect(stdout).toContain(`The roles admit subjects that begin with ${prefix}: and no others.`);
    expect(stdout).toContain("gh api repos/acme/audit/actions/oidc/customization/sub --jq .sub_claim_prefix");
  },
);

it("says in its help which form a repository has, and how its ids are found", async () => {
  const { stdout } = await bootstrap("--help");
  for (const text of [
    "--github acme@123456/session-audit@456789",
    "gh api repos/<owner>/<repository>/actions/oidc/customization/sub --jq .sub_claim_prefix",
    "gh api repos/<owner>/<repository> --jq '.owner.id, .id'",
  ])
    expect(stdout).toContain(text);
});

it("names the templates in words that a shell takes for one file", async () => {
  const { stdout } = await bootstrap(...GITHUB, "--out", "b s'q");
  expect(stdout).toContain("--template-file 'b s'\\''q/pipeline.template.json'\n");
  expect(stdout).toContain("--template-body 'file://b s'\\''q/accounts.template.json'\n");
});

it("has a template that is longer than a request takes it put into a bucket first", async () => {
  const { accounts, ...rest } = JSON.parse(readFileSync(join(directory, "map.json"), "utf8")) as {
    accounts: Record<string, object>;
  };
  const many = Array.from({ length: 140 }, (_, index) => [
    `a${index}`,
    {
      id: String(600_000_000_000 + index),
      homeRegion: "eu-central-1",
      regions: ["eu-central-1"],
      access: { attachToRoles: [`instances-of-account-${index}`] },
    },
  ]);
  const map = { ...rest, accounts: { ...accounts, ...(Object.fromEntries(many) as object) } };
  const short = await bootstrap(...GITHUB, "--out", "out");
  expect(short.stdout).toContain("--template-body file://out/accounts.template.json");
  writeFileSync(join(directory, "map.json"), JSON.stringify(map));
  const { status, stdout } = await bootstrap(...GITHUB, "--out", "out");
  expect(status).toBe(0);
  expect(statSync(join(directory, "out", "accounts.template.json")).size).toBeGreaterThan(51_200);
  expect(stdout).toContain("aws s3 cp out/accounts.template.json s3://<bucket>/");
  expect(stdout).toContain("--template-url https://<bucket>.");
  expect(stdout).not.toContain("--template-body");
});

describe("says which version GitLab needs", () => {
  const onGitlab = async (...host: string[]) =>
    (await bootstrap("--pipeline-account", "log-archive", "--gitlab", "acme/audit", ...host)).stdout;
  it("for an instance of one's own", async () => {
    const text = await onGitlab("--gitlab-host", "gitlab.acme.example");
    expect(text).toContain(`gitlab.acme.example: run GitLab ${MINIMUM_GITLAB} or newer.`);
    expect(text).toContain("https://gitlab.com/gitlab-org/gitlab/-/issues/548165");
  });

  it("and nothing of it for gitlab.com and for other places", async () => {
    expect(await onGitlab()).not.toContain("GitLab");
    expect((await bootstrap(...GITHUB)).stdout).not.toContain("GitLab");
  });
});

it("takes a region of CodeBuild that only the map knows", async () => {
  const map = { ...exampleMap, newRegions: ["eu-west-9"], deployment: DEPLOYMENT };
  writeFileSync(join(directory, "map.json"), JSON.stringify(map));
  const argv = ["--pipeline-account", "log-archive", "--codebuild", "eu-west-9", "--out", "out"];
  expect((await bootstrap(...argv)).status).toBe(0);
  expect(readFileSync(join(directory, "out", "pipeline.template.json"), "utf8")).toContain(
    "arn:aws:codebuild:eu-west-9:111111111111:project/session-audit-pipeline-plan",
  );
});

it.each<[readonly string[], string]>([
  [["--pipeline-account", "log-archive"], "no option says where the pipeline runs"],
  [[...GITHUB, "--gitlab", "acme/audit"], "--github and --gitlab: the pipeline runs in one place"],
  [["--pipeline-account", "1", "--github", "acme/audit"], "12 digits, or an account of the map: log-archive"],
  [["--github", "acme/audit"], "required option '--pipeline-account <id>' not specified"],
  [["--pipeline-account", "log-archive", "--github", "acme/*"], "without wildcards"],
  [["--pipeline-account", "log-archive", "--github", "acme"], "a repository: <owner>/<name>"],
  ...[
    "acme@1/audit",
    "acme/audit@2",
    "acme@*/audit@*",
    "acme@1/audit@*",
    "acme@a/audit@b",
    "acme@01/audit@2",
    "acme@1/a@2/b@3",
    "@1/audit@2",
    "acme@1/audit@2\n",
  ].map((text): [readonly string[], string] => [
    ["--pipeline-account", "log-archive", "--github", text],
    "<owner>@<owner id>/<repository>@<repository id>, whose ids are digits",
  ]),
  [["--pipeline-account", "log-archive", "--github", "acme@1/audit"], "Write both ids or none"],
  [["--pipeline-account", "log-archive", "--github", "acme@1/audit.git@2"], 'Write "acme@1/audit@2"'],
  [[...GITHUB, "--environment", "*"], "no name of one environment"],
  [[...GITHUB, "--branch", "re?ease"], "no name of one branch"],
  [
    ["--pipeline-account", "log-archive", "--gitlab", "a/b", "--gitlab-host", "x y"],
    "no name of one gitlab-host",
  ],
  [
    ["--pipeline-account", "log-archive", "--gitlab", "a/b", "--environment", "x"],
    "only tokens of GitHub Actions",
  ],
  ...["*", "eu-*", "eu-central-1:1:project/*", "eu-west-9"].map((region): [readonly string[], string] => [
    ["--pipeline-account", "log-archive", "--codebuild", region],
    `--codebuild ${JSON.stringify(region)}: no AWS region.`,
  ]),
  [["--pipeline-account", "log-archive", "--codebuild", "eu-central1"], 'Did you mean "eu-central-1"?'],
  [
    ["--pipeline-account", "log-archive", "--codebuild", "cn-north-1"],
    "a region of partition aws, like the accounts of the map",
  ],
  [[...GITHUB, "--branch", "refs/heads/main"], 'Write "main"'],
  [["--pipeline-account", "log-archive", "--gitlab", "gitlab.com/acme/audit"], 'Write "acme/audit"'],
  [["--pipeline-account", "log-archive", "--gitlab", "acme/audit.git"], 'Write "acme/audit"'],
  [["--pipeline-account", "log-archive", "--github", "acme/audit.git"], 'Write "acme/audit"'],
  [
    ["--pipeline-account", "log-archive", "--gitlab", "a/b", "--gitlab-host", "gitlab"],
    "no name of one gitlab-host",
  ],
])("writes nothing and says what is wrong with %j", async (argv, text) => {
  const { status, stdout, stderr } = await bootstrap(...argv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(text);
  expect(readdirSync(directory)).toEqual(["map.json"]);
});
