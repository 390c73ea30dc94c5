import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { AccountsMap } from "../../accounts/schema";
import { clientConfig, createRole } from "../../demo/people";
import { changeRetention } from "../../demo/rollout/surroundings";
import { ROOT_CREDENTIALS } from "../../emulator/clients/identities";
import { sha256Of } from "../../files/checksum";
import { Journal, type JournalLine } from "../../fleet/deploy/journal";
import { s3Store } from "../../fleet/deploy/journal-stores";
import { readManifest } from "../../fleet/plan-folder";
import type { Review } from "../../review/model";
import { checkMap } from "../../stacks/read-organization";
import { pipelineOf } from "../../stacks/names";
import { workerPolicy } from "../../stacks/policies/pipeline-policy";
import { ROOT } from "../helpers/embedded";
import { Fleet, STATE_BUCKET, withS3State } from "../helpers/fleet";
import { commit, git, makeRepository } from "../helpers/pipelines/repository";
import { until } from "../helpers/until";
import { foreignLock } from "../helpers/foreign-lock";

// The stack of the pipeline, deployed by the real Terraform; then plan, deploy and drift by three workers on one queue.
const REGION = "eu-central-1";
/** Moto runs the tasks of state machines in this account. */
const ACCOUNT = "123456789012";
const WAVES = ["canary", "early", "rest"] as const;
/** Accounts in three waves. An account has one small stack, and its target another one. */
const IDS = ["222222222222", "333333333333", "444444444444", "555555555555"];
const MAP: AccountsMap = withS3State({
  organization: { name: "acme", id: "o-a1b2c3d4e5" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy" },
  waves: ["canary", { name: "early", failureTolerance: 1 }, "rest"],
  trail: "existing",
  transcripts: { bucket: "none" },
  preferences: { enforce: { s3: false } },
  notifications: { activity: { enabled: false }, security: { enabled: false } },
  protect: false,
  pipeline: {
    account: { id: ACCOUNT },
    region: REGION,
    workers: {
      repository: "https://github.com/acme/session-audit.git",
      connection: `arn:aws:codeconnections:${REGION}:${ACCOUNT}:connection/0f0f0f0f`,
    },
  },
  accounts: Object.fromEntries(
    IDS.map((id, index) => [
      `account${index + 1}`,
      { id, homeRegion: REGION, regions: [REGION], wave: WAVES[[0, 1, 1, 2][index]!]! },
    ]),
  ),
});
const organization = checkMap(MAP, "map");
const PIPELINE = pipelineOf(organization, organization.pipeline!);

let fleet: Fleet;
let s3: S3Client;
let sqs: SQSClient;
const workers: Worker[] = [];

/** A role with the policy that the stack gives to the builds of CodeBuild, which nobody else takes. */
const WORKER_ROLE = "worker";
/** Its credentials. The embedded AWS judges every call that workers make with them. */
let workerCredentials: NodeJS.ProcessEnv;

/** A worker in a process of its own. */
class Worker {
  output = "";
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  constructor(name: string, program = ROOT) {
    const words = ["worker", "--queue", PIPELINE.queueUrl, "--directory", name];
    this.child = spawn(process.execPath, [join(program, "fleet", "bin.mjs"), ...words], {
      cwd: fleet.directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...fleet.env, ...workerCredentials },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    this.ended = once(this.child, "exit").then(([code]: (number | null)[]) => code!);
    workers.push(this);
  }
  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
  says(words: RegExp): Promise<void> {
    return until(() => words.test(this.output), { what: `worker that says ${words}: ${this.output}` });
  }
}

const keysBelow = async (bucket: string, Prefix: string) =>
  ((await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))).Contents ?? []).map(
    ({ Key }) => Key!,
  );
const locks = async () =>
  (await keysBelow(STATE_BUCKET, "session-audit/")).filter((key) => key.endsWith(".tflock"));

