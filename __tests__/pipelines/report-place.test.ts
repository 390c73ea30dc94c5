import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandsOf, readBuildspec } from "../helpers/pipelines/buildspec";
import { readGitlab } from "../helpers/pipelines/gitlab";
import { bash } from "../helpers/pipelines/runner";
import { readWorkflow } from "../helpers/pipelines/workflow";

// What a schedule runs to keep the weekly report, with the variable that names the place.
const GITHUB = readWorkflow("pipelines/github/workflows/session-audit-report.yml").jobs["report"]!.steps!;
const SCRIPTS: readonly [host: string, script: string, variable: string][] = [
  ["GitHub Actions", GITHUB.find(({ name }) => name === "Report")!.run!, "REPORTS"],
  [
    "GitLab CI",
    readGitlab("pipelines/gitlab/.gitlab-ci.yml").jobs["report"]!.script!.join("\n"),
    "SESSION_AUDIT_REPORTS",
  ],
  ["CodeBuild", commandsOf(readBuildspec("pipelines/aws/plan.buildspec.yml")), "SESSION_AUDIT_REPORTS"],
];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-report-place-"));
  for (const name of ["npx", "npm"]) {
    writeFileSync(join(directory, name), `#!/bin/sh\necho "$@" >> ${join(directory, `${name}.log`)}\n`);
    chmodSync(join(directory, name), 0o755);
  }
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const report = (script: string, variables: Readonly<Record<string, string>>) =>
  bash(script, directory, {
    PATH: `${directory}:${process.env["PATH"]}`,
    TASK: "report",
    ...variables,
  });

describe.each(SCRIPTS)("the report of %s", (_, script, variable) => {
  it.each([
    ["is not set", {}],
    ["is empty", { [variable]: "" }],
  ])("fails before it reads AWS if its place %s, and names the variable", async (_, variables) => {
    const { status, output } = await report(script, variables);
    expect({ status, asked: existsSync(join(directory, "npx.log")) }).toEqual({ status: 1, asked: false });
    expect(output).toContain("SESSION_AUDIT_REPORTS");
  });

  it("is kept in its place", async () => {
    const { status } = await report(script, { [variable]: "s3://acme-reports/weekly" });
    expect(status).toBe(0);
    expect(readFileSync(join(directory, "npx.log"), "utf8")).toBe(
      "session-audit report --out s3://acme-reports/weekly --publish\n",
    );
  });
});
