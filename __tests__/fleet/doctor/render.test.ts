import { exitCodeOf } from "../../../fleet/commands/doctor";
import { run } from "../../../fleet/cli";
import type { Diagnosis, Line, Verdict } from "../../../fleet/doctor/model";
import { html } from "../../../fleet/doctor/render/html";
import { text } from "../../../fleet/doctor/render/text";
import { sentence } from "../../../fleet/doctor/render/words";
import { runProgram } from "../../helpers/run-program";

const line = (verdict: Verdict, change: Partial<Line> = {}): Line => ({
  stack: "session-a",
  account: "a",
  region: "eu-west-1",
  check: "rule",
  subject: `r-${verdict}`,
  verdict,
  found: `found ${verdict}`,
  why: verdict === "ok" ? null : "Why.",
  remedy: verdict === "ok" ? null : "Do.",
  ...change,
});
const diagnosis = (...lines: Line[]): Diagnosis => ({
  version: 1,
  organization: "acme",
  generatedAt: "2026-11-26T12:00:00.000Z",
  stacks: ["account-a", "session-a"],
  lines,
});
const plain = (what: Diagnosis, all = false) =>
  text(what, { columns: 80, styled: (_format, value) => value, all }).split("\n");

it.each([
  [["ok", "warning"], 0],
  [["fault", "not-looked-at"], 2],
  [["not-looked-at", "warning"], 4],
  [[], 0],
] as const)("%j: exit code %d", (verdicts, code) => {
  expect(exitCodeOf({ lines: verdicts.map((verdict) => line(verdict)) })).toBe(code);
});

it("prints a line for each stack, and in detail what is not well", () => {
  expect(plain(diagnosis(line("fault"), line("ok")))).toEqual([
    "account-a  nothing to look at",
    "session-a  1 fault, 1 ok",
    "  fault: rule r-fault: found fault",
    "    Why.",
    "    Do.",
    "",
    "1 thing is not in force.",
    "",
  ]);
});

it("prints with --all what is well, too", () => {
  expect(plain(diagnosis(line("ok")), true)).toContain("  ok: rule r-ok: found ok");
  expect(plain(diagnosis(line("ok")))).not.toContain("  ok: rule r-ok: found ok");
});

it.each([
  [["ok"], "Everything that 2 stacks declare is in force."],
  [["ok", "warning"], "Everything that 2 stacks declare is in force, with 1 warning."],
  [["not-looked-at"], "No fault was found, and 1 thing could not be looked at."],
  [["fault", "fault", "not-looked-at"], "2 things are not in force, and 1 thing could not be looked at."],
] as const)("says of %j in one sentence: %s", (verdicts, said) => {
  expect(sentence(diagnosis(...verdicts.map((verdict) => line(verdict))))).toBe(said);
});

it("shows texts of AWS so that every character can be seen, and none of them as HTML", () => {
  const hostile = line("fault", { subject: "</td><script>\u202e", found: "a\nb" });
  const page = html(diagnosis(hostile));
  expect(page).toContain("&#60;/td&#62;&#60;script&#62;\\u202e");
  expect(page).not.toContain("</td><script>\u202e");
  expect(plain(diagnosis(hostile)).join("\n")).toContain("</td><script>\\u202e: a ⏎ b");
});

it("makes a page whose policy forbids every request, with the worst finding first", () => {
  const page = html(diagnosis(line("warning"), line("fault"), line("ok")));
  expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'/);
  expect(page.indexOf("found fault")).toBeLessThan(page.indexOf("found warning"));
  expect(page).toContain("found ok");
});

it.each([
  [["--probe"], "--probe-role app-server"],
  [["--probe-role", "x"], "no effect without --probe"],
  [["--parallel", "0"], "1 to 100"],
  [["--account", "nope"], "unknown"],
])("doctor %j is refused", async (argv, said) => {
  const { status, stderr } = await runProgram(run, ["doctor", ...argv]);
  expect(status).toBe(1);
  expect(stderr).toContain(said);
});