/** The journal of the deployment of a plan folder. It throws if the journal is not whole. */
async function journalOf(folder: string, below = "whole"): Promise<readonly JournalLine[]> {
  const origin = sha256Of(readFileSync(fleet.path(folder, "manifest.json")));
  const store = await s3Store(`s3://${PIPELINE.bucket}/journals/${origin}/${below}`, process.env);
  return (await Journal.open(store, origin)).lines;
}
const applied = (lines: readonly JournalLine[]) =>
  lines.flatMap((line) => (line.event === "ended" && line.result === "applied" ? [line.stack] : [])).sort();
const outcomes = (stdout: string) =>
  Object.fromEntries(
    (JSON.parse(stdout) as { stacks: { id: string; result: string; reason?: string }[] }).stacks.map(
      ({ id, result, reason }) => [id, reason === undefined ? result : `${result}: ${reason}`],
    ),
  );
const PIPELINE_IDS = organization.accounts.flatMap(({ name }) => [
  `account-${name}`,
  `session-${name}-${REGION}`,
]);

beforeAll(async () => {
  fleet = await Fleet.start({ executesStateMachines: true, judgedRoles: [WORKER_ROLE] });
  Object.assign(fleet.env, { AWS_REGION: REGION });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: fleet.emulator.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: ROOT_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT_CREDENTIALS.secretAccessKey,
  });
  fleet.write(MAP);
  const config = { endpoint: fleet.emulator.endpoint, region: REGION, credentials: ROOT_CREDENTIALS };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const iam = new IAMClient(await clientConfig(fleet.emulator, ACCOUNT, "us-east-1"));
  await createRole(iam, WORKER_ROLE, { AWS: `arn:aws:iam::${ACCOUNT}:root` });
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: WORKER_ROLE,
      PolicyName: "pipeline",
      PolicyDocument: JSON.stringify(workerPolicy(organization, organization.pipeline!)),
    }),
  );
  const { accessKeyId, secretAccessKey, sessionToken } = await fleet.emulator.credentials(
    ACCOUNT,
    WORKER_ROLE,
  );
  workerCredentials = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
});

/** What AWS has refused to workers. */
const refused = () =>
  fleet.emulator.judgments
    .filter(({ allowed }) => !allowed)
    .map(({ action, resource, reason }) => `${action} ${resource}: ${reason}`);
afterEach(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await Promise.all(workers.splice(0).map(({ ended }) => ended));
});
afterAll(() => fleet?.stop());

it("the stack of the pipeline is deployed, and a second plan has no changes", async () => {
  const planned = await fleet.run("plan", "--kind", "pipeline", "--out", "pipeline");
  expect({ ...planned, stdout: planned.stdout.slice(0, 900) }).toMatchObject({ status: 2 });
  const deployed = await fleet.run("deploy", "pipeline");
  expect(deployed).toMatchObject({ status: 0, stdout: expect.stringContaining("1 stack applied") });
  const again = await fleet.run("plan", "--kind", "pipeline", "--out", "pipeline-again");
  expect(again).toMatchObject({ status: 0 });
});

