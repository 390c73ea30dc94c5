import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { sha256Of } from "../../../files/checksum";
import { item as itemSchema } from "../../../fleet/distributed/item";
import type { Received } from "../../../fleet/distributed/queue";
import { sourceVersion } from "../../../fleet/git";
import { work, type WorkProps } from "../../../fleet/distributed/worker";

const PROJECT = join(__dirname, "..", "..", "..");
/** A part of a commit that no clone has, so that a worker refuses it before it starts Terraform. */
const ITEM = {
  ...{ command: "plan", name: "plan-1-of-2", shard: "1/2", commit: "0".repeat(40), lockTimeout: "60s" },
  ...{ results: "s3://bucket/runs/1/results", plans: "s3://bucket/plans/1" },
  difference: null,
  ...{ stacks: [], wave: [], account: [], region: [], kind: [] },
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
    ...{
      queue,
      directory,
      env,
      s3: s3 as unknown as S3Client,
      note: () => {},
      onText: () => {},
    },
    ...{ drain: done.signal, interrupt: never, kill: never, most: null, idleMs: null, now: () => 0 },
  });
  return { calls, counts, put };
}

it("reports why an item failed, keeps the reason, and removes the message last", async () => {
  const { calls, counts, put } = await worked([bodyOf(ITEM)]);
  expect(calls).toEqual(["fail SessionAudit.Failed", "remove receipt-0"]);
  expect(counts).toEqual({ succeeded: 0, failed: 1 });
  expect(put["runs/1/results/plan-1-of-2/failed.json"]).toMatchObject({
    ...{ ok: false, cause: expect.stringContaining("the run is of 000") as string },
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

it("deploys nothing from a folder of a killed worker whose manifest is not the stored one", async () => {
  const files = { "manifest.json": sha256Of("{}") };
  const checksum = sha256Of(JSON.stringify(files));
  const left = join(directory, "plans", checksum, "account-sandbox", "plan");
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, "manifest.json"), '{"other":1}');
  const deploy = {
    ...{ command: "deploy", name: "account-sandbox", stack: "account-sandbox", lockTimeout: "60s" },
    ...{ results: "s3://bucket/runs/1/results", journals: "s3://bucket/journals/1/stacks" },
    ...{ stored: `s3://bucket/plans/1#${checksum}`, after: [], approved: null },
    ...{ reconcile: false, convergeCheck: false },
  };
  const { calls } = await worked([bodyOf(deploy)], { objects: { "plans/1/files.json": files } });
  expect(calls).toEqual(["fail SessionAudit.NotBegun", "remove receipt-0"]);
});

it.each([
  [0, "succeed"],
  [2, "succeed"],
  [4, "succeed"],
  [1, "fail SessionAudit.Failed"],
])("takes a comparison that ends with %i for done or failed: %s", async (exitCode, outcome) => {
  // In place of a comparison with AWS, the process writes what it has found, and ends.
  const fake = join(directory, "fake.cjs");
  writeFileSync(fake, `require("node:fs").writeFileSync("part.json", "{}"); process.exit(${exitCode});`);
  const { commit } = await sourceVersion(PROJECT, process.env);
  const { plans: _, difference: __, ...part } = ITEM;
  const drift = { ...part, command: "drift", name: "drift-1-of-2", commit, who: false };
  const env = { ...process.env, NODE_OPTIONS: `--require=${fake}` };
  const { calls } = await worked([bodyOf(drift)], { env });
  expect(calls).toEqual([outcome, "remove receipt-0"]);
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
  ["a name that leaves its folder", bodyOf({ ...ITEM, name: "../x" })],
])("leaves a message in the queue that is no item: %s", async (_, body) => {
  expect(await worked([body])).toEqual({ calls: [], counts: { succeeded: 0, failed: 0 }, put: {} });
});

it("accepts patterns of stacks", () => {
  expect(itemSchema.safeParse({ ...ITEM, stacks: ["session-*", "account-?"] }).success).toBe(true);
});
