import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Of } from "../../../files/checksum";
import { run } from "../../../fleet/cli";
import type { Item } from "../../../fleet/distributed/item";
import { filesOf, type Manifest, type PlannedStack } from "../../../fleet/plan-folder";
import { checkMap } from "../../../stacks/read-organization";
import { stacksOf, type StackRef } from "../../../stacks/stack-graph";
import exampleMap from "../../fixtures/example-map";
import { runProgram } from "../../helpers/run-program";
import { plannedStack } from "../deploy/planned";

/** What `account-sandbox` selects: the stack, and the archive on which it depends. */
const SELECTED = stacksOf(checkMap(exampleMap, "map")).filter(({ id }) =>
  ["archive-eu-central-1", "account-sandbox"].includes(id),
) as [StackRef, StackRef];
const FOREIGN = {
  id: "session-other-us-east-1",
  kind: "session",
  account: "other",
  accountId: "999999999999",
} as const;
type Stack = Pick<PlannedStack, "id" | "kind" | "account" | "accountId">;

const MACHINE = "arn:aws:states:eu-central-1:111111111111:stateMachine:acme";
const RUN = ["account-sandbox", "--state-machine", MACHINE, "--bucket", "acme-pipeline"];
const REMEDY =
  "  remedy   Workers read the map of their own clone. Name the map of this run to them with SESSION_AUDIT_ACCOUNTS, or with pipeline.workers.map for builds, and start the command again.\n";

/** Objects of the bucket, by their keys. The result of an item has the name of the item, like `drift-1-of-1`. */
let objects: Record<string, string>;
let aws: Server;
let cwd: string;
const before = { ...process.env };

beforeEach(async () => {
  objects = {};
  aws = createServer((request, response) => {
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      const operation = (request.headers["x-amz-target"] as string | undefined)?.split(".")[1];
      const key = new URL(request.url!, "http://aws").pathname.replace("/acme-pipeline/", "");
      const found = objects[/([^/]+)\/done\.json$/.exec(key)?.[1] ?? key];
      if (operation !== undefined) {
        response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
        response.end(
          JSON.stringify({ executions: [], executionArn: "arn", status: "SUCCEEDED", mapRuns: [] }),
        );
      } else if (request.method === "PUT") {
        objects[key] = body;
        response.end();
      } else if (found === undefined) {
        response.writeHead(404, { "content-type": "application/xml" });
        response.end("<Error><Code>NoSuchKey</Code></Error>");
      } else response.end(found);
    });
  });
  await once(aws.listen(0, "127.0.0.1"), "listening");
  cwd = mkdtempSync(join(tmpdir(), "session-audit-parts-test-"));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
  });
});
afterEach(() => {
  aws.closeAllConnections();
  aws.close();
  rmSync(cwd, { recursive: true, force: true });
  process.env = { ...before };
});

const SOURCE = { commit: "c".repeat(40), dirty: false };

const PLAN_JSON = { format_version: "1.2", resource_changes: [], planned_values: {}, configuration: {} };

/** What a worker has compared. */
function comparedIs(item: string, stacks: readonly Stack[], dirty = false): void {
  const compared = stacks.map(({ id, kind, account, accountId }) => ({
    id,
    kind,
    account,
    accountId,
    region: "eu-central-1",
    wave: null,
    plan: PLAN_JSON,
  }));
  const origin = { ...SOURCE, dirty, plannedAt: "2026-11-28T10:00:00.000Z" };
  objects[item] = JSON.stringify({ ok: true, result: { origin, stacks: compared } });
}

/** A run of `distribute drift` whose worker has compared these stacks. */
function drift(stacks: readonly Stack[]) {
  comparedIs("drift-1-of-1", stacks);
  return runProgram(run, ["distribute", "drift", ...RUN, "--parts", "1"], { cwd });
}

/** The content of every file of a planned stack, and what the manifest says of it. */
const PLANNED_FILE = "{}";
const CHECKSUMS = {
  planSha256: sha256Of(PLANNED_FILE),
  jsonSha256: sha256Of(PLANNED_FILE),
  configurationSha256: sha256Of(PLANNED_FILE),
  lockFileSha256: sha256Of(PLANNED_FILE),
};

