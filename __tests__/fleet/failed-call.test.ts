import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isFromAws } from "../../fleet/aws-errors";
import { run } from "../../fleet/cli";
import { Journal } from "../../fleet/deploy/journal";
import { s3Store } from "../../fleet/deploy/journal-stores";
import { failedCall } from "../../fleet/failed-call";
import { runProgram } from "../helpers/run-program";

const MACHINE = "arn:aws:states:eu-central-1:111111111111:stateMachine:wrong";
const JSON_TYPE = "application/x-amz-json-1.0";

/** An AWS that knows no bucket, no queue and no state machine, except those whose operations have an answer here. */
let answers: Record<string, object>;
let aws: Server;
let endpoint: string;
let cwd: string;
const before = { ...process.env };

beforeEach(async () => {
  answers = {};
  aws = createServer((request, response) => {
    request.resume();
    const operation = (request.headers["x-amz-target"] as string | undefined)?.split(".")[1];
    if (operation === undefined) {
      response.writeHead(404, { "content-type": "application/xml" });
      return response.end(
        "<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>",
      );
    }
    const answer = answers[operation];
    response.writeHead(answer ? 200 : 400, { "content-type": JSON_TYPE });
    const type = operation === "ReceiveMessage" ? "QueueDoesNotExist" : "StateMachineDoesNotExist";
    return response.end(JSON.stringify(answer ?? { __type: type, message: "It does not exist." }));
  });
  await once(aws.listen(0, "127.0.0.1"), "listening");
  endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  cwd = mkdtempSync(join(tmpdir(), "session-audit-failed-call-"));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "eu-central-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SHARED_CREDENTIALS_FILE: join(cwd, "none"),
    AWS_CONFIG_FILE: join(cwd, "none"),
  });
  mkdirSync(join(cwd, "plans"));
  writeFileSync(join(cwd, "plans", "manifest.json"), JSON.stringify(MANIFEST));
});
afterEach(() => {
  aws.closeAllConnections();
  aws.close();
  rmSync(cwd, { recursive: true, force: true });
  process.env = { ...before };
});

const MANIFEST = {
  version: 2,
  plannedAt: "2026-11-28T10:00:00.000Z",
  program: "1.0.0",
  provider: "6.0.0",
  terraform: { product: "Terraform", version: "1.13.0" },
  source: { commit: null, dirty: false },
  map: "accounts/index.ts",
  organization: "acme",
  shard: null,
  changedSince: null,
  unchanged: ["account-sandbox"],
  waves: [],
  profiles: null,
  warnings: [],
  stacks: [],
};

const STORE = ["store", "plans", "s3://wrong/plans/monday"];
const FETCH = ["fetch", `s3://wrong/plans/monday#${"0".repeat(64)}`, "copy"];
const WORKER = ["worker", "--once", "--directory", "worker", "--queue"];
const RUN = ["--state-machine", MACHINE, "--bucket", "wrong"];
const PLAN = ["distribute", "plan", "account-sandbox", "--out", "whole", ...RUN];
const DRIFT = ["distribute", "drift", "account-sandbox", ...RUN];
const QUEUE = "111111111111/wrong";
const FREE = { ListExecutions: { executions: [] } };
const BUCKET = "NoSuchBucket: The specified bucket does not exist.";
const NO_MACHINE = "StateMachineDoesNotExist: It does not exist.";
const NOBODY = "CredentialsProviderError: Could not load credentials from any providers.";

async function command(argv: readonly string[]) {
  const words = argv.map((word) => (word === QUEUE ? `${endpoint}/${QUEUE}` : word));
  const { status, stdout, stderr } = await runProgram(run, words, { cwd });
  return { status, stdout, stderr: stderr.replaceAll(endpoint, "http://aws") };
}

