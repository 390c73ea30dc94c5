import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { changedSince } from "../../fleet/changed-since";
import { stacksOf } from "../../stacks/stack-graph";
import { checkMap } from "../../stacks/read-organization";
import exampleMap from "../fixtures/example-map";

const ROOT = resolve(__dirname, "..", "..");
const IDS = stacksOf(checkMap(exampleMap, "map")).map(({ id }) => id);

let clone: string;
let notes: string[];
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
    cwd: clone,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "session-audit-clone-"));
  notes = [];
  execFileSync("git", ["clone", "--quiet", "--shared", ROOT, clone], { stdio: "ignore" });
  symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
  // The map of the clone, as an operator keeps it. The repository's own map may be anything.
  writeFileSync(join(clone, "acme.json"), JSON.stringify(exampleMap));
  git("add", "acme.json");
  git("commit", "--quiet", "-m", "the map");
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const { SESSION_AUDIT_ACCOUNTS: _, ...ENV } = process.env;
const differences = (ref: string, map = join(clone, "acme.json")) =>
  changedSince({ project: clone, ref, map, env: ENV, note: (text) => notes.push(text) });
const change = (edit: (map: typeof exampleMap) => void) => {
  const map = structuredClone(exampleMap);
  edit(map);
  writeFileSync(join(clone, "acme.json"), JSON.stringify(map));
};

it("names the stacks whose configuration differs from that of a commit, and those that are gone", async () => {
  change((map) => {
    map.accounts["sandbox"]!.preferences = { idleTimeoutMinutes: 30 };
    delete map.accounts["storefront"];
  });
  const difference = (await differences("HEAD"))!;
  expect(difference.commit).toBe(git("rev-parse", "HEAD"));
  expect(IDS.filter(difference.changed)).toContain("session-sandbox-eu-central-1");
  expect(IDS.filter(difference.changed)).not.toContain("session-payments-eu-central-1");
  expect(difference.gone).toEqual(
    expect.arrayContaining(["account-storefront", "session-storefront-us-east-1"]),
  );
  expect(notes).toEqual([]);
  // Nothing is left in the repository.
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
  expect(git("status", "--porcelain")).toBe("M acme.json");
});

it("finds no difference where only a comment changes", async () => {
  writeFileSync(join(clone, "main.ts"), `// A comment.\n${readFileSync(join(clone, "main.ts"), "utf8")}`);
  const difference = (await differences("HEAD"))!;
  expect(IDS.filter(difference.changed)).toEqual([]);
});

it("sees a change of the program, not only of the map", async () => {
  const file = join(clone, "stacks", "kit", "base-stack.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace('">= 1.10"', '">= 1.10, < 2"'));
  const difference = (await differences("HEAD"))!;
  expect(IDS.filter(difference.changed)).toEqual(IDS);
});

it("plans every stack, in clear words, if the commit cannot be synthesized", async () => {
  writeFileSync(join(clone, "main.ts"), "throw new Error('broken');\n");
  git("commit", "--quiet", "-a", "-m", "broken");
  git("checkout", "--quiet", "HEAD~1", "--", "main.ts");
  expect(await differences("HEAD")).toBeNull();
  expect(notes.join()).toMatch(/The stacks of HEAD cannot be synthesized \(.*so every stack is planned/);
});

it("plans every stack if the map is not in the repository", async () => {
  expect(await differences("HEAD", join(tmpdir(), "elsewhere.json"))).toBeNull();
  expect(notes).toEqual([expect.stringContaining("is not in the repository, so every stack is planned")]);
});

it("refuses a reference that the repository does not have", async () => {
  await expect(differences("origin/nowhere")).rejects.toThrow(
    /--changed-since "origin\/nowhere": .*no such commit/,
  );
});