/** A run of `distribute plan` whose worker has planned these stacks. */
function plan(stacks: readonly Stack[]) {
  const manifest: Manifest = {
    version: 2,
    plannedAt: "2026-11-28T10:00:00.000Z",
    program: "1.0.0",
    provider: "6.0.0",
    terraform: { product: "Terraform", version: "1.13.0" },
    source: SOURCE,
    map: "map.yaml",
    organization: "acme",
    changedSince: null,
    unchanged: [],
    waves: [],
    profiles: null,
    warnings: [],
    shard: { index: 1, of: 1, all: stacks.map(({ id }) => id) },
    stacks: stacks.map(({ id, kind, account, accountId }) =>
      plannedStack(id, { kind, account, accountId, wave: null, result: "no changes", ...CHECKSUMS }),
    ),
  };
  const files = Object.fromEntries([
    ["manifest.json", JSON.stringify(manifest)],
    ...stacks.flatMap(({ id }) => {
      const { plan, json, configuration, lockFile } = filesOf("", id);
      return [plan, json, configuration, lockFile].map((path) => [path, PLANNED_FILE]);
    }),
  ]) as Record<string, string>;
  const list = JSON.stringify(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256Of(Buffer.from(text))])),
  );
  objects["plans/1/files.json"] = list;
  for (const [name, text] of Object.entries(files)) objects[`plans/1/files/${name}`] = text;
  const stored = `s3://acme-pipeline/plans/1#${sha256Of(Buffer.from(list))}`;
  objects["plan-1-of-1"] = JSON.stringify({ ok: true, result: { stored } });
  return runProgram(run, ["distribute", "plan", ...RUN, "--parts", "1", "--out", "whole"], { cwd });
}

const RUNS = { drift, plan };
const DONE = { drift: "compared", plan: "planned" } as const;

describe.each(["drift", "plan"] as const)("distribute %s", (command) => {
  it("reports the selected stacks", async () => {
    const { status, stdout } = await RUNS[command](SELECTED);
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("2 stacks") as string,
    });
    expect(existsSync(join(cwd, "whole"))).toBe(command === "plan");
  });

  it.each<[string, readonly Stack[], string]>([
    ["a selected stack is missing", [SELECTED[0]], "missing: account-sandbox"],
    [
      "all are of another map",
      [FOREIGN],
      "missing: archive-eu-central-1, account-sandbox\n           not selected: session-other-us-east-1 (account 999999999999)",
    ],
    [
      "one is of another map",
      [...SELECTED, FOREIGN],
      "not selected: session-other-us-east-1 (account 999999999999)",
    ],
    [
      "a stack is in another account",
      [SELECTED[0], { ...SELECTED[1], accountId: "333333333333" }],
      "missing: account-sandbox\n           not selected: account-sandbox (account 333333333333)",
    ],
    ["there is none", [], "missing: archive-eu-central-1, account-sandbox"],
  ])("fails if %s, and names it", async (_, stacks, found) => {
    const { status, stdout, stderr } = await RUNS[command](stacks);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(
      `the workers have ${DONE[command]} other stacks than those that are selected.\n  found    ${found}\n${REMEDY}`,
    );
    expect(existsSync(join(cwd, "whole"))).toBe(false);
  });

  it("gives each item a checksum of the selected stacks, which the command of a worker with another map refuses", async () => {
    await RUNS[command](SELECTED);
    const [, list] = Object.entries(objects).find(([key]) => key.endsWith("/stages/000.json"))!;
    const [{ selected }] = JSON.parse(list) as [Extract<Item, { command: "plan" }>];
    const out = ["--out", command === "plan" ? "part" : "part.json", "--selected", selected];
    const { status, stdout, stderr } = await runProgram(run, [command, "account-payments", ...out], { cwd });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /example-map\.ts: the worker selects other stacks than the run\.\n {2}found {4}1 stack of acme: account-payments\n/,
    );
    expect(stderr).toContain(REMEDY.split(",")[0]);
  });
});

it("names a stack that two parts have compared", async () => {
  const { status, stderr } = await drift([...SELECTED, SELECTED[1]]);
  expect(status).toBe(1);
  expect(stderr).toContain("found    twice: account-sandbox\n");
});

it("names changes that are not committed if the clone of any worker has some", async () => {
  comparedIs("drift-1-of-2", [SELECTED[0]]);
  comparedIs("drift-2-of-2", [SELECTED[1]], true);
  const { stdout } = await runProgram(run, ["distribute", "drift", ...RUN, "--parts", "2", "--json"], {
    cwd,
  });
  expect(JSON.parse(stdout)).toMatchObject({ origin: { ...SOURCE, dirty: true } });
});
