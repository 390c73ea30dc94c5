import { mkdirSync, readFileSync } from "node:fs";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AccountsMap } from "../../accounts/schema";
import { changeRetention } from "../../demo/rollout/surroundings";
import {
  PIPELINE_MAP,
  PLANS_BUCKET,
  REGION,
  REPORTS_BUCKET,
  startPipelineAccount,
  SYNC_ROLE,
  WAVES,
  type PipelineAccount,
} from "../helpers/pipelines/account";
import { commit, git, makeRepository, makeStandIns } from "../helpers/pipelines/repository";
import { WorkflowRunner, type JobOutcome, type RunEvent } from "../helpers/pipelines/runner";

const PLANS = `s3://${PLANS_BUCKET}`;
const textOf = (map: AccountsMap) => JSON.stringify(map, null, 2);
const STACKS = [
  "account-sandbox",
  "session-sandbox-eu-central-1",
  "account-payments",
  "session-payments-eu-central-1",
];

let account: PipelineAccount;
let repository: string;
let comments: string;
let runner: WorkflowRunner;
beforeAll(async () => {
  account = await startPipelineAccount({
    kind: "github",
    repository: "acme/audit",
    environments: WAVES,
    branch: "main",
  });
  const directory = account.fleet.path("github");
  mkdirSync(directory);
  repository = makeRepository(directory, { file: "acme.json", text: textOf(PIPELINE_MAP) });
  const standIns = makeStandIns(directory);
  comments = standIns.comments;
  runner = new WorkflowRunner({
    directory,
    repository,
    workflows: "pipelines/github/workflows",
    env: { ...account.env, PATH: `${standIns.path}:${process.env["PATH"]}` },
    vars: {
      SESSION_AUDIT_ACCOUNTS: "acme.json",
      SESSION_AUDIT_REGION: REGION,
      SESSION_AUDIT_PLANS: PLANS,
      SESSION_AUDIT_PLAN_ROLE: account.roleArn("plan"),
      SESSION_AUDIT_DEPLOY_ROLE: account.roleArn("deploy"),
      SESSION_AUDIT_REPORT_ROLE: account.roleArn("report"),
      SESSION_AUDIT_REPORTS: `s3://${REPORTS_BUCKET}/weekly`,
      SESSION_AUDIT_SYNC_ROLE: SYNC_ROLE,
    },
    credentials: account.exchange,
  });
});
afterAll(() => account.fleet.stop());

const REPOSITORY = { repository: "acme/audit" };
const merged = (ref: string): RunEvent => ({
  ref,
  subject: "repo:acme/audit:ref:refs/heads/main",
  github: { ...REPOSITORY, ref: "refs/heads/main" },
});
const pullRequest = (ref: string, from = "acme/audit"): RunEvent => ({
  ref,
  subject: "repo:acme/audit:pull_request",
  github: {
    ...REPOSITORY,
    ref: "refs/pull/7/merge",
    base_ref: "main",
    event: { pull_request: { number: 7, head: { repo: { full_name: from } } } },
  },
});
const results = (jobs: Readonly<Record<string, JobOutcome>>) =>
  Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result]));
const printed = (jobs: Readonly<Record<string, JobOutcome>>) =>
  Object.entries(jobs)
    .filter(([, { result }]) => result === "failure")
    .flatMap(([name, job]) => Object.entries(job.printed).map(([step, text]) => `${name}: ${step}\n${text}`))
    .join("\n");
const keysBelow = async (prefix: string, bucket = PLANS_BUCKET) => {
  const { Contents = [] } = await account.s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
  );
  return Contents.map(({ Key }) => Key!);
};

it("plans what was merged, and deploys these plans wave by wave, with the roles of the templates alone", async () => {
  const jobs = await runner.run("session-audit-deploy.yml", merged("main"));
  expect({ results: results(jobs), refused: account.refused(), printed: printed(jobs) }).toEqual({
    results: {
      matrix: "success",
      "plan (0)": "success",
      plan: "success",
      review: "success",
      "canary / deploy": "success",
      canary: "success",
      "early / deploy": "success",
      early: "success",
      "rest / deploy": "success",
      rest: "success",
    },
    refused: [],
    printed: "",
  });
  expect(jobs["review"]!.summary).toContain("session-sandbox-eu-central-1");
  // Each wave applies its own stacks, and counts those of the earlier waves, which it finds applied.
  const applied = (wave: string) => /(\d+) stacks? applied/.exec(jobs[`${wave} / deploy`]!.summary)?.[1];
  expect(WAVES.map(applied)).toEqual(["2", "2", "4"]);
  const [run] = await keysBelow("journals/");
  expect(run).toMatch(/^journals\/1-1\/whole\/000001\.json$/);
  const stored = await keysBelow("plans/1-1/whole/");
  for (const stack of STACKS) expect(stored).toContain(`plans/1-1/whole/files/${stack}/plan.tfplan`);
});

