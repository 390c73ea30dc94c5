import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Template } from "../../fleet/bootstrap/templates";
import { run } from "../../fleet/cli";
import exampleMap from "../fixtures/example-map";
import { rolesOf } from "../helpers/cloudformation";
import { runProgram } from "../helpers/run-program";
import { workflowFaults } from "../helpers/pipelines/check-workflow";
import { startedOnGithub } from "../helpers/pipelines/after-failure";
import { readWorkflow, type Workflow } from "../helpers/pipelines/workflow";
import { read, ROOT } from "../helpers/documents";

const FOLDERS = ["pipelines/github/workflows", ".github/workflows"];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name): [string, string] => [folder, name]),
);

it.each(FILES)("%s/%s has no fault", (folder, name) => {
  const file = `${folder}/${name}`;
  const text = readFileSync(join(ROOT, file), "utf8");
  expect(workflowFaults(readWorkflow(file), text, readdirSync(join(ROOT, folder)))).toEqual([]);
});

it("keeps two deployments apart, and lets a deployment wait for the end of another", () => {
  const { concurrency } = readWorkflow("pipelines/github/workflows/session-audit-deploy.yml");
  expect(concurrency).toEqual({ group: "session-audit-deploy", "cancel-in-progress": false });
});

it("assumes the role that deploys in jobs with an environment alone", () => {
  const taking = FILES.flatMap(([folder, name]) =>
    Object.values(readWorkflow(`${folder}/${name}`).jobs).filter((job) =>
      JSON.stringify(job).includes("SESSION_AUDIT_DEPLOY_ROLE"),
    ),
  );
  expect(taking.map(({ environment }) => environment)).toEqual(["${{ inputs.wave }}"]);
});

describe("the roles that bootstrap makes without options", () => {
  const read = (name: string) => readWorkflow(`pipelines/github/workflows/${name}.yml`);
  /** Jobs that assume the role of a variable, as they run for a push or a schedule on the branch, by their subjects. */
  const subjectsOf = (variable: string): Set<string> => {
    const subjects = ["deploy", "drift", "plan", "report", "sync"].flatMap((name) => {
      const { jobs, on } = read(`session-audit-${name}`);
      const ofEvent = "pull_request" in on ? "pull_request" : "ref:refs/heads/main";
      return Object.values(jobs).flatMap(({ uses, with: inputs, ...job }) => {
        const called = uses === undefined ? [job] : Object.values(read("session-audit-wave").jobs);
        return called
          .filter((one) => JSON.stringify(one).includes(variable))
          .map(({ environment }) =>
            environment === undefined
              ? ofEvent
              : `environment:${environment.replace("${{ inputs.wave }}", String(inputs!["wave"]))}`,
          );
      });
    });
    return new Set(subjects);
  };
  let template: Template;
  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), "session-audit-environments-"));
    try {
      const map = { ...exampleMap, deployment: { mode: "assume-role", role: "deploy", planRole: "plan" } };
      writeFileSync(join(directory, "map.json"), JSON.stringify(map));
      const argv = ["bootstrap", "--pipeline-account", "111111111111", "--github", "acme/audit"];
      await runProgram(run, [...argv, "--out", directory], {
        cwd: directory,
        env: { SESSION_AUDIT_ACCOUNTS: join(directory, "map.json") },
      });
      template = JSON.parse(readFileSync(join(directory, "pipeline.template.json"), "utf8")) as Template;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it.each<[string, string, string[]]>([
    ["plan", "SESSION_AUDIT_PLAN_ROLE", ["pull_request", "ref:refs/heads/main"]],
    ["deploy", "SESSION_AUDIT_DEPLOY_ROLE", ["environment:canary", "environment:early", "environment:rest"]],
    ["report", "SESSION_AUDIT_REPORT_ROLE", ["ref:refs/heads/main"]],
  ])("admit the jobs that %s, and no others", (purpose, variable, expected) => {
    expect([...subjectsOf(variable)].sort()).toEqual(expected);
    const { trust } = rolesOf(template, "111111111111", { IdentityProvider: "create" }).find(({ name }) =>
      name.endsWith(`-${purpose}`),
    )!;
    const [{ Condition }] = trust.Statement as [{ Condition: { StringEquals: Record<string, string[]> } }];
    const admitted = Condition.StringEquals["token.actions.githubusercontent.com:sub"]!;
    expect([...admitted].sort()).toEqual(expected.map((subject) => `repo:acme/audit:${subject}`));
  });
});

it("deploys the waves one after the other, and the rest last", () => {
  const { jobs } = readWorkflow("pipelines/github/workflows/session-audit-deploy.yml");
  const waves = Object.entries(jobs).filter(([, { uses }]) => uses !== undefined);
  expect(waves.map(([name, { needs, with: inputs }]) => [name, needs, inputs?.["rest"] ?? false])).toEqual([
    ["canary", "review", false],
    ["early", ["review", "canary"], false],
    ["rest", ["review", "early"], true],
  ]);
  for (const [name, { with: inputs }] of waves) expect(inputs).toMatchObject({ wave: name });
});

