import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stacksToPlan, type Difference } from "../../fleet/stacks-to-plan";
import { checkMap } from "../../stacks/read-organization";
import { stacksOf } from "../../stacks/stack-graph";
import exampleMap from "../fixtures/example-map";

const stacks = stacksOf(checkMap(exampleMap, "map"));
const IDS = stacks.map(({ id }) => id);
const [first, ...others] = IDS as [string, ...string[]];
const SINCE = { ref: "origin/main", commit: "a".repeat(40) };

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), "session-audit-difference-"))));
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const write = (value: unknown) => writeFileSync(join(cwd, "difference.json"), JSON.stringify(value));
const chosen = (options: { changedSince?: string; difference?: string }) =>
  stacksToPlan({ stacks, map: join(cwd, "map.json") }, options, { env: {}, cwd, note: () => {} });

it("plans every selected stack if no option leaves some out", async () => {
  expect(await chosen({})).toEqual({ stacks, difference: null });
});

it("plans only the stacks that another machine has found to differ, and names the others", async () => {
  const difference: Difference = { since: SINCE, changed: [first], unchanged: others };
  write(difference);
  const found = await chosen({ difference: "difference.json" });
  expect(found.stacks.map(({ id }) => id)).toEqual([first]);
  expect(found.difference).toEqual(difference);
});

it.each<[string, unknown, RegExp]>([
  ["is no difference", { changed: [first] }, /is not a difference between two commits/],
  ["lacks a stack", { since: SINCE, changed: [first], unchanged: others.slice(1) }, /about other stacks/],
  ["has another stack", { since: SINCE, changed: IDS, unchanged: ["session-gone"] }, /about other stacks/],
  ["has a stack twice", { since: SINCE, changed: IDS, unchanged: [first] }, /about other stacks/],
])("refuses a file that %s", async (_, value, message) => {
  write(value);
  await expect(chosen({ difference: "difference.json" })).rejects.toThrow(message);
});

it("refuses a file that is not there, and a second option that says the same", async () => {
  await expect(chosen({ difference: "gone.json" })).rejects.toThrow(
    /--difference gone\.json is not a difference/,
  );
  await expect(chosen({ difference: "gone.json", changedSince: "main" })).rejects.toThrow(
    /--changed-since and --difference/,
  );
});