it.each<[string, readonly string[], typeof answers, string, string]>([
  [
    "bucket",
    STORE,
    {},
    `PutObject on s3://wrong/plans/monday/files/manifest.json: ${BUCKET}`,
    "a bucket that exists",
  ],
  ["bucket", FETCH, {}, `GetObject on s3://wrong/plans/monday/files.json: ${BUCKET}`, "a bucket that exists"],
  ["bucket", PLAN, FREE, `PutObject on s3://wrong/runs/`, "a bucket that exists"],
  ["bucket", DRIFT, FREE, `PutObject on s3://wrong/runs/`, "a bucket that exists"],
  [
    "queue",
    [...WORKER, QUEUE],
    {},
    `ReceiveMessage on http://aws/${QUEUE}: QueueDoesNotExist: It does not exist.`,
    "the output queue_url",
  ],
  ["state machine", PLAN, {}, `ListExecutions on ${MACHINE}: ${NO_MACHINE}`, "the output state_machine_arn"],
  ["state machine", DRIFT, {}, `ListExecutions on ${MACHINE}: ${NO_MACHINE}`, "the output state_machine_arn"],
])("names the %s that is missing, and no line of the program: %j", async (_, argv, known, what, remedy) => {
  answers = known;
  const { status, stderr } = await command(argv);
  expect(status).toBe(1);
  expect(stderr).toContain(`AWS refused ${what}`);
  expect(stderr).toMatch(new RegExp(`^ {2}remedy {3}.*${remedy}`, "m"));
  expect(stderr).not.toMatch(/^\s+at /m);
});

it.each([
  ["PutObject", STORE],
  ["GetObject", FETCH],
  ["ReceiveMessage", [...WORKER, QUEUE]],
  ["ListExecutions", PLAN],
  ["ListExecutions", DRIFT],
])("says without credentials that %s needs some: %j", async (call, argv) => {
  delete process.env["AWS_ACCESS_KEY_ID"];
  delete process.env["AWS_SECRET_ACCESS_KEY"];
  const { status, stderr } = await command(argv);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    new RegExp(`^${call} on \\S+: ${NOBODY.replaceAll(".", "\\.")}\n {2}remedy {3}.*AWS_PROFILE`, "m"),
  );
  expect(stderr).not.toMatch(/^\s+at /m);
});

it.each([
  ["PutObject", STORE],
  ["GetObject", FETCH],
])("says without a region that %s needs one: %j", async (call, argv) => {
  delete process.env["AWS_REGION"];
  delete process.env["AWS_DEFAULT_REGION"];
  const { status, stderr } = await command(argv);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    new RegExp(`^${call} on \\S+: Error: Region is missing\\.\n {2}remedy {3}.*AWS_REGION`, "m"),
  );
});

it("names the bucket of a journal that is missing", async () => {
  const store = await s3Store("s3://wrong/journals/monday", process.env);
  const error = await Journal.open(store, "origin").catch((thrown: unknown) => thrown);
  expect(failedCall(error)?.message).toContain(
    `AWS refused ListObjectsV2 on s3://wrong/journals/monday/: ${BUCKET}`,
  );
});

it("says what nobody could reach, after as many attempts as AWS_MAX_ATTEMPTS says", async () => {
  process.env["AWS_MAX_ATTEMPTS"] = "1";
  aws.closeAllConnections();
  aws.close();
  const { status, stderr } = await command(["distribute", "drift", "account-sandbox", ...RUN]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^ListExecutions on \S+: .*ECONNREFUSED.*\n {2}remedy {3}.*network/m);
});

it.each([
  ["a bug", new TypeError("x is not a function")],
  ["a bug within a call of AWS", Object.assign(new TypeError("x is not a function"), { $metadata: {} })],
  [
    "a file that is missing",
    Object.assign(new Error("no such file"), { code: "ENOENT", syscall: "open", path: "/x" }),
  ],
  ["no error", "text"],
])("leaves %s with its stack trace", (_, error) => {
  expect(failedCall(error)).toBeUndefined();
});

it.each`
  code              | isFromAws
  ${"ECONNRESET"}   | ${true}
  ${"ECONNREFUSED"} | ${true}
  ${"ENOTFOUND"}    | ${true}
  ${"EAI_AGAIN"}    | ${true}
  ${"ETIMEDOUT"}    | ${true}
  ${"EPIPE"}        | ${true}
  ${"EPROTO"}       | ${true}
  ${"EHOSTUNREACH"} | ${true}
  ${"ENOENT"}       | ${false}
  ${"ENOTDIR"}      | ${false}
  ${"ENOSPC"}       | ${false}
  ${"EACCES"}       | ${false}
`(
  "takes the code $code for one of the network: $isFromAws",
  ({ code, isFromAws: expected }: { code: string; isFromAws: boolean }) => {
    expect(isFromAws(Object.assign(new Error("x"), { code }))).toBe(expected);
  },
);
