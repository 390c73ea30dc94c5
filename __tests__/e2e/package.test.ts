import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { IAMClient, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { clientConfig, createRole } from "../../demo/people";
import { sha256Of } from "../../files/checksum";
import { dependencies, peerDependencies } from "../../package.json";
import { ROOT } from "../helpers/embedded";
import { Fleet } from "../helpers/fleet";

/**
 * The package in the repository of an organization, as docs/examples/own-repository has it. `npm install` would need a
 * registry for the other packages. So the archive of `npm pack` is unpacked, and beside it are links to the packages
 * that package.json names in `dependencies` and `peerDependencies`, and to no other: an import of another one fails.
 */
const ACCOUNT = "222222222222";
let fleet: Fleet;
let repository: string;
let packed: readonly string[];
beforeAll(async () => {
  fleet = await Fleet.start();
  repository = fleet.path("acme-sessions");
  cpSync(join(ROOT, "docs", "examples", "own-repository"), repository, { recursive: true });
  packed = install();
  const iam = new IAMClient(await clientConfig(fleet.emulator, ACCOUNT, "us-east-1"));
  await createRole(iam, "app-server", { Service: "ec2.amazonaws.com" });
});
afterAll(() => fleet?.stop());

/** Packs the project, and installs the package into the repository. @returns the paths in the package */
function install(): string[] {
  const pack = spawnSync("npm", ["pack", "--json", "--pack-destination", fleet.directory], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1024 ** 3,
  });
  if (pack.status !== 0) throw new Error(pack.stderr);
  // npm 11 prints an array, npm 12 an object by name.
  const [archive] = Object.values(
    JSON.parse(pack.stdout.slice(pack.stdout.search(/^[[{]/m))) as Record<
      string,
      { filename: string; files: { path: string }[] }
    >,
  );
  const modules = join(repository, "node_modules");
  mkdirSync(join(modules, "session-audit"), { recursive: true });
  const file = fleet.path(archive!.filename);
  const tar = ["-xzf", file, "-C", join(modules, "session-audit"), "--strip-components=1"];
  expect(spawnSync("tar", tar).status).toBe(0);
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  mkdirSync(join(modules, ".bin"));
  symlinkSync(join("..", "session-audit", "fleet", "bin.mjs"), join(modules, ".bin", "session-audit"));
  symlinkSync(join("..", "tsx", "dist", "cli.mjs"), join(modules, ".bin", "tsx"));
  return archive!.files.map(({ path }) => path);
}

/** Runs a program in the repository, with none of the variables by which tests name a map or a workspace. */
async function inRepository(
  program: string,
  args: readonly string[],
  { cwd = repository, env: more = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const {
    SESSION_AUDIT_ACCOUNTS: _map,
    SESSION_AUDIT_WORKSPACE: _workspace,
    ...env
  } = {
    ...fleet.env,
    ...more,
  };
  const child = spawn(program, args, {
    cwd,
    env: { ...env, CI: "1", CHECKPOINT_DISABLE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, stdout, stderr };
}

const audit = (...args: string[]) =>
  inRepository(join(repository, "node_modules", ".bin", "session-audit"), args);
const stacksIn = (folder: string) => readdirSync(join(repository, folder, "stacks")).sort();
const STACKS = ["account-sandbox", "session-sandbox-eu-central-1"];

it("has the code, the types and the pages, and neither a map nor what needs development packages", () => {
  const folders = new Set(packed.filter((path) => path.includes("/")).map((path) => path.split("/")[0]));
  for (const folder of ["stacks", "fleet", "types", "docs", "pipelines"]) expect(folders).toContain(folder);
  for (const folder of ["emulator", "demo", "bench", "__tests__", "upkeep", "node_modules"])
    expect(folders).not.toContain(folder);
  expect(packed.includes("accounts/index.ts")).toBe(false);
  expect(packed.includes("types/index.d.ts")).toBe(true);
});

it("leaves no file in the clone that is packed", () => {
  expect(existsSync(join(ROOT, "types"))).toBe(false);
});

it("cdktf synthesizes the map of the repository", async () => {
  const cli = join(ROOT, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf.js");
  const { status, stdout, stderr } = await inRepository(process.execPath, [cli, "synth"]);
  expect({ status, output: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, output: "" });
  expect(stacksIn("cdktf.out")).toEqual(STACKS);
});

it("the guard's code, the pages and the policies are in the package: templates and stacks are as in a clone", async () => {
  const map = join(ROOT, "docs", "examples", "complete.yaml");
  const out = fleet.path("complete");
  const clone = fleet.path("complete-clone");
  const script = (folder: string) =>
    `const { readOrganization, synthesizeStacks } = require("session-audit"); void synthesizeStacks(readOrganization(${JSON.stringify(map)}), ${JSON.stringify(folder)});`;
  writeFileSync(join(repository, "complete.ts"), script(out));
  const own = await inRepository(join(repository, "node_modules", ".bin", "tsx"), ["complete.ts"]);
  expect({ status: own.status, stderr: own.stderr }).toEqual({ status: 0, stderr: "" });
  const ofClone = spawnSync(process.execPath, ["--require", "tsx/cjs", "main.ts"], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, SESSION_AUDIT_ACCOUNTS: map, CDKTF_OUTDIR: clone },
  });
  expect(ofClone.status).toBe(0);
  const files = readdirSync(join(clone, "stacks"));
  expect(files.length).toBeGreaterThan(10);
  for (const id of files) {
    const json = (folder: string) => readFileSync(join(folder, "stacks", id, "cdk.tf.json"), "utf8");
    expect(json(out)).toBe(json(clone));
  }
});

it("plans and deploys a stack, and finds no change afterwards", async () => {
  const planned = await audit("plan", "account-sandbox", "--out", "plans/first");
  expect(planned).toMatchObject({ status: 2, stdout: expect.stringContaining("1 stack planned") });
  const reviewed = await audit("review", "plans/first", "--format", "html", "--out", "review.html");
  expect(reviewed.status).toBe(0);
  expect(existsSync(join(repository, "review.html"))).toBe(true);
  const deployed = await audit("deploy", "plans/first");
  expect(deployed).toMatchObject({ status: 0, stdout: expect.stringContaining("1 stack applied") });
  const iam = new IAMClient(await clientConfig(fleet.emulator, ACCOUNT, "us-east-1"));
  const { AttachedPolicies } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName: "app-server" }),
  );
  expect(AttachedPolicies).toEqual([expect.objectContaining({ PolicyName: "session-audit-acme-instance" })]);
  expect(await audit("plan", "account-sandbox", "--out", "plans/second")).toMatchObject({ status: 0 });
});

/**
 * A queue with one item, and a state machine that waits for it.
 * @returns the variables that lead a worker to both, and the operations that the worker has called
 */
async function queueOf(item: object) {
  const calls: string[] = [];
  const aws = createServer((request, response) => {
    request.resume();
    const operation = String(request.headers["x-amz-target"]).split(".")[1]!;
    calls.push(operation);
    const Body = JSON.stringify({ token: "token", item });
    const MD5OfBody = createHash("md5").update(Body).digest("hex");
    const message = { MessageId: "1", ReceiptHandle: "1", Body, MD5OfBody };
    response.setHeader("content-type", "application/x-amz-json-1.0");
    response.end(JSON.stringify(operation === "ReceiveMessage" ? { Messages: [message] } : {}));
  });
  await once(aws.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const env = {
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SFN: endpoint,
    // The path of a map as a build has it, with no npm that names the folder to which it is relative.
    AWS_REGION: "eu-central-1",
    SESSION_AUDIT_ACCOUNTS: "accounts/index.ts",
    INIT_CWD: undefined,
  };
  return { calls, env, url: `${endpoint}/${ACCOUNT}/items`, close: () => void aws.close() };
}

it("works on an item of a run as a worker", async () => {
  const s3 = new S3Client({
    ...(await clientConfig(fleet.emulator, ACCOUNT, "us-east-1")),
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: "acme-items" }));
  const queue = await queueOf({
    command: "drift",
    name: "drift-1-of-1",
    shard: "1/1",
    commit: null,
    lockTimeout: "60s",
    who: false,
    dirty: false,
    selected: sha256Of(Buffer.from('["acme","account-sandbox 222222222222"]')),
    results: "s3://acme-items/runs/1/results",
    stacks: ["account-sandbox"],
    wave: [],
    account: [],
    region: [],
    kind: [],
  });
  const command = join(repository, "node_modules", ".bin", "session-audit");
  const worker = ["worker", "--once", "--queue", queue.url];
  const { status, stdout, stderr } = await inRepository(command, worker, { env: queue.env });
  queue.close();
  const printed = stdout === "1 item: 1 done, 0 failed.\n" ? stdout : stdout + stderr;
  expect({ status, printed }).toEqual({ status: 0, printed: "1 item: 1 done, 0 failed.\n" });
  expect(queue.calls).toContain("SendTaskSuccess");
});

it("keeps states, plans and working data in the repository, and nothing in the package", () => {
  expect(existsSync(join(repository, "state", "account-sandbox.tfstate"))).toBe(true);
  expect(existsSync(join(repository, ".session-audit"))).toBe(true);
  const installed = readdirSync(join(repository, "node_modules", "session-audit"));
  expect(installed.filter((name) => name.startsWith("."))).toEqual([]);
});

it("gives policies of the package to bootstrap", async () => {
  const { status, stderr } = await audit(
    "bootstrap",
    "--pipeline-account",
    "sandbox",
    "--github",
    "acme/sessions",
    "--out",
    "roles",
  );
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  expect(readdirSync(join(repository, "roles")).length).toBeGreaterThan(0);
});

it("writes a first map without the demo, which is not in the package", async () => {
  const { status, stdout } = await audit(
    "init",
    "--organization",
    "globex",
    "--account",
    "sandbox=222222222222",
    "--region",
    "eu-central-1",
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.not.stringContaining("npm run") as string });
  expect(existsSync(join(repository, "globex.yaml"))).toBe(true);
});