it("finds no drift after it, and fails once somebody has changed something", async () => {
  const quiet = await runner.run("session-audit-drift.yml", merged("main"));
  expect({ results: results(quiet), printed: printed(quiet) }).toEqual({
    results: { matrix: "success", "drift (0)": "success", drift: "success" },
    printed: "",
  });
  const change = {
    accountId: "222222222222",
    region: REGION,
    logGroup: "/session-audit/acme/sessions",
    days: 7,
  };
  await changeRetention(account.fleet.emulator, change);
  const loud = await runner.run("session-audit-drift.yml", merged("main"));
  expect(loud["drift"]!.result).toBe("failure");
  expect(loud["drift"]!.summary).toMatch(/session-sandbox-eu-central-1[\s\S]*retention/);
  await changeRetention(account.fleet.emulator, { ...change, days: 365 });
});

it("keeps a report every week, one after the other, and publishes each on the security channel", async () => {
  const published = () =>
    account.fleet.emulator.judgments.filter(
      ({ action, allowed, principal }) =>
        action === "sns:Publish" && allowed && principal.includes("session-audit-pipeline-report"),
    ).length;
  for (const week of [1, 2]) {
    const jobs = await runner.run("session-audit-report.yml", merged("main"));
    expect({ results: results(jobs), refused: account.refused(), printed: printed(jobs) }).toEqual({
      results: { report: "success" },
      refused: [],
      printed: "",
    });
    expect(jobs["report"]!.printed["Report"]).toContain(`weekly/chain/00000${week}.json`);
    expect(published()).toBe(week);
  }
  const kept = await keysBelow("weekly/chain/", REPORTS_BUCKET);
  expect(kept).toEqual([expect.stringMatching(/000001\.json$/), expect.stringMatching(/000002\.json$/)]);
});

it("compares the accounts every night, and fails once AWS Organizations has another one", async () => {
  const same = await runner.run("session-audit-sync.yml", merged("main"));
  expect({ results: results(same), refused: account.refused(), printed: printed(same) }).toEqual({
    results: { sync: "success" },
    refused: [],
    printed: "",
  });
  expect(same["sync"]!.summary).toContain("The map has the accounts that AWS Organizations has (3).");
  const { accounts } = account.directory;
  account.directory.accounts = [
    ...accounts,
    { id: "555555555555", name: "Brand New", state: "ACTIVE", parent: account.directory.root },
  ];
  try {
    const other = await runner.run("session-audit-sync.yml", merged("main"));
    expect(results(other)).toEqual({ sync: "failure" });
    expect(other["sync"]!.summary).toMatch(/add +brand-new +555555555555/);
  } finally {
    account.directory.accounts = accounts;
  }
});

describe("a pull request", () => {
  const commentsNow = () => JSON.parse(readFileSync(comments, "utf8")) as { path: string; body: string }[];
  const changed = (days: number): AccountsMap => ({
    ...PIPELINE_MAP,
    accounts: {
      ...PIPELINE_MAP.accounts,
      sandbox: { ...PIPELINE_MAP.accounts["sandbox"]!, logs: { retentionDays: days } },
    } as never,
  });

  it("has one comment on what it changes, which later runs update", async () => {
    git(repository, "checkout", "--quiet", "-b", "longer");
    const first = commit(repository, { file: "acme.json", text: textOf(changed(731)) });
    const jobs = await runner.run("session-audit-plan.yml", pullRequest(first));
    expect({ results: results(jobs), refused: account.refused(), printed: printed(jobs) }).toEqual({
      results: {
        matrix: "success",
        "plan (0)": "success",
        plan: "success",
        review: "success",
        comment: "success",
      },
      refused: [],
      printed: "",
    });
    expect(commentsNow()).toEqual([
      expect.objectContaining({
        path: "repos/acme/audit/issues/7/comments",
        body: expect.stringMatching(/^<!-- session-audit plan -->\n[\s\S]*365[\s\S]*731/),
      }),
    ]);
    // A stack that the change does not concern is not planned.
    expect(jobs["plan"]!.printed["Plan a part"]).toMatch(/stacks? not planned/);

    const second = commit(repository, { file: "acme.json", text: textOf(changed(1827)) });
    await runner.run("session-audit-plan.yml", pullRequest(second));
    expect(commentsNow()).toEqual([expect.objectContaining({ body: expect.stringContaining("1827") })]);
    git(repository, "checkout", "--quiet", "main");
  });

  it("of a fork runs nothing", async () => {
    const jobs = await runner.run("session-audit-plan.yml", pullRequest("main", "evil/audit"));
    expect(new Set(Object.values(results(jobs)))).toEqual(new Set(["skipped"]));
  });

  it.each(["deploy", "report"] as const)("cannot assume the role to %s", async (purpose) => {
    await expect(account.exchange(account.roleArn(purpose), "repo:acme/audit:pull_request")).rejects.toThrow(
      "does not admit",
    );
  });
});