describe("after a plan in which a stack has failed", () => {
  it.each([
    ["reviews", "session-audit-plan.yml", ["matrix", "plan", "review", "comment"]],
    ["neither reviews nor deploys", "session-audit-deploy.yml", ["matrix", "plan"]],
  ])("%s: %s", (_, name, started) => {
    const workflow = readWorkflow(`pipelines/github/workflows/${name}`);
    expect(startedOnGithub(workflow, ["plan"])).toEqual(started);
    expect(startedOnGithub(workflow, [])).toEqual(Object.keys(workflow.jobs));
  });

  it.each(["session-audit-plan.yml", "session-audit-deploy.yml"])("says so in %s", (name) => {
    const file = `pipelines/github/workflows/${name}`;
    const isReviewed = startedOnGithub(readWorkflow(file), ["plan"]).includes("review");
    expect(/has failed is reviewed too/.test(read(file))).toBe(isReviewed);
    // What is never reviewed is not stored either.
    const [script] = readWorkflow(file).jobs["plan"]!.steps!.flatMap(({ name: of, run }) =>
      of === "Plan a part" ? [run!] : [],
    );
    expect(script!.indexOf('[ "$code" -eq 0 ]') > script!.indexOf("session-audit store")).toBe(isReviewed);
  });
});

describe("the checker finds", () => {
  const PIN = `actions/checkout@${"a".repeat(40)} # v4.2.2`;
  const VALID = `
on: { push: {} }
permissions: {}
concurrency: { group: one, cancel-in-progress: false }
defaults: { run: { shell: bash } }
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions: { contents: read }
    outputs: { stored: "\${{ steps.made.outputs.stored }}" }
    steps:
      - uses: ${PIN}
        with: { persist-credentials: false }
      - id: made
        run: echo "stored=1" >> "$GITHUB_OUTPUT"
  next:
    needs: build
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions: { contents: read }
    steps:
      - env: { STORED: "\${{ needs.build.outputs.stored }}" }
        run: echo "$STORED"
`;
  const faultsOf = (text: string) => workflowFaults(parse(text) as Workflow, text);

  it("nothing in a workflow that has all", () => expect(faultsOf(VALID)).toEqual([]));

  it.each<[what: string, from: string | RegExp, to: string, fault: string]>([
    ["an action by its tag", PIN, "actions/checkout@v4", "pin it by a commit"],
    ["a pin without its version", " # v4.2.2", "", "pin it by a commit"],
    ["a trigger with secrets for forks", "{ push: {} }", "{ pull_request_target: {} }", "runs with secrets"],
    ["permissions for all jobs", "permissions: {}", "permissions: { contents: write }", "permissions: {}"],
    ["default permissions", "permissions: {}\n", "", "permissions: {}"],
    ["a job that may write", "{ contents: read }", "{ contents: write }", "more permissions"],
    ["a token for no role", "{ contents: read }", "{ id-token: write }", "id-token: write belongs"],
    ["no concurrency", /concurrency:.*\n/.source, "", "no concurrency group"],
    ["an expression in a script", 'echo "$STORED"', 'echo "${{ github.head_ref }}"', "hand it over in env"],
    ["no time limit", "timeout-minutes: 10", "name: x", "timeout-minutes of at most 360"],
    ["a time limit that is too long", "minutes: 10", "minutes: 361", "timeout-minutes of at most 360"],
    ["a runner without a version", "ubuntu-24.04", "ubuntu-latest", "runs-on must name a version"],
    ["a job that is missing", "needs: build", "needs: other", "needs other, which is no job"],
    ["an output that no step writes", 'echo "stored=1"', 'echo "other=1"', "does not write stored"],
    ["an output of no step", "id: made", "id: done", "steps.made is no step"],
    [
      "an output of no job",
      'outputs.stored }}" }\n        run',
      'outputs.other }}" }\n        run',
      "is no output",
    ],
    ["a script that bash cannot read", 'echo "$STORED"', "if true", "syntax error"],
    ["a token that stays", "persist-credentials: false", "fetch-depth: 0", "leave its token behind"],
    ["another shell", "shell: bash", "shell: sh", "shell: bash stops"],
  ])("%s", (_, from, to, fault) => {
    const changed = VALID.replace(_ === "no concurrency" ? new RegExp(from) : from, to);
    expect(changed).not.toBe(VALID);
    expect(faultsOf(changed).join("\n")).toContain(fault);
  });

  it("runs that are cancelled while they hold locks", () => {
    const cancelling = VALID.replace("cancel-in-progress: false", "cancel-in-progress: true");
    expect(faultsOf(cancelling)).toEqual([]);
    expect(faultsOf(cancelling.replace("{ contents: read }", "{ id-token: write }")).join()).toContain(
      "leaves locks",
    );
  });

  it.each([
    ["a deployment after a failure", "    if: ${{ !cancelled() }}\n", ""],
    ["a deployment after a job that goes on after a failure", "", "    if: ${{ always() }}\n"],
  ])("%s", (_, ofDeployment, ofReview) => {
    const deploying = VALID.replace('echo "$STORED"', "npx session-audit deploy plans/whole").replace(
      "  next:\n",
      `  next:\n${ofDeployment}`,
    );
    expect(faultsOf(deploying.replace(ofDeployment, ""))).toEqual([]);
    const faults = faultsOf(deploying.replace("  build:\n", `  build:\n${ofReview}`));
    expect(faults).toEqual(["next: a deployment starts only if everything before it has succeeded"]);
  });

  it("an artifact that stays", () => {
    const upload = VALID.replace(
      `- uses: ${PIN}\n        with: { persist-credentials: false }`,
      `- uses: actions/upload-artifact@${"b".repeat(40)} # v4.4.3\n        with: { retention-days: 90 }`,
    );
    expect(faultsOf(upload)).toEqual(["build: step 1: an artifact needs retention-days of at most 30"]);
  });
});
