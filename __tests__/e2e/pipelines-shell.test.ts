import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { parse } from "yaml";
import {
  PIPELINE_MAP,
  PLANS_BUCKET,
  REGION,
  REPORTS_BUCKET,
  startPipelineAccount,
  SYNC_ROLE,
  type PipelineAccount,
} from "../helpers/pipelines/account";
import { readBuildspec } from "../helpers/pipelines/buildspec";
import { readGitlab, type GitlabJob } from "../helpers/pipelines/gitlab";
import { commit, git, makeRepository, makeStandIns } from "../helpers/pipelines/repository";
import { runBuild, runGitlabJob, type ShellJobProps } from "../helpers/pipelines/shell-job";

// The scripts of GitLab CI and of CodeBuild, in this order: CodeBuild deploys, and GitLab changes what is deployed.
const PLANS = `s3://${PLANS_BUCKET}`;

let account: PipelineAccount;
let props: ShellJobProps;
beforeAll(async () => {
  account = await startPipelineAccount({
    kind: "codebuild",
    region: REGION,
    planProject: "session-audit-pipeline-plan",
    deployProject: "session-audit-pipeline-deploy",
    reportProject: "session-audit-pipeline-report",
  });
  const directory = account.fleet.path("shell");
  mkdirSync(directory);
  const standIns = makeStandIns(directory);
  props = {
    directory,
    repository: makeRepository(directory, { file: "acme.json", text: JSON.stringify(PIPELINE_MAP) }),
    env: {
      ...account.env,
      PATH: `${standIns.path}:${process.env["PATH"]}`,
      TMPDIR: directory,
      AWS_REGION: REGION,
      SESSION_AUDIT_REGION: REGION,
      SESSION_AUDIT_PLANS: PLANS,
      SESSION_AUDIT_ACCOUNTS: "acme.json",
      SESSION_AUDIT_PLAN_ROLE: account.roleArn("plan"),
      SESSION_AUDIT_DEPLOY_ROLE: account.roleArn("deploy"),
      SESSION_AUDIT_REPORT_ROLE: account.roleArn("report"),
      SESSION_AUDIT_SYNC_ROLE: SYNC_ROLE,
    },
  };
});
afterAll(() => account.fleet.stop());

const reportsBelow = async (prefix: string) => {
  const { Contents = [] } = await account.s3.send(
    new ListObjectsV2Command({ Bucket: REPORTS_BUCKET, Prefix: `${prefix}/chain/` }),
  );
  return Contents.map(({ Key }) => Key!);
};
/** Runs something while AWS Organizations lists an account that the map does not have. */
async function withAnotherAccount<T>(run: () => Promise<T>): Promise<T> {
  const { accounts, root } = account.directory;
  const another = { id: "555555555555", name: "Brand New", state: "ACTIVE", parent: root } as const;
  account.directory.accounts = [...accounts, another];
  try {
    return await run();
  } finally {
    account.directory.accounts = accounts;
  }
}

describe("CodeBuild", () => {
  const PLAN = readBuildspec("pipelines/aws/plan.buildspec.yml");
  const DEPLOY = readBuildspec("pipelines/aws/deploy.buildspec.yml");
  const build = async (purpose: "plan" | "deploy" | "report", variables: NodeJS.ProcessEnv) =>
    runBuild(purpose === "deploy" ? DEPLOY : PLAN, {
      ...props,
      env: { ...props.env, ...(await account.assume(account.roleArn(purpose))), ...variables },
    });

  it("plans, and deploys each wave from what the plan has stored", async () => {
    const planned = await build("plan", { TASK: "plan", CODEBUILD_BUILD_ID: "plan:build-1" });
    expect({ ...planned, refused: account.refused() }).toMatchObject({ status: 0, refused: [] });
    expect(planned.output).toContain("session-sandbox-eu-central-1");
    expect(planned.exported).toMatch(
      /^s3:\/\/session-audit-plans-123456789012\/plans\/build-1#[0-9a-f]{64}$/,
    );
    // A wave counts the stacks of the earlier ones, which it finds applied.
    for (const [WAVE, UNTIL, applied] of [
      ["canary", "canary", 2],
      ["rest", "", 4],
    ] as const) {
      const deployed = await build("deploy", { WAVE, UNTIL, STORED: planned.exported });
      expect({ ...deployed, refused: account.refused() }).toMatchObject({ status: 0, refused: [] });
      expect(deployed.output).toContain(`${applied} stacks applied`);
    }
  });

  it("keeps a report", async () => {
    const SESSION_AUDIT_REPORTS = `s3://${REPORTS_BUCKET}/codebuild`;
    const reported = await build("report", { TASK: "report", SESSION_AUDIT_REPORTS });
    expect({ ...reported, refused: account.refused() }).toMatchObject({ status: 0, refused: [] });
    expect(await reportsBelow("codebuild")).toEqual([expect.stringMatching(/000001\.json$/)]);
  });

  it("compares the accounts, and fails once AWS Organizations has another one", async () => {
    const sync = () => build("plan", { TASK: "sync" });
    expect({ ...(await sync()), refused: account.refused() }).toMatchObject({
      status: 0,
      refused: [],
      output: expect.stringContaining("AWS Organizations has (3)"),
    });
    expect(await withAnotherAccount(sync)).toMatchObject({
      status: 2,
      output: expect.stringContaining("brand-new"),
    });
  });

  it("finds no drift after it, and refuses a task that it does not know", async () => {
    expect(await build("plan", { TASK: "drift" })).toMatchObject({ status: 0, exported: "" });
    expect(await build("plan", { TASK: "destroy" })).toMatchObject({
      status: 1,
      output: expect.stringContaining("TASK=destroy: unknown"),
    });
  });
});

