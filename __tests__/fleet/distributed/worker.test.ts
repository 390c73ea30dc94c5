import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { sha256Of } from "../../../files/checksum";
import { run } from "../../../fleet/cli";
import { item as itemSchema } from "../../../fleet/distributed/item";
import type { Received } from "../../../fleet/distributed/queue";
import { sourceVersion } from "../../../fleet/git";
import { work, type WorkProps } from "../../../fleet/distributed/worker";
import { runProgram } from "../../helpers/run-program";

const PROJECT = join(__dirname, "..", "..", "..");
/** A part of a commit that no clone has, so that a worker refuses it before it starts Terraform. */
const ITEM = {
  command: "plan",
  name: "plan-1-of-2",
  shard: "1/2",
  commit: "0".repeat(40),
  lockTimeout: "60s",
  results: "s3://bucket/runs/1/results",
  plans: "s3://bucket/plans/1",
  // A test may run in a clone with changes.
  difference: null,
  dirty: true,
  selected: "a".repeat(64),
  stacks: [],
  wave: [],
  account: [],
  region: [],
  kind: [],
};
const bodyOf = (item: object) => JSON.stringify({ token: "token", item });

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-worker-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What a worker does with messages, and with the objects in a bucket. */
async function worked(
  bodies: readonly string[],
  {
    waits = true,
    objects = {},
    env = process.env,
  }: { waits?: boolean; objects?: Record<string, object>; env?: NodeJS.ProcessEnv } = {},
) {
  const waiting = bodies.map((body, index): Received => ({ body, receipt: `receipt-${index}` }));
  const calls: string[] = [];
  const done = new AbortController();
  const never = new AbortController().signal;
  const put: Record<string, { ok: boolean; cause?: string }> = {};
  const s3 = {
    send: ({ input }: { input: { Key: string; Body?: string } }) => {
      if (input.Body !== undefined) put[input.Key] = JSON.parse(input.Body) as { ok: boolean };
      const found = objects[input.Key];
      if (input.Body === undefined && found === undefined)
        return Promise.reject(Object.assign(new Error("missing"), { name: "NoSuchKey" }));
      const text = JSON.stringify(found);
      return Promise.resolve({
        Body: {
          transformToString: () => Promise.resolve(text),
          transformToByteArray: () => Promise.resolve(Buffer.from(text)),
        },
      });
    },
  };
  const queue: WorkProps["queue"] = {
    receive: () => {
      const next = waiting.shift() ?? null;
      if (next === null) done.abort();
      return Promise.resolve(next);
    },
    beat: () => Promise.resolve(waits),
    hide: (receipt, seconds) => Promise.resolve(void calls.push(`hide ${receipt} ${seconds}`)),
    remove: (receipt) => Promise.resolve(void calls.push(`remove ${receipt}`)),
    succeed: () => Promise.resolve(calls.push("succeed") > 0),
    fail: (_, error) => Promise.resolve(calls.push(`fail ${error}`) > 0),
  };
  const counts = await work({
    queue,
    directory,
    env,
    s3: s3 as unknown as S3Client,
    note: () => {},
    onText: () => {},
    drain: done.signal,
    interrupt: never,
    kill: never,
    most: null,
    idleMs: null,
    now: () => 0,
  });
  return { calls, counts, put };
}

it("reports why an item failed, keeps the reason, and removes the message last", async () => {
  const { calls, counts, put } = await worked([bodyOf(ITEM)]);
  expect(calls).toEqual(["fail SessionAudit.Failed", "remove receipt-0"]);
  expect(counts).toEqual({ succeeded: 0, failed: 1 });
  expect(put["runs/1/results/plan-1-of-2/failed.json"]).toMatchObject({
    ok: false,
    cause: expect.stringContaining("the run is of 000") as string,
  });
});

