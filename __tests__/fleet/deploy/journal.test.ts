import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal, type JournalEvent } from "../../../fleet/deploy/journal";
import { fileStore, s3Store } from "../../../fleet/deploy/journal-stores";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-journal-"));
  file = join(directory, "journal.ndjson");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (origin = "manifest") => Journal.open(fileStore(file), origin, () => new Date(0));
const ME = { user: "alice", host: "laptop", pid: 1 };
const started = (stack: string, attempt = 1): JournalEvent => ({
  event: "started",
  stack,
  planSha256: "p",
  lineage: null,
  serialBefore: null,
  attempt,
});
const ended = (stack: string, result: "applied" | "failed"): JournalEvent => ({
  event: "ended",
  stack,
  planSha256: "p",
  attempt: 1,
  result,
  serialAfter: 1,
  reason: null,
});

it("names a journal that is a folder", async () => {
  mkdirSync(file);
  await expect(open()).rejects.toMatchObject({ code: "EISDIR", path: file });
});

it("has each line on disk, numbered and chained to the one before", async () => {
  const journal = await open();
  await journal.add({ event: "opened", holder: ME });
  await Promise.all([journal.add(started("a")), journal.add(started("b"))]);
  const lines = (await open()).lines;
  expect(lines.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(lines.map(({ previous }) => previous)).toEqual(["manifest", lines[0]!.hash, lines[1]!.hash]);
});

it("knows which plans were applied, and what was begun and not ended", async () => {
  const journal = await open();
  for (const event of [
    started("a"),
    ended("a", "applied"),
    started("b"),
    ended("b", "failed"),
    started("c"),
  ]) {
    await journal.add(event);
  }
  const again = await open();
  expect(["a", "b", "c"].map((stack) => again.hasApplied(stack, "p"))).toEqual([true, false, false]);
  expect(again.hasApplied("a", "another plan")).toBe(false);
  expect(again.lastOf("c")).toMatchObject({ event: "started" });
  expect(again.lastOf("d")).toBeNull();
});

it("says who has begun a deployment that has no end", async () => {
  const journal = await open();
  await journal.add({ event: "opened", holder: ME });
  expect(journal.unfinished).toEqual(ME);
  await journal.add({ event: "closed", outcome: "" });
  expect(journal.unfinished).toBeNull();
});

it("drops a line that a killed process has not finished, and goes on behind the last whole one", async () => {
  await (await open()).add(started("a"));
  const whole = readFileSync(file, "utf8");
  appendFileSync(file, '{"sequence":2,"time":"2026');
  const journal = await open();
  expect(readFileSync(file, "utf8")).toBe(whole);
  await journal.add(started("b"));
  expect((await open()).lines).toHaveLength(2);
});

it("treats a whole line without its newline as not finished", async () => {
  await (await open()).add(started("a"));
  writeFileSync(file, readFileSync(file, "utf8").trimEnd());
  expect((await open()).lines).toEqual([]);
});

it.each<[string, (lines: string[]) => string[]]>([
  ["changed", ([first, ...rest]) => [first!.replace('"a"', '"x"'), ...rest]],
  ["taken out", ([first, , ...rest]) => [first!, ...rest]],
  ["added twice", ([first, ...rest]) => [first!, first!, ...rest]],
  ["put in another place", ([first, second, ...rest]) => [second!, first!, ...rest]],
  ["made unreadable", ([first, ...rest]) => [`${first!}}`, ...rest]],
  ["made unreadable at the end", (lines) => lines.with(-1, lines.at(-1)!.slice(0, -1))],
  ["emptied at the end", (lines) => lines.with(-1, "")],
  ["written in another spelling", ([first, ...rest]) => [first!.replace("{", "{ "), ...rest]],
  [
    "written with two values of a key",
    ([first, ...rest]) => [first!.replace("{", '{"sequence":7,'), ...rest],
  ],
])("refuses a journal in which a line was %s", async (_, change) => {
  const journal = await open();
  for (const stack of ["a", "b", "c"]) await journal.add(started(stack));
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  writeFileSync(file, `${change(lines).join("\n")}\n`);
  await expect(open()).rejects.toThrow(/journal\.ndjson: line \d does not fit the line before it/);
});

it("refuses the journal of another plan folder", async () => {
  await (await open()).add(started("a"));
  await expect(open("another manifest")).rejects.toThrow(/belongs to another plan folder/);
});

it.each(["s3://", "s3://bucket", "bucket/prefix", "https://bucket/prefix", "s3://Bucket/prefix"])(
  "refuses %j as the place of a journal",
  async (url) => {
    await expect(s3Store(url, {})).rejects.toThrow(
      /is not a place for a journal[\s\S]*s3:\/\/<bucket>\/<prefix>/,
    );
  },
);

it("refuses a line whose number another process has written, and keeps the file as that process left it", async () => {
  const [one, other] = [await open(), await open()];
  await one.add(started("a"));
  const written = readFileSync(file, "utf8");
  await expect(other.add(started("a"))).rejects.toThrow(/another process has written into .*journal\.ndjson/);
  expect(readFileSync(file, "utf8")).toBe(written);
});
