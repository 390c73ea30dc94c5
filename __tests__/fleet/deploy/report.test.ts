import { countsOf, isDone, junitOf, summaryOf } from "../../../fleet/deploy/report";
import type { StackOutcome, StackReport } from "../../../fleet/deploy/rollout";
import { plannedStack } from "./planned";

const report = (id: string, outcome: StackOutcome, step = "rest"): StackReport => ({
  stack: plannedStack(id),
  step,
  outcome,
});
const REPORTS = [
  report("good", { result: "applied", converged: true, serialAfter: 2 }, "canary"),
  report("restless", { result: "applied", converged: false, serialAfter: 2 }, "canary"),
  report("unchecked", { result: "applied", converged: null, serialAfter: 2 }),
  report("done", { result: "applied before" }),
  report("quiet", { result: "no changes" }),
  report("bad", { result: "failed", reason: 'AccessDenied: <role> & "you"\u0007', stateMoved: false }),
  report("waiting", { result: "not started", reason: "bad failed" }),
  report("patient", { result: "not started", reason: "bad failed" }),
];

it("counts what was done", () => {
  expect(countsOf(REPORTS)).toEqual({ applied: 4, noChanges: 1, failed: 1, notStarted: 2, notConverged: 1 });
});

it("names in the summary what needs attention, where the logs are, and how to go on", () => {
  expect(summaryOf({ reports: REPORTS, held: null }, "plans/x")).toBe(
    [
      "4 stacks applied, 1 without changes, 1 failed, 2 not started.",
      "1 stack is not as planned after the apply.",
      "  restless: applied, but a plan made afterwards has changes or fails",
      '  bad: failed: AccessDenied: <role> & "you"\\u0007',
      "  waiting, patient: not started: bad failed",
      "Logs: plans/x/<stack>/apply.log and converge.log",
      "Go on with:",
      "  npx session-audit deploy plans/x --resume",
      "",
    ].join("\n"),
  );
});

it.each([
  ["a stack has failed half-way", true, false],
  ["a wave was not begun because a state has moved on", false, true],
])("says to go on with --reconcile if %s", (_, stateMoved, isStale) => {
  const reports = [report("bad", { result: "failed", reason: "AccessDenied", stateMoved })];
  expect(summaryOf({ reports, held: null }, "plans/x", { isStale })).toContain(
    "deploy plans/x --resume --reconcile\n",
  );
});

it("names a plan folder in words that a shell takes for one folder", () => {
  expect(summaryOf({ reports: REPORTS, held: null }, "pl ans/it's")).toContain(
    "deploy 'pl ans/it'\\''s' --resume",
  );
});

it("escapes what a terminal would obey in the words about a stack", () => {
  const outcome = { result: "not started", reason: "wave \u001b[2J\u009b\u202e was not approved" } as const;
  const words = "wave \\u001b[2J\\u009b\\u202e was not approved\n";
  expect(summaryOf({ reports: [{ ...REPORTS[0]!, outcome }], held: null }, "plans/x")).toContain(words);
  const passed = { ...REPORTS[0]!, outcome: { result: "no changes" } as const };
  expect(summaryOf({ reports: [passed], held: outcome.reason }, "plans/x")).toContain(words);
});

it("writes JUnit with a suite for each wave, and escapes what XML does not allow", () => {
  const xml = junitOf({ reports: REPORTS, held: null });
  expect(xml).toContain('<testsuite name="canary" tests="2" failures="1" skipped="0">');
  expect(xml).toContain('<testsuite name="rest" tests="6" failures="1" skipped="2">');
  expect(xml).toContain(
    '<failure message="failed: AccessDenied: &lt;role&gt; &amp; &quot;you&quot;\ufffd"/>',
  );
  expect(xml).toContain('<skipped message="not started: bad failed"/>');
});

const HELD = "doctor found 1 thing in wave rest not in force, or could not look";
const DONE = report("done", { result: "applied before" });

it("names what doctor has found after the last wave, and how to go on", () => {
  expect(summaryOf({ reports: [DONE], held: HELD }, "plans/x")).toBe(
    [
      "1 stack applied, 0 without changes, 0 failed, 0 not started.",
      `  ${HELD}`,
      "Go on with:",
      "  npx session-audit deploy plans/x --resume",
      "",
    ].join("\n"),
  );
});

it("names what doctor has found once if stacks of the next wave were not started for it", () => {
  const reports = [DONE, report("waiting", { result: "not started", reason: HELD })];
  expect(summaryOf({ reports, held: HELD }, "plans/x").split(HELD)).toHaveLength(2);
});

it("repeats the options of the command", () => {
  const options = ["--until", "canary", "--journal", "s3://journals/it's"];
  const summary = summaryOf({ reports: [DONE], held: HELD }, "plans/x", { isStale: true, options });
  expect(summary).toContain(
    "deploy plans/x --resume --reconcile --until canary --journal 's3://journals/it'\\''s'\n",
  );
});

it("has a failure in JUnit for what doctor has found", () => {
  expect(junitOf({ reports: [DONE], held: "a < b" })).toContain(
    '<testcase classname="doctor" name="doctor"><failure message="a &lt; b"/></testcase>',
  );
});

it.each`
  what                                 | reports                                                                      | held    | verdict
  ${"everything is as planned"}        | ${[DONE]}                                                                    | ${null} | ${true}
  ${"doctor objects"}                  | ${[DONE]}                                                                    | ${HELD} | ${false}
  ${"a stack has failed"}              | ${[report("a", { result: "failed", reason: "b", stateMoved: false })]}       | ${null} | ${false}
  ${"a stack was not started"}         | ${[report("a", { result: "not started", reason: "b" })]}                     | ${null} | ${false}
  ${"a stack differs after the apply"} | ${[report("a", { result: "applied", converged: false, serialAfter: null })]} | ${null} | ${false}
`("is done if $what: $verdict", ({ reports, held, verdict }) => {
  expect(isDone({ reports: reports as StackReport[], held: held as string | null })).toBe(verdict);
});
