import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Journal, type JournalEvent, type JournalStore } from "../../../fleet/deploy/journal";
import { fileStore } from "../../../fleet/deploy/journal-stores";
import { damage, damaged, holds } from "../../helpers/property";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-journal-"));
  file = join(directory, "journal.ndjson");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const text: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("\n", "\u2028", '"'),
);
const stack = fc.constantFrom("account-a", "session-a-eu-west-1", "chat-a");
const planSha256 = fc.constantFrom("p1", "p2");
const serial = fc.option(fc.nat(99));
const attempt = fc.integer({ min: 1, max: 3 });
const event = fc.oneof<fc.Arbitrary<JournalEvent>[]>(
  fc.record({
    event: fc.constant("opened" as const),
    holder: fc.record({ user: text, host: text, pid: fc.nat() }),
  }),
  fc.record({
    event: fc.constant("started" as const),
    stack,
    planSha256,
    lineage: fc.option<string>(text),
    serialBefore: serial,
    attempt,
  }),
  fc.record({
    event: fc.constant("ended" as const),
    stack,
    planSha256,
    attempt,
    result: fc.constantFrom("applied" as const, "failed" as const),
    serialAfter: serial,
    reason: fc.option<string>(text),
  }),
  fc.record({ event: fc.constant("approved" as const), wave: text, by: text }),
  fc.record({ event: fc.constant("passed" as const), wave: text }),
  fc.record({ event: fc.constant("closed" as const), outcome: text }),
);
const events = (minLength: number) => fc.array(event, { minLength, maxLength: 7 });

/** The lines that a journal writes of events. */
async function linesOf(all: readonly JournalEvent[], origin = "manifest"): Promise<string[]> {
  const lines: string[] = [];
  const store: JournalStore = {
    place: "memory",
    read: () => Promise.resolve({ lines: [], isTorn: false }),
    append: (_sequence, line) => Promise.resolve(void lines.push(line)),
    dropTorn: () => Promise.resolve(),
  };
  const journal = await Journal.open(store, origin, () => new Date(0));
  for (const one of all) await journal.add(one);
  return lines;
}

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
const open = () => Journal.open(fileStore(file), "manifest", () => new Date(0));

/** The texts of the lines that a journal in a file has; null: it is refused. */
async function read(content: Buffer | string): Promise<string[] | null> {
  writeFileSync(file, content);
  return open().then(
    (journal) => journal.lines.map((line) => JSON.stringify(line)),
    (error: Error) => {
      expect(error.message).toMatch(/does not fit the line before it/);
      return null;
    },
  );
}

it("every sequence of events reads back as it was written, from any number of processes one after the other", () =>
  holds(
    15,
    fc.asyncProperty(fc.array(events(0), { maxLength: 3 }), async (processes) => {
      rmSync(file, { force: true });
      for (const all of processes) {
        const journal = await open();
        await Promise.all(all.map((one) => journal.add(one)));
      }
      const lines = (await open()).lines;
      const written = lines.map(
        ({ sequence: _, time: _time, previous: _previous, hash: _hash, ...rest }) => rest,
      );
      expect(written).toEqual(processes.flat());
    }),
  ));

it("what a journal says of a stack is what its last line says, and every plan counts that was applied once", () =>
  holds(
    60,
    fc.asyncProperty(events(0), async (all) => {
      writeFileSync(file, textOf(await linesOf(all)));
      const journal = await open();
      for (const id of ["account-a", "session-a-eu-west-1", "chat-a", "other"]) {
        const own = all.filter((one) => "stack" in one && one.stack === id);
        expect(journal.lastOf(id)).toEqual(own.length === 0 ? null : expect.objectContaining(own.at(-1)!));
        for (const plan of ["p1", "p2"]) {
          const applied = own.some(
            (one) => one.event === "ended" && one.planSha256 === plan && one.result === "applied",
          );
          expect(journal.hasApplied(id, plan)).toBe(applied);
        }
      }
      const [last] = all.filter((one) => one.event === "opened" || one.event === "closed").slice(-1);
      expect(journal.unfinished).toEqual(last?.event === "opened" ? last.holder : null);
    }),
  ));

/** A change of the lines of a journal, given the lines of another one. */
type Edit = (lines: readonly string[], others: readonly string[]) => string[];
const index = fc.nat(20);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(index, fc.integer({ min: 1, max: 3 })).map(
    ([from, count]): Edit =>
      (lines) =>
        lines.toSpliced(from % lines.length, count),
  ),
  fc.tuple(index, index).map(([one, other]): Edit => (lines) => {
    const [a, b] = [one % lines.length, other % lines.length];
    return lines.with(a, lines[b]!).with(b, lines[a]!);
  }),
  fc.tuple(index, index, fc.boolean()).map(([from, to, own]): Edit => (lines, others) => {
    const source = own ? lines : others;
    return lines.toSpliced(to % (lines.length + 1), 0, source[from % source.length]!);
  }),
  fc.tuple(index, index).map(
    ([from, to]): Edit =>
      (lines, others) =>
        lines.with(to % lines.length, others[from % others.length]!),
  ),
  fc.tuple(index, text).map(
    ([to, by]): Edit =>
      (lines) =>
        lines.toSpliced(to % (lines.length + 1), 0, by.replaceAll("\n", " ")),
  ),
);

it("lines that are removed, swapped, replaced or inserted are noticed, except lines that are missing at the end", () =>
  holds(
    200,
    fc.asyncProperty(events(1), events(1), edit, async (all, foreign, change) => {
      const lines = await linesOf(all);
      const changed = change(lines, await linesOf(foreign, "another manifest"));
      const isShorter = changed.every((line, place) => line === lines[place]);
      expect(await read(textOf(changed))).toEqual(isShorter ? changed : null);
    }),
  ));

it("a journal of another plan folder is refused, whatever it has", () =>
  holds(
    30,
    fc.asyncProperty(events(1), async (all) => {
      expect(await read(textOf(await linesOf(all, "another manifest")))).toBeNull();
    }),
  ));

it("any damage of a line is noticed, and what follows the last newline is dropped as a line that was not finished", () =>
  holds(
    400,
    fc.asyncProperty(events(1), damage, async (all, change) => {
      const whole = Buffer.from(textOf(await linesOf(all)));
      const content = damaged(whole, change);
      const finished = content.subarray(0, content.lastIndexOf(10) + 1);
      const isAsWritten = whole.subarray(0, finished.length).equals(finished);
      const lines = finished.toString("utf8").split("\n").slice(0, -1);
      expect(await read(content)).toEqual(isAsWritten ? lines : null);
      if (isAsWritten) expect(readFileSync(file)).toEqual(finished);
    }),
  ));

it("a journal that was cut off at any byte goes on behind its last whole line", () =>
  holds(
    25,
    fc.asyncProperty(events(1), event, fc.nat(), async (all, next, cut) => {
      const whole = textOf(await linesOf(all));
      writeFileSync(file, Buffer.from(whole).subarray(0, cut % (Buffer.byteLength(whole) + 1)));
      const journal = await open();
      const before = journal.lines.length;
      await journal.add(next);
      expect((await open()).lines).toEqual(journal.lines);
      expect(journal.lines).toHaveLength(before + 1);
    }),
  ));
