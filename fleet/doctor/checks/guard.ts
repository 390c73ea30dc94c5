import { DEPLOY_AGAIN, fault, judged, ok, warning, type Finding, type Seen } from "../model";

/** A Lambda function. */
export interface FunctionState {
  /** `Active`, `Inactive`, `Pending` or `Failed`. */
  readonly state: string;
  readonly reason: string | null;
  /** When its code or configuration was last changed. */
  readonly updated: Date | null;
}

/** What metrics say about the runs of a guard within two of its periods. */
export interface GuardRuns {
  /** Runs of any kind. */
  readonly runs: number;
  readonly errors: number;
  /** Checks of all ended sessions that were finished. */
  readonly checks: number;
}

/** How a guard should run. */
export interface WantedGuard {
  readonly name: string;
  /** Minutes between two checks; null: the guard does not look for records. */
  readonly everyMinutes: number | null;
}

const MINUTE_MS = 60_000;

/** The period in which a guard must have run: one may have no run, because runs do not start to the second. */
export const periodOf = ({ everyMinutes }: WantedGuard, now: Date): { since: Date; until: Date } => ({
  since: new Date(now.getTime() - 2 * (everyMinutes ?? 60) * MINUTE_MS),
  until: now,
});

/** Judges a guard: its function exists and can run, and its last check is not overdue. */
export function judgeGuard(
  wanted: WantedGuard,
  seen: Seen<FunctionState | null>,
  runs: Seen<GuardRuns>,
  now: Date,
): Finding[] {
  const { name, everyMinutes } = wanted;
  const about = { check: "guard", subject: name } as const;
  const why = "Sessions that leave no record are neither ended nor reported.";
  return judged(about, seen, (fn) => {
    if (fn === null) return [fault(about, "there is no such function", why, DEPLOY_AGAIN)];
    // Lambda sets a function aside that has not run for weeks, and brings it back when it is invoked.
    if (!["Active", "Inactive", "Pending"].includes(fn.state))
      return [fault(about, `${fn.state}${fn.reason === null ? "" : `: ${fn.reason}`}`, why, DEPLOY_AGAIN)];
    return judged(about, runs, ({ runs: count, errors, checks }) => {
      const minutes = 2 * (everyMinutes ?? 60);
      const findings: Finding[] = [];
      if (errors > 0) {
        const remedy = "Its log group has the errors.";
        findings.push(warning(about, `failed ${errors} times in ${minutes} minutes`, why, remedy));
      }
      if (everyMinutes !== null && checks === 0) {
        const isNew = fn.updated !== null && now.getTime() - fn.updated.getTime() < minutes * MINUTE_MS;
        const found = `finished no check in ${minutes} minutes (${count} runs)`;
        const remedy = "See the findings about its rules, and its log group.";
        findings.push(
          isNew
            ? warning(about, found, "It was deployed within this time.", "Look again later.")
            : fault(about, found, why, remedy),
        );
      }
      if (findings.length > 0) return findings;
      return [
        ok(
          about,
          everyMinutes === null ? `${fn.state}, ${count} runs` : `${checks} checks in ${minutes} minutes`,
        ),
      ];
    });
  });
}
