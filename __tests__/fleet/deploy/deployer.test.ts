import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Of } from "../../../files/checksum";
import { Deployer } from "../../../fleet/deploy/deployer";
import { Journal, type JournalEvent, type JournalStore } from "../../../fleet/deploy/journal";
import { filesOf, type PlannedStack } from "../../../fleet/plan-folder";
import type { Terraform } from "../../../fleet/terraform";
import { Workspace, WORKSPACE_VARIABLE } from "../../../fleet/workspace";
import { plannedStack } from "./planned";

const ID = "session-payments";
const CONTENT = { plan: "plan", json: "{}", configuration: '{"terraform":{}}', lockFile: "lock" } as const;
type File = keyof typeof CONTENT;

let directory: string;
let folder: string;
let stack: PlannedStack;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-deployer-"));
  folder = join(directory, "plan");
  const files = filesOf(folder, ID);
  mkdirSync(files.directory, { recursive: true });
  for (const file of Object.keys(CONTENT) as File[]) writeFileSync(files[file], CONTENT[file]);
  stack = plannedStack(ID, {
    planSha256: sha256Of(CONTENT.plan),
    jsonSha256: sha256Of(CONTENT.json),
    configurationSha256: sha256Of(CONTENT.configuration),
    lockFileSha256: sha256Of(CONTENT.lockFile),
  });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const change = (file: File) => writeFileSync(filesOf(folder, ID)[file], "other");

/** In place of Terraform: `apply` prints the plan that it gets, and the mode of the folder with the plan. */
const BINARY = `#!/bin/sh
for plan; do :; done
cat "$plan"; echo; ls -ld "$(dirname "$plan")" | cut -c1-10; cat cdk.tf.json; echo; echo "$plan"
`;

/** What a deployment meets. */
interface Scene {
  /** The state that there is now, as `terraform state pull` prints it. */
  readonly state?: string;
  /** Called before a line is in the journal. */
  readonly onLine?: (event: JournalEvent["event"]) => void;
}

/** Deploys the stack, with a deployer that finds the files as they are by then. */
async function deployed({ state = "", onLine = () => {} }: Scene = {}) {
  const binary = join(directory, "terraform");
  writeFileSync(binary, BINARY, { mode: 0o755 });
  const lines: string[] = [];
  const store: JournalStore = {
    place: "memory",
    read: () => Promise.resolve({ lines: [], isTorn: false }),
    dropTorn: () => Promise.resolve(),
    append: (_, text) => {
      const { event } = JSON.parse(text) as JournalEvent;
      onLine(event);
      return Promise.resolve(void lines.push(event));
    },
  };
  const terraform = {
    init: (own: string) => Promise.resolve(mkdirSync(join(own, ".terraform"), { recursive: true })),
    run: () => Promise.resolve({ stdout: state, output: state, exitCode: 0 }),
    plan: (_: string, { out }: { out: string }) => {
      writeFileSync(out, "new plan");
      return Promise.resolve({ changed: true, output: "" });
    },
    show: () => Promise.resolve("{}"),
  } as unknown as Terraform;
  const workspace = await Workspace.open({ [WORKSPACE_VARIABLE]: join(directory, "workspace") }, "deploy");
  const never = new AbortController().signal;
  const deployer = new Deployer({
    folder,
    workspace,
    terraform,
    binary,
    env: process.env,
    product: "Terraform 1",
    journal: await Journal.open(store, "manifest"),
    lockTimeout: "1s",
    convergeCheck: false,
    reconcile: true,
    interrupt: never,
    kill: never,
    now: () => new Date(0),
  });
  const outcome = await deployer.deploy(stack);
  await workspace.close();
  const applied = lines.includes("started")
    ? readFileSync(filesOf(folder, ID).applied, "utf8").split("\n")
    : [];
  return { outcome, lines, applied, directory: workspace.directoryOf(ID) };
}

it("applies the reviewed plan from a folder that only this user can read, and removes it", async () => {
  const { outcome, applied, directory: own } = await deployed();
  expect(outcome).toMatchObject({ result: "applied" });
  expect(applied.slice(0, 3)).toEqual(["plan", "drwx------", CONTENT.configuration]);
  expect(() => statSync(applied[3]!)).toThrow("ENOENT");
  expect(statSync(own).mode & 0o777).toBe(0o700);
});

it.each`
  file               | words
  ${"plan"}          | ${"the plan"}
  ${"configuration"} | ${"the configuration"}
  ${"lockFile"}      | ${"the lock file"}
`("applies nothing if $words was changed since the deployment began", async ({ file, words }) => {
  change(file as File);
  expect(await deployed()).toMatchObject({
    outcome: {
      result: "failed",
      reason: expect.stringContaining(`${ID}: ${words} has the checksum`) as string,
    },
    lines: [],
  });
});

it.each<File>(["plan", "configuration"])(
  "applies the reviewed plan if the %s is changed once the apply has begun",
  async (file) => {
    const { applied } = await deployed({ onLine: (event) => event === "started" && change(file) });
    expect(applied.slice(0, 3)).toEqual(["plan", "drwx------", CONTENT.configuration]);
  },
);

const MOVED = '{"lineage":"l","serial":2}';

it("applies a new plan of a state that has moved on, if all of its changes were reviewed", async () => {
  const { applied } = await deployed({ state: MOVED });
  expect(applied[0]).toBe("new plan");
});

it("takes no changes for reviewed by JSON that was changed since the plan", async () => {
  change("json");
  expect(await deployed({ state: MOVED })).toMatchObject({
    outcome: { result: "failed", reason: expect.stringContaining("the plan as JSON") as string },
    lines: [],
  });
});