it("compares each stack in one of the parts of a comparison", async () => {
  const { fleet } = account;
  fleet.write(PIPELINE_MAP);
  Object.assign(fleet.env, await account.assume(account.roleArn("plan")));
  writeFileSync(
    fleet.path("durations.json"),
    JSON.stringify({ "account-sandbox": 9, "account-payments": 9 }),
  );
  const compared: number[] = [];
  for (const shard of ["1/2", "2/2"]) {
    const { status, stdout } = await fleet.run(
      "drift",
      "--shard",
      shard,
      "--durations",
      "durations.json",
      "--json",
    );
    expect(status).toBe(0);
    const { summary } = JSON.parse(stdout) as { summary: { stacks: number }[] };
    compared.push(summary.reduce((sum, { stacks }) => sum + stacks, 0));
  }
  expect(compared).toEqual([2, 2]);
});

describe("GitLab", () => {
  const PARENT = readGitlab("pipelines/gitlab/.gitlab-ci.yml");
  const CHILD = readGitlab("pipelines/gitlab/jobs.yml");
  /** Runs a job as GitLab does: with a token instead of credentials. */
  const job = (definition: GitlabJob, variables: NodeJS.ProcessEnv, artifacts?: Record<string, string>) => {
    const gitlab = { AWS_TOKEN: "token", CI_PIPELINE_ID: "7", CI_JOB_ID: "1", CI_NODE_INDEX: "1" };
    return runGitlabJob(definition, { ...props, env: { ...props.env, ...gitlab, ...variables } }, artifacts);
  };

  it("plans a merge request, reviews it, and deploys a wave of it with the roles of the templates", async () => {
    const sandbox = { ...PIPELINE_MAP.accounts["sandbox"]!, logs: { retentionDays: 731 } };
    const changed = { ...PIPELINE_MAP, accounts: { ...PIPELINE_MAP.accounts, sandbox } };
    git(props.repository, "checkout", "--quiet", "-b", "longer");
    commit(props.repository, { file: "acme.json", text: JSON.stringify(changed) });

    const matrix = await job(PARENT.jobs["matrix"]!, {});
    expect(matrix).toMatchObject({ status: 0 });
    const { plan } = parse(readFileSync(join(matrix.clone, "matrix.yml"), "utf8")) as {
      plan: { parallel: { matrix: [{ SHARD: string[] }] } };
    };
    expect(plan.parallel.matrix).toEqual([{ SHARD: ["1/1"] }]);

    const durations = { "durations.json": join(matrix.clone, "durations.json") };
    const planned = await job(CHILD.jobs["plan"]!, { SHARD: "1/1", TARGET: "main" }, durations);
    expect({ ...planned, refused: account.refused() }).toMatchObject({ status: 0, refused: [] });
    expect(planned.output).toMatch(/not planned: the configuration has not changed/);

    const stored = { stored: join(planned.clone, "stored") };
    const reviewed = await job(CHILD.jobs["review"]!, { CI_JOB_ID: "2" }, stored);
    expect({ ...reviewed, refused: account.refused() }).toMatchObject({ status: 0, refused: [] });
    expect(reviewed.output).toMatch(/365[\s\S]*731/);

    const STORED = readFileSync(join(reviewed.clone, "stored.env"), "utf8").trim().replace("STORED=", "");
    const deployed = await job(CHILD.jobs["canary"]!, { STORED });
    expect({ ...deployed, refused: account.refused() }).toMatchObject({ status: 0, refused: [] });
    expect(deployed.output).toContain("1 stack applied");
  });

  it("finds no drift after it", async () => {
    expect(await job(PARENT.jobs["drift"]!, {})).toMatchObject({ status: 0 });
  });

  it("keeps a report", async () => {
    const SESSION_AUDIT_REPORTS = `s3://${REPORTS_BUCKET}/gitlab`;
    const reported = await job(PARENT.jobs["report"]!, { SESSION_AUDIT_REPORTS });
    expect({ ...reported, refused: account.refused() }).toMatchObject({ status: 0, refused: [] });
    expect(await reportsBelow("gitlab")).toEqual([expect.stringMatching(/000001\.json$/)]);
  });

  it("compares the accounts, and fails once AWS Organizations has another one", async () => {
    const sync = () => job(PARENT.jobs["sync"]!, {});
    expect(await sync()).toMatchObject({
      status: 0,
      output: expect.stringContaining("AWS Organizations has (3)"),
    });
    expect(await withAnotherAccount(sync)).toMatchObject({
      status: 2,
      output: expect.stringContaining("brand-new"),
    });
  });

  it("reviews nothing if a part of the plan is gone", async () => {
    writeFileSync(join(props.directory, "1.txt"), `${PLANS}/plans/gone#${"a".repeat(64)}`);
    const reviewed = await job(CHILD.jobs["review"]!, {}, { "stored/1.txt": join(props.directory, "1.txt") });
    expect(reviewed).toMatchObject({ status: 1, output: expect.stringContaining("plan again") });
  });
});
