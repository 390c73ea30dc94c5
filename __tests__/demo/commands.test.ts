import { tmpdir } from "node:os";
import { Commands, UnexpectedOutcome } from "../../demo/commands";
import { SILENT } from "../../demo/progress";

let shown: string[];
let commands: Commands;
const interruption = () => ({ signal: new AbortController().signal, kill: new AbortController().signal });
const commandsWith = (props: Partial<{ signal: AbortSignal; width: number }> = {}) =>
  new Commands({
    ...interruption(),
    ...props,
    width: () => props.width ?? 71,
    directory: tmpdir(),
    env: { ...process.env, COLUMNS: "71", FORCE_COLOR: "0" },
    journal: { ...SILENT, line: (text) => shown.push(text), quote: (line) => shown.push(`| ${line}`) },
  });
beforeEach(() => {
  shown = [];
  commands = commandsWith();
});

const USAGE = { exitCode: 0, meaning: "the help was printed", says: [] };

it("shows a command as it is typed, its output and its exit code", async () => {
  const stdout = await commands.run("merge --help", USAGE);
  expect(stdout).toContain("Usage: session-audit merge");
  expect(shown[0]).toBe("$ npx session-audit merge --help");
  expect(shown[1]).toMatch(/^\| Usage: session-audit merge/);
  expect(shown.at(-1)).toBe("exit code 0: the help was printed");
});

it("shows only the requested lines of the output, and returns all of it", async () => {
  const stdout = await commands.run("merge --help", { ...USAGE, show: () => ["some of it"] });
  expect(stdout).toContain("Exit codes:");
  expect(shown.filter((line) => line.startsWith("| "))).toEqual(["| some of it"]);
});

it("folds lines that are longer than the screen is wide", async () => {
  await commandsWith({ width: 40 }).run("merge --help", USAGE);
  expect(
    Math.max(...shown.filter((line) => line.startsWith("| ")).map(({ length }) => length)),
  ).toBeLessThanOrEqual(42);
});

it("rejects an unexpected exit code after it has shown what the command printed", async () => {
  const ended = commands.run("plan --nonsense", USAGE);
  await expect(ended).rejects.toThrow(UnexpectedOutcome);
  await expect(ended).rejects.toThrow(/exit code 1, and 0 was expected \(the help was printed\)$/);
  expect(shown.join("\n")).toContain("| error: unknown option");
});

it("includes the output that it did not show in the error", async () => {
  const ended = commands.run("merge --help", { ...USAGE, exitCode: 1, show: () => [] });
  await expect(ended).rejects.toThrow(/and 1 was expected[\s\S]*Usage: session-audit merge/);
});

it("rejects output without the text that the demo expects", async () => {
  const ended = commands.run("merge --help", { ...USAGE, says: ["Usage: session-audit merge", "nonsense"] });
  await expect(ended).rejects.toThrow('session-audit merge --help did not say "nonsense"');
});

it("starts no command after an interruption", async () => {
  const stopped = new AbortController();
  stopped.abort(new Error("interrupted by SIGINT"));
  await expect(commandsWith({ signal: stopped.signal }).run("merge --help", USAGE)).rejects.toThrow(
    "interrupted",
  );
  expect(shown.filter((line) => line.startsWith("| "))).toEqual([]);
});
