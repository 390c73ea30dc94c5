/** The things that doctor looks at, in the order of its report. */
export const CHECKS = [
  ...(["preferences", "sharing", "log group", "bucket", "key", "records", "roles", "nodes"] as const),
  ...(["trail", "rule", "topic", "subscription", "dead letters", "alarm", "guard", "guardrail"] as const),
  "probe",
] as const;
export type Check = (typeof CHECKS)[number];

/**
 * How something is: `fault` if something that was deployed is not in force, `warning` if it is in force and a person should
 * look at it, `not-looked-at` if AWS did not answer.
 */
export const VERDICTS = ["fault", "not-looked-at", "warning", "ok"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What was found of one thing. */
export interface Finding {
  readonly check: Check;
  /** What was looked at, such as the name of a rule. */
  readonly subject: string;
  readonly verdict: Verdict;
  /** What AWS has. */
  readonly found: string;
  /** What follows from it, or why it was not looked at; null: nothing. */
  readonly why: string | null;
  /** What to do; null: nothing. */
  readonly remedy: string | null;
}

/** A finding in a stack: a line of the report. */
export interface Line extends Finding {
  /** Id of the stack, like `session-payments-eu-central-1`. */
  readonly stack: string;
  /** Name of the account in the map. */
  readonly account: string;
  readonly region: string;
}

/** What doctor looked at, as `--json` prints it. */
export interface Diagnosis {
  readonly version: 1;
  readonly organization: string;
  /** Time of the look, in UTC. */
  readonly generatedAt: string;
  /** Ids of the stacks that were looked at, in the order of deployment. */
  readonly stacks: readonly string[];
  readonly lines: readonly Line[];
}

type About = Pick<Finding, "check" | "subject">;

export const ok = (about: About, found: string): Finding => ({
  ...about,
  verdict: "ok",
  found,
  why: null,
  remedy: null,
});

export const fault = (about: About, found: string, why: string, remedy: string): Finding => ({
  ...about,
  verdict: "fault",
  found,
  why,
  remedy,
});

export const warning = (about: About, found: string, why: string, remedy: string): Finding => ({
  ...about,
  verdict: "warning",
  found,
  why,
  remedy,
});

/** What was read of AWS, or why it could not be read. */
export type Seen<T> = { readonly seen: T } | { readonly unseen: string };

/** Judges what was read. What was not read is a finding as well: silence is not health. */
export const judged = <T>(about: About, what: Seen<T>, judge: (seen: T) => Finding[]): Finding[] =>
  "seen" in what
    ? judge(what.seen)
    : [
        {
          ...about,
          verdict: "not-looked-at",
          found: "not looked at",
          why: what.unseen,
          remedy: "Give the role that plans the policy in docs/plan-role.json, or repeat the command.",
        },
      ];

/** How many findings have each verdict. */
export function countsOf(findings: readonly Pick<Finding, "verdict">[]): Readonly<Record<Verdict, number>> {
  const counts = { fault: 0, "not-looked-at": 0, warning: 0, ok: 0 };
  for (const { verdict } of findings) counts[verdict]++;
  return counts;
}

/** The order of a report: the worst first, then in the order of {@link CHECKS}. */
export const worstFirst = (one: Finding, other: Finding): number =>
  VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict) ||
  CHECKS.indexOf(one.check) - CHECKS.indexOf(other.check) ||
  (one.subject < other.subject ? -1 : one.subject > other.subject ? 1 : 0);

/** The remedy for what a person has changed by hand. */
export const DEPLOY_AGAIN =
  "session-audit drift --who says who changed it; plan, review and deploy put it back.";
