import type { Rule } from "../../review/findings/rule";
import type { Finding, Severity } from "../../review/model";
import { reviewOfObjects, type Planned } from "./plans";

/** A rule with a plan in which it finds something, and one that is nearly the same in which it finds nothing. */
export interface Case {
  readonly rule: string;
  readonly severity: Severity;
  /** The title with the values of the plan. */
  readonly title: string;
  readonly found: Planned | readonly Planned[];
  readonly not: Planned | readonly Planned[];
}

const objects = (planned: Planned | readonly Planned[]): readonly Planned[] => [planned].flat() as Planned[];

/** What one rule finds in a plan. */
export const findingsOf = (rule: string, planned: Planned | readonly Planned[]): Finding[] =>
  reviewOfObjects(...objects(planned)).findings.filter((finding) => finding.rule === rule);

/**
 * Tests rules in both directions, and that every rule has a case.
 * @example testRules(KEY_RULES, CASES)
 */
export function testRules(rules: readonly Rule[], cases: readonly Case[]): void {
  it.each(cases)("$rule: $title", ({ rule, severity, title, found }) => {
    expect(findingsOf(rule, found)).toMatchObject([{ severity, places: [{ title }] }]);
  });

  it.each(cases)("$rule finds nothing where this does not happen: $title", ({ rule, not }) => {
    expect(findingsOf(rule, not)).toEqual([]);
  });

  it("has a case for every rule", () => {
    const tested = new Set(cases.map(({ rule }) => rule));
    expect(rules.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
  });
}

/** The same change the other way round. */
export const reversed = ({ before, after, ...planned }: Planned): Planned => ({
  ...planned,
  before: after,
  after: before,
});

/** A case whose reverse finds nothing. */
export const bothWays = (rule: string, severity: Severity, title: string, found: Planned): Case => ({
  rule,
  severity,
  title,
  found,
  not: reversed(found),
});