describe("three workers on one queue", () => {
  it("plan in parts, which are merged into one plan folder", async () => {
    for (const name of ["one", "two", "three"]) new Worker(name);
    const ids = ["account-*", "session-*"];
    const options = ["--parts", "3", "--workers", "3", "--out", "whole", "--json"];
    const { status, stdout } = await fleet.run("distribute", "plan", ...ids, ...options);
    expect(status).toBe(2);
    const { stacks, shard } = JSON.parse(stdout) as { stacks: { id: string }[]; shard: null };
    expect(stacks.map(({ id }) => id).sort()).toEqual([...PIPELINE_IDS].sort());
    expect(shard).toBeNull();
    expect(refused()).toEqual([]);
  });

  it("deploy: one is killed in the middle of an apply, a stack fails, and nothing is applied twice", async () => {
    // Somebody has locked the state of one stack of the second wave, which tolerates one failure.
    const lock = "session-audit/session-account3-eu-central-1.tfstate.tflock";
    await s3.send(new PutObjectCommand({ Bucket: STATE_BUCKET, Key: lock, Body: foreignLock(lock) }));
    const killed = new Worker("killed");
    const running = fleet.start(
      "distribute",
      "deploy",
      "whole",
      "--workers",
      "3",
      "--lock-timeout",
      "1s",
      "--json",
    );
    // The first stack of the first wave is with the only worker.
    await killed.says(/deploy account-account1: begins/);
    const chain = "stacks/account-account1";
    await until(async () => (await journalOf("whole", chain)).some(({ event }) => event === "started"), {
      what: "apply that has begun",
    });
    killed.kill("SIGKILL");
    await killed.ended;
    const others = ["one", "two", "three"].map((name) => new Worker(name));
    const { status, stdout, stderr } = await running.ended;
    expect({ status, stderr }).toMatchObject({ status: 1 });
    const reported = outcomes(stdout);
    expect(reported["session-account3-eu-central-1"]).toMatch(
      /^failed: the state is locked by alice@laptop \(Apply\), for \d+ min; lock id 1111/,
    );
    const done = PIPELINE_IDS.filter((id) => id !== "session-account3-eu-central-1");
    expect(Object.keys(reported).filter((id) => reported[id] === "applied")).toEqual(
      expect.arrayContaining(done.filter((id) => id !== "account-account1")),
    );
    const lines = await journalOf("whole");
    expect(applied(lines)).toEqual([...done].sort());
    // The apply that the killed worker had begun was finished by its Terraform, and not begun by another worker.
    expect(
      lines.filter((line) => line.event === "started" && line.stack === "account-account1"),
    ).toHaveLength(1);
    expect(await locks()).toEqual([lock]);
    others[0]!.kill("SIGINT");
    expect(await others[0]!.ended).toBe(130);

    await s3.send(new DeleteObjectCommand({ Bucket: STATE_BUCKET, Key: lock }));
    const resumed = await fleet.run("distribute", "deploy", "whole", "--resume", "--workers", "3", "--json");
    expect(resumed.status).toBe(0);
    expect(
      Object.entries(outcomes(resumed.stdout)).filter(([, outcome]) => outcome !== "applied before"),
    ).toEqual([["session-account3-eu-central-1", "applied"]]);
    expect(applied(await journalOf("whole"))).toEqual([...PIPELINE_IDS].sort());
    expect(await locks()).toEqual([]);
    expect(refused()).toEqual([]);
  });

  it("find no drift, and leave no message in the queue", async () => {
    for (const name of ["one", "two", "three"]) new Worker(name);
    const ids = ["account-*", "session-*"];
    const drift = await fleet.run("distribute", "drift", ...ids, "--parts", "3", "--workers", "3", "--json");
    expect(drift.status).toBe(0);
    const { summary } = JSON.parse(drift.stdout) as { summary: { stacks: number }[] };
    expect(summary.reduce((sum, { stacks }) => sum + stacks, 0)).toBe(PIPELINE_IDS.length);
    await until(
      async () => {
        const { Attributes } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl: PIPELINE.queueUrl, AttributeNames: ["All"] }),
        );
        return (
          Attributes!["ApproximateNumberOfMessages"] === "0" &&
          Attributes!["ApproximateNumberOfMessagesNotVisible"] === "0"
        );
      },
      { what: "empty queue" },
    );
  });

  it("ask CloudTrail who made the changes that they find", async () => {
    const change = { accountId: IDS[0]!, region: REGION, logGroup: "/session-audit/acme/sessions" };
    await changeRetention(fleet.emulator, { ...change, days: 7 });
    for (const name of ["one", "two"]) new Worker(name);
    const { status, stdout } = await fleet.run(
      "distribute",
      "drift",
      "session-*",
      "--who",
      "--parts",
      "2",
      "--workers",
      "2",
      "--json",
    );
    await changeRetention(fleet.emulator, { ...change, days: 365 });
    expect(status).toBe(2);
    const { who } = JSON.parse(stdout) as Review;
    expect(who).toMatchObject([
      {
        stack: `session-account1-${REGION}`,
        accountId: IDS[0],
        region: REGION,
        calls: [{ event: "PutRetentionPolicy", source: "logs.amazonaws.com" }, {}],
      },
    ]);
  });

  it("cannot overwrite what they have written, even with all rights of a worker", async () => {
    const credentials = {
      accessKeyId: workerCredentials["AWS_ACCESS_KEY_ID"]!,
      secretAccessKey: workerCredentials["AWS_SECRET_ACCESS_KEY"]!,
      sessionToken: workerCredentials["AWS_SESSION_TOKEN"]!,
    };
    const worker = new S3Client({
      endpoint: fleet.emulator.endpoint,
      region: REGION,
      credentials,
      forcePathStyle: true,
    });
    const put = (Key: string, IfNoneMatch?: string) =>
      worker.send(new PutObjectCommand({ Bucket: PIPELINE.bucket, Key, Body: "{}", IfNoneMatch })).then(
        () => "written",
        (error: Error) => error.name,
      );
    const keys = await keysBelow(PIPELINE.bucket, "");
    const one = (pattern: RegExp) => keys.find((key) => pattern.test(key))!;
    const written = [
      /^journals\/\w+\/whole\/000001\.json$/,
      /^journals\/\w+\/stacks\/[\w-]+\/000001\.json$/,
      /^plans\/.*\/files\.json$/,
      /^runs\/[\w-]+\/stages\/000\.json$/,
      /^runs\/[\w-]+\/results\/.*\/done\.json$/,
    ].map(one);
    for (const key of written) {
      expect([key, await put(key), await put(key, "*")]).toEqual([
        expect.any(String),
        "AccessDenied",
        "PreconditionFailed",
      ]);
    }
    // An item that failed may be tried again, and its new failure replaces the old one.
    expect(await put(one(/^runs\/[\w-]+\/results\/.*\/failed\.json$/))).toBe("written");
  });

  it("go on on one machine with the same journal", async () => {
    const origin = sha256Of(readFileSync(fleet.path("whole", "manifest.json")));
    const journal = `s3://${PIPELINE.bucket}/journals/${origin}/whole`;
    const { status, stdout } = await fleet.run("deploy", "whole", "--journal", journal, "--resume", "--json");
    expect(status).toBe(0);
    expect(new Set(Object.values(outcomes(stdout)))).toEqual(new Set(["applied before"]));
  });

  it("plan only what has changed since a commit", async () => {
    const repository = makeRepository(fleet.directory, { file: "acme.json", text: JSON.stringify(MAP) });
    for (const name of ["node_modules", ".cache"]) symlinkSync(join(ROOT, name), join(repository, name));
    const account2 = { ...MAP.accounts["account2"]!, logs: { retentionDays: 731 } };
    const changed = { ...MAP, accounts: { ...MAP.accounts, account2 } };
    const before = git(repository, "rev-parse", "HEAD").trim();
    commit(repository, { file: "acme.json", text: JSON.stringify(changed) });
    Object.assign(fleet.env, { SESSION_AUDIT_ACCOUNTS: join(repository, "acme.json") });
    for (const name of ["one", "two"]) new Worker(name, repository);
    const options = ["--parts", "2", "--workers", "2", "--out", "branch", "--changed-since", "HEAD~1"];
    const ids = ["account-*", "session-*"];
    const run = fleet.startIn(repository, "distribute", "plan", ...ids, ...options);
    expect(await run.ended).toMatchObject({
      status: 2,
      stdout: expect.stringContaining(
        "1 stack planned: 1 with changes.\n7 stacks not planned: the configuration has not changed.\n",
      ) as string,
    });
    const { shard, changedSince, unchanged, stacks } = await readManifest(fleet.path("branch"));
    expect({ shard, changedSince, stacks: stacks.map(({ id }) => id) }).toEqual({
      shard: null,
      changedSince: { ref: "HEAD~1", commit: before },
      stacks: [`session-account2-${REGION}`],
    });
    expect([...unchanged, `session-account2-${REGION}`].sort()).toEqual([...PIPELINE_IDS].sort());
  });
});