it("plans nothing if the list of changed stacks is not the one that the run has written", async () => {
  const { commit } = await sourceVersion(PROJECT, process.env);
  const difference = `s3://bucket/runs/1/difference.json#${"0".repeat(64)}`;
  const objects = { "runs/1/difference.json": { since: {}, changed: [], unchanged: [] } };
  const { calls, put } = await worked([bodyOf({ ...ITEM, commit, difference })], { objects });
  expect(calls).toEqual(["fail SessionAudit.NotBegun", "remove receipt-0"]);
  expect(put).toEqual({});
});

const FILES = { "manifest.json": sha256Of("{}") };
const CHECKSUM = sha256Of(JSON.stringify(FILES));
const DEPLOY = {
  command: "deploy",
  name: "account-sandbox",
  stack: "account-sandbox",
  lockTimeout: "60s",
  results: "s3://bucket/runs/1/results",
  journals: "s3://bucket/journals/1/stacks",
  stored: `s3://bucket/plans/1#${CHECKSUM}`,
  after: [],
  approved: null,
  reconcile: false,
  convergeCheck: false,
};

it("deploys nothing from a folder of a killed worker whose manifest is not the stored one", async () => {
  const left = join(directory, "plans", CHECKSUM, "account-sandbox", "plan");
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, "manifest.json"), '{"other":1}');
  const { calls } = await worked([bodyOf(DEPLOY)], { objects: { "plans/1/files.json": FILES } });
  expect(calls).toEqual(["fail SessionAudit.NotBegun", "remove receipt-0"]);
});

it("deploys one stack, and leaves what follows its wave to the machine that has started the run", async () => {
  // In place of `deploy`, the process writes the words of its command line.
  const fake = inPlaceOfCommand("JSON.stringify(process.argv.slice(2))", 1);
  const objects = { "plans/1/files.json": FILES, "plans/1/files/manifest.json": {} };
  const env = { ...process.env, NODE_OPTIONS: `--require=${fake}` };
  const { calls } = await worked([bodyOf(DEPLOY)], { objects, env });
  expect(calls).toEqual(["fail SessionAudit.Failed", "remove receipt-0"]);
  const kept = join(directory, "plans", CHECKSUM, "account-sandbox", "part.json");
  const argv = JSON.parse(readFileSync(kept, "utf8")) as string[];
  expect(argv).toEqual(expect.arrayContaining(["deploy", "account-sandbox", "--no-gate"]));
});

/**
 * A module for `--require`, which writes the result of a part and ends the process before its program begins. It calls
 * process.exit, because after process.exitCode the program would run. The file is written by then.
 * @param content an expression in JavaScript
 */
function inPlaceOfCommand(content: string, exitCode: number): string {
  const file = join(directory, "fake.cjs");
  const write = `require("node:fs").writeFileSync("part.json", ${content});`;
  writeFileSync(file, `${write} process.exit(${exitCode});`);
  return file;
}

it.each([
  [0, "succeed"],
  [2, "succeed"],
  [4, "succeed"],
  [1, "fail SessionAudit.Failed"],
])("takes a comparison that ends with %i for done or failed: %s", async (exitCode, outcome) => {
  // In place of a comparison with AWS, the process writes what it has found, and ends.
  const fake = inPlaceOfCommand('"{}"', exitCode);
  const { commit } = await sourceVersion(PROJECT, process.env);
  const { plans: _, difference: __, ...part } = ITEM;
  const drift = { ...part, command: "drift", name: "drift-1-of-2", commit, who: false };
  const env = { ...process.env, NODE_OPTIONS: `--require=${fake}` };
  const { calls } = await worked([bodyOf(drift)], { env });
  expect(calls).toEqual([outcome, "remove receipt-0"]);
});

