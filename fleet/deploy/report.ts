import type { StackOutcome, StackReport } from "./rollout";

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

const isNotConverged = (outcome: StackOutcome): boolean =>
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

/** What a person reads at the end of a deployment. */
export function summaryOf(reports: readonly StackReport[], folder: string): string {
  const { applied, noChanges, failed, notStarted, notConverged } = countsOf(reports);
  const attention = reports.filter(
    ({ outcome }) => ["failed", "not started"].includes(outcome.result) || isNotConverged(outcome),
  );
  const lines = [
    `${applied} stacks applied, ${noChanges} without changes, ${failed} failed, ${notStarted} not started.`,
    ...(notConverged > 0 ? [`${notConverged} stacks are not as planned after their apply.`] : []),
    ...attention.map(({ stack, outcome }) => `  ${stack.id}: ${describeOutcome(outcome)}`),
    ...(failed + notConverged > 0 ? [`Logs: ${folder}/<stack>/apply.log and converge.log`] : []),
    ...(failed + notStarted > 0 ? [`Go on with: npx session-audit deploy ${folder} --resume`] : []),
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
 * A deployment in the format of JUnit, which the CI systems show: a suite for each wave, a case for each stack.
 * @see https://github.com/testmoapp/junitxml
 */
export function junitOf(reports: readonly StackReport[]): string {
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
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>", ""].join(
    "\n",
  );
}