it("deploys no plan folder into which somebody has written after its review", async () => {
  const { fleet, s3 } = account;
  fleet.write(PIPELINE_MAP);
  // Whoever may write into a pull request can do what the role that plans can do.
  Object.assign(fleet.env, await account.exchange(account.roleArn("plan"), "repo:acme/audit:pull_request"));
  expect(await fleet.run("plan", "account-sandbox", "--out", "mine")).toMatchObject({ status: 0 });
  const { stdout } = await fleet.run("store", "mine", `${PLANS}/plans/mine`);
  const stored = stdout.trim();
  expect(stored).toMatch(/^s3:\/\/session-audit-plans-123456789012\/plans\/mine#[0-9a-f]{64}$/);
  expect(await fleet.run("fetch", stored, "fetched")).toMatchObject({ status: 0 });
  expect(readFileSync(fleet.path("fetched", "manifest.json"))).toEqual(
    readFileSync(fleet.path("mine", "manifest.json")),
  );
  const again = await fleet.run("store", "mine", `${PLANS}/plans/mine`);
  expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining("has a plan folder already") });

  const changed = "plans/mine/files/account-sandbox/plan.json";
  await s3.send(new PutObjectCommand({ Bucket: PLANS_BUCKET, Key: changed, Body: "{}" }));
  const swapped = await fleet.run("fetch", stored, "swapped");
  expect(swapped).toMatchObject({ status: 1, stderr: expect.stringContaining("is not what was stored") });
  await s3.send(new PutObjectCommand({ Bucket: PLANS_BUCKET, Key: "plans/mine/files.json", Body: "{}" }));
  const emptied = await fleet.run("fetch", stored, "emptied");
  expect(emptied).toMatchObject({ status: 1, stderr: expect.stringContaining("is not what was stored") });
  expect(await fleet.run("fetch", `${PLANS}/plans/gone#${"a".repeat(64)}`, "gone")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("plan again"),
  });
});

it("lets no role of the pipeline overwrite a journal or a plan folder", async () => {
  const clientOf = async (purpose: "plan" | "deploy") => {
    const found = await account.assume(account.roleArn(purpose));
    return new S3Client({
      endpoint: account.fleet.emulator.endpoint,
      region: REGION,
      forcePathStyle: true,
      credentials: {
        accessKeyId: found["AWS_ACCESS_KEY_ID"]!,
        secretAccessKey: found["AWS_SECRET_ACCESS_KEY"]!,
        sessionToken: found["AWS_SESSION_TOKEN"]!,
      },
    });
  };
  const [plans, deploys] = [await clientOf("plan"), await clientOf("deploy")];
  const put = async (client: S3Client, Key: string, IfNoneMatch?: string) =>
    client.send(new PutObjectCommand({ Bucket: PLANS_BUCKET, Key, Body: "{}", IfNoneMatch })).then(
      () => "written",
      (error: Error) => error.name,
    );
  const [journal] = await keysBelow("journals/1-1/whole/");
  expect({
    overwritten: await put(deploys, journal!),
    conditional: await put(deploys, journal!, "*"),
    created: await put(deploys, "journals/new/000001.json", "*"),
    plain: await put(deploys, "journals/newer/000001.json"),
    plan: await put(plans, "plans/1-1/whole/files.json"),
    planCreated: await put(plans, "plans/new/files.json", "*"),
  }).toEqual({
    overwritten: "AccessDenied",
    conditional: "PreconditionFailed",
    created: "written",
    plain: "AccessDenied",
    plan: "AccessDenied",
    planCreated: "written",
  });
});
