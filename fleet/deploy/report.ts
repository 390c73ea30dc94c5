import { jsonText } from "../../pages/visible";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { visibleLines } from "../../pages/visible";
import { quoted } from "../../processes/shell";
import { plural } from "../../review/render/words";
import type { Manifest } from "../plan-folder";
import type { Rollout, StackOutcome, StackReport } from "./rollout";

/** Counts of a deployment. */
export interface DeployCounts {
  readonly applied: number;
  readonly noChanges: number;
  readonly failed: number;
  readonly notStarted: number;
  /** Stacks whose plan after the apply has changes. */
  readonly notConverged: number;
}

/** The counts of a deployment. */
export function countsOf(reports: readonly StackReport[]): DeployCounts {
  const of = (...results: StackOutcome["result"][]) =>
    reports.filter(({ outcome }) => results.includes(outcome.result)).length;
  return {
    applied: of("applied", "applied before"),
    noChanges: of("no changes"),
    failed: of("failed"),
    notStarted: of("not started"),
    notConverged: reports.filter(({ outcome }) => isNotConverged(outcome)).length,
  };
}

/** Whether everything that was selected is deployed as planned, and doctor has no objection. */
export function isDone({ reports, held }: Rollout): boolean {
  const { failed, notStarted, notConverged } = countsOf(reports);
  return failed + notStarted + notConverged === 0 && held === null;
}

/** Whether the plan of a stack after its apply has changes. */
export const isNotConverged = (outcome: StackOutcome): boolean =>
  outcome.result === "applied" && outcome.converged === false;

const NOT_CONVERGED = "applied, but a plan made afterwards has changes or fails";

/** One sentence on the outcome of a stack. */
export function describeOutcome(outcome: StackOutcome): string {
  switch (outcome.result) {
    case "applied":
      return outcome.converged === false ? NOT_CONVERGED : "applied";
    case "failed":
      return `failed: ${outcome.reason}`;
    case "not started":
      return `not started: ${outcome.reason}`;
    default:
      return outcome.result;
  }
}

/** Outcomes in sentences, each once, behind the ids of the stacks that have it. */
function outcomesInWords(reports: readonly StackReport[]): string[] {
  const stacks = new Map<string, string[]>();
  for (const { stack, outcome } of reports) {
    const words = describeOutcome(outcome);
    stacks.set(words, [...(stacks.get(words) ?? []), stack.id]);
  }
  return [...stacks].map(([words, ids]) => `  ${visibleLines(`${ids.join(", ")}: ${words}`)}`);
}

/** What is said of a summary besides the rollout. */
export interface SummaryProps {
  /** Whether a wave was not begun because a state has moved on since its plan. */
  readonly isStale?: boolean;
  /** The words of the command that goes on. */
  readonly command?: string;
  /** The options that the command which goes on repeats, with their values. */
  readonly options?: readonly string[];
}

/**
 * What a person reads at the end of a deployment.
 * @example summaryOf(rollout, "plans/monday", { command: "distribute deploy" })
 */
export function summaryOf(
  { reports, held }: Rollout,
  folder: string,
  { isStale = false, command = "deploy", options = [] }: SummaryProps = {},
): string {
  const { applied, noChanges, failed, notStarted, notConverged } = countsOf(reports);
  const attention = reports.filter(
    ({ outcome }) => ["failed", "not started"].includes(outcome.result) || isNotConverged(outcome),
  );
  const mustReconcile =
    isStale || reports.some(({ outcome }) => outcome.result === "failed" && outcome.stateMoved);
  const again = [
    "npx session-audit",
    command,
    quoted(folder),
    "--resume",
    ...(mustReconcile ? ["--reconcile"] : []),
    ...options.map(quoted),
  ].join(" ");
  const isSaid = reports.some(({ outcome }) => outcome.result === "not started" && outcome.reason === held);
  const lines = [
    `${plural(applied, "stack")} applied, ${noChanges} without changes, ${failed} failed, ${notStarted} not started.`,
    ...(notConverged > 0
      ? [`${plural(notConverged, "stack is", "stacks are")} not as planned after the apply.`]
      : []),
    ...outcomesInWords(attention),
    ...(held === null || isSaid ? [] : [`  ${visibleLines(held)}`]),
    ...(failed + notConverged > 0 && command === "deploy"
      ? [`Logs: ${folder}/<stack>/apply.log and converge.log`]
      : []),
    ...(failed + notStarted > 0 || held !== null ? ["Go on with:", `  ${again}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

const escapeXml = (text: string): string =>
  text
    // Characters that XML 1.0 does not allow, not even escaped.

    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/**
 * A deployment in the format of JUnit, which the CI systems show: a suite for each wave, a case for each stack, and one
 * for doctor if it objects.
 * @see https://github.com/testmoapp/junitxml
 */
export function junitOf({ reports, held }: Rollout): string {
  const steps = [...new Set(reports.map(({ step }) => step))];
  const suites = steps.map((step) => {
    const cases = reports.filter((report) => report.step === step);
    const lines = cases.map(({ stack, outcome }) => {
      const open = `    <testcase classname="${escapeXml(step)}" name="${escapeXml(stack.id)}">`;
      const text = escapeXml(describeOutcome(outcome));
      if (outcome.result === "failed" || isNotConverged(outcome)) {
        return `${open}<failure message="${text}"/></testcase>`;
      }
      if (outcome.result === "not started") return `${open}<skipped message="${text}"/></testcase>`;
      return `${open}</testcase>`;
    });
    const failures = cases.filter(
      ({ outcome }) => outcome.result === "failed" || isNotConverged(outcome),
    ).length;
    const skipped = cases.filter(({ outcome }) => outcome.result === "not started").length;
    return [
      `  <testsuite name="${escapeXml(step)}" tests="${cases.length}" failures="${failures}" skipped="${skipped}">`,
      ...lines,
      "  </testsuite>",
    ].join("\n");
  });
  if (held !== null) {
    suites.push(
      [
        '  <testsuite name="doctor" tests="1" failures="1" skipped="0">',
        `    <testcase classname="doctor" name="doctor"><failure message="${escapeXml(held)}"/></testcase>`,
        "  </testsuite>",
      ].join("\n"),
    );
  }
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>", ""].join(
    "\n",
  );
}

/**
 * Writes `deploy-report.json` and `deploy-report.xml` into a plan folder.
 * @returns the text of the first one
 */
export async function writeReports(
  folder: string,
  rollout: Rollout,
  manifest: Pick<Manifest, "organization" | "source">,
  until: string | null,
): Promise<string> {
  const { reports, held } = rollout;
  const report = {
    version: 1,
    organization: manifest.organization,
    commit: manifest.source.commit,
    until,
    counts: countsOf(reports),
    held,
    stacks: reports.map(({ stack, step, outcome }) => ({ id: stack.id, wave: step, ...outcome })),
  };
  const json = jsonText(report);
  await writeFile(join(folder, "deploy-report.json"), json, { mode: 0o600 });
  await writeFile(join(folder, "deploy-report.xml"), junitOf(rollout), { mode: 0o600 });
  return json;
}