describe("in a repository", () => {
  /** What git says of the clone of a worker is what it says of this repository. */
  let env: NodeJS.ProcessEnv;
  let item: object;
  beforeEach(() => {
    const repository = join(directory, "repository");
    mkdirSync(repository);
    writeFileSync(join(repository, "map.yaml"), "one");
    const git = (...words: string[]) =>
      spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...words], {
        cwd: repository,
        encoding: "utf8",
      }).stdout.trim();
    git("init");
    git("add", ".");
    git("commit", "-m", "one");
    // In place of a command, the process writes the words of its command line.
    const fake = inPlaceOfCommand("JSON.stringify(process.argv.slice(2))", 0);
    const place = { GIT_DIR: join(repository, ".git"), GIT_WORK_TREE: repository };
    env = { ...process.env, ...place, NODE_OPTIONS: `--require=${fake}` };
    const { plans: _, difference: __, ...part } = ITEM;
    const commit = git("rev-parse", "HEAD");
    item = { ...part, command: "drift", name: "drift-1-of-2", who: false, commit, dirty: false };
  });
  const change = () => writeFileSync(join(directory, "repository", "map.yaml"), "two");

  it("compares what the run has selected", async () => {
    const { calls, put } = await worked([bodyOf(item)], { env });
    expect(calls).toEqual(["succeed", "remove receipt-0"]);
    expect(put["runs/1/results/drift-1-of-2/done.json"]).toMatchObject({
      result: expect.arrayContaining(["--selected", "a".repeat(64)]) as string[],
    });
  });

  it("refuses an item of a commit if files of its clone differ from the commit, and names them", async () => {
    change();
    const { calls, put } = await worked([bodyOf(item)], { env });
    expect(calls).toEqual(["fail SessionAudit.Failed", "remove receipt-0"]);
    expect(put["runs/1/results/drift-1-of-2/failed.json"]!.cause).toMatch(
      /^The clone of this worker has changes that are not committed.*: {2}?M map\.yaml\./,
    );
  });

  it("compares with its changes if the run was started with changes", async () => {
    change();
    const { calls } = await worked([bodyOf({ ...item, dirty: true })], { env });
    expect(calls).toEqual(["succeed", "remove receipt-0"]);
  });
});

it("makes a directory that is no change of the clone", async () => {
  const aws = createServer((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/x-amz-json-1.0");
    response.end("{}");
  });
  await once(aws.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
  });
  try {
    const queue = ["--queue", `${endpoint}/111111111111/items`, "--idle", "0"];
    const { status } = await runProgram(run, ["worker", ...queue, "--directory", "w"], { cwd: directory });
    expect(status).toBe(0);
    expect(readFileSync(join(directory, "w", ".gitignore"), "utf8")).toBe("*\n");
  } finally {
    process.env = before;
    aws.closeAllConnections();
    aws.close();
  }
});

it("does nothing for a task that nobody waits for any more, and removes its message", async () => {
  const { calls, put } = await worked([bodyOf(ITEM)], { waits: false });
  expect({ calls, put }).toEqual({ calls: ["remove receipt-0"], put: {} });
});

it("says again what an item has resulted in if its message comes twice", async () => {
  const objects = { "runs/1/results/plan-1-of-2/done.json": { ok: true, result: {} } };
  expect((await worked([bodyOf(ITEM)], { objects })).calls).toEqual(["succeed", "remove receipt-0"]);
});

it.each([
  ["no JSON", "hello"],
  ["another command", bodyOf({ ...ITEM, command: "destroy" })],
  ["a word of a command line", bodyOf({ ...ITEM, stacks: ["--out=/etc"] })],
  ["a key that is not known", bodyOf({ ...ITEM, argv: ["--help"] })],
  ["a difference without a checksum", bodyOf({ ...ITEM, difference: "s3://bucket/runs/1/difference.json" })],
  ["no checksum of the selected stacks", bodyOf({ ...ITEM, selected: undefined })],
  ["a name that leaves its folder", bodyOf({ ...ITEM, name: "../x" })],
])("leaves a message in the queue that is no item: %s", async (_, body) => {
  expect(await worked([body])).toEqual({ calls: [], counts: { succeeded: 0, failed: 0 }, put: {} });
});

it("accepts patterns of stacks", () => {
  expect(itemSchema.safeParse({ ...ITEM, stacks: ["session-*", "account-?"] }).success).toBe(true);
});
