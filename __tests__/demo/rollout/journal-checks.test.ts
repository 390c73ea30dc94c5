import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkJournal, deployedIn } from "../../../demo/rollout/journal-checks";

const ended = (stack: string, result: "applied" | "failed") => ({ event: "ended", stack, result });
const journal = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "session-audit-journal-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const check = (text: string, expected: { applied: string[]; failed: string[] }) => {
  writeFileSync(join(folder, "journal.ndjson"), text);
  return checkJournal(folder, expected);
};

it("reads what was applied and what failed out of a journal, and nothing else", () => {
  const text = journal(
    { event: "opened" },
    { event: "started", stack: "a" },
    ended("a", "failed"),
    ended("a", "applied"),
    ended("b", "applied"),
  );
  expect(deployedIn(text)).toEqual({ applied: ["a", "b"], failed: ["a"] });
});

it("accepts a journal in which each stack was applied once, in any order", async () => {
  await expect(
    check(journal(ended("b", "applied"), ended("a", "applied")), { applied: ["a", "b"], failed: [] }),
  ).resolves.toBeUndefined();
});

it.each([
  ["has a stack twice", [ended("a", "applied"), ended("a", "applied")], "applied: a, a; expected: a"],
  ["lacks a stack", [], "applied: nothing; expected: a"],
  ["has a failure", [ended("a", "applied"), ended("a", "failed")], "failed: a; expected: nothing"],
])("refuses a journal that %s", async (_, lines, words) => {
  await expect(check(journal(...lines), { applied: ["a"], failed: [] })).rejects.toThrow(words);
});