describe("an app of cdktf with stacks of its own", () => {
  /** Checks files with TypeScript as a strict app does that uses ES modules of Node.js. */
  const typecheck = (...files: string[]) =>
    spawnSync(
      process.execPath,
      [
        join(ROOT, "node_modules", "typescript", "bin", "tsc"),
        ...["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "--target", "es2022"],
        "--module",
        "nodenext",
        "--typeRoots",
        join(ROOT, "node_modules", "@types"),
        "--types",
        "node",
        ...files,
      ],
      { cwd: repository, encoding: "utf8" },
    ).stdout;
  beforeAll(() => {
    mkdirSync(join(repository, "own-app"));
    const text = readFileSync(join(ROOT, "docs", "examples", "own-app", "main.ts"), "utf8");
    writeFileSync(join(repository, "own-app", "main.ts"), text.replace('"own-repository", ', ""));
  });

  it("adds the stacks of the map, and uses a construct", async () => {
    const tsx = join(repository, "node_modules", ".bin", "tsx");
    const { status, stderr } = await inRepository(tsx, ["main.ts"], {
      cwd: join(repository, "own-app"),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stacksIn("own-app/cdktf.out")).toEqual([STACKS[0], "break-glass", STACKS[1]]);
  });

  it("imports names from an ES module", async () => {
    writeFileSync(
      join(repository, "names.mts"),
      'import { addStacks, run, SessionLogGroup } from "session-audit";\nconsole.log(typeof addStacks, typeof run, typeof SessionLogGroup);\n',
    );
    const tsx = join(repository, "node_modules", ".bin", "tsx");
    expect(await inRepository(tsx, ["names.mts"])).toMatchObject({ stdout: "function function function\n" });
  });

  it("is checked against the types of the props", () => {
    const wrong = [
      'import { SessionLogGroup } from "session-audit";',
      'new SessionLogGroup(undefined as never, "LogGroup", { name: 5 });',
    ];
    writeFileSync(join(repository, "wrong.ts"), wrong.join("\n"));
    expect(typecheck("main.ts", "accounts/index.ts", "own-app/main.ts")).toBe("");
    expect(typecheck("wrong.ts")).toMatch(/TS2(322|739|345)/);
  });
});
