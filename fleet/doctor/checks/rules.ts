import { DEPLOY_AGAIN, fault, judged, ok, warning, type Finding, type Seen } from "../model";

/** A rule of EventBridge. */
export interface RuleState {
  readonly state: string;
  /** JSON; null: the rule has a schedule. */
  readonly pattern: string | null;
  readonly schedule: string | null;
  /** ARNs of its targets. */
  readonly targets: readonly string[];
}

/** How a rule should be. */
export interface WantedRule {
  readonly name: string;
  readonly pattern: string | null;
  readonly schedule: string | null;
  /** ARNs of its targets. */
  readonly targets: readonly string[];
}

/** What metrics say about a rule in the last days. */
export interface RuleUse {
  readonly days: number;
  /** Events that it matched, or times that its schedule ran. */
  readonly matched: number;
  /** Invocations that failed for good. */
  readonly failed: number;
}

/** Judges a rule: it exists, is enabled, matches what it should, and invokes what it should. */
export function judgeRule(wanted: WantedRule, seen: Seen<RuleState | null>, use: Seen<RuleUse>): Finding[] {
  const about = { check: "rule", subject: wanted.name } as const;
  const says =
    wanted.schedule === null ? "What it watches is reported to nobody." : "What it starts does not run.";
  return judged(about, seen, (rule) => {
    if (rule === null) return [fault(about, "there is no such rule", says, DEPLOY_AGAIN)];
    const findings: Finding[] = [];
    if (!rule.state.startsWith("ENABLED")) {
      const remedy = `aws events enable-rule --name ${wanted.name}`;
      findings.push(fault(about, rule.state.toLowerCase(), says, remedy));
    }
    if (!isSame(rule.pattern, wanted.pattern) || rule.schedule !== wanted.schedule) {
      const found =
        wanted.schedule === null ? "matches other events than declared" : `has the schedule ${rule.schedule}`;
      findings.push(fault(about, found, says, DEPLOY_AGAIN));
    }
    const missing = wanted.targets.filter((arn) => !rule.targets.includes(arn));
    if (missing.length > 0)
      findings.push(fault(about, `does not invoke ${missing.join(", ")}`, says, DEPLOY_AGAIN));
    return [...findings, ...judgeUse(about, use, findings.length === 0)];
  });
}

function judgeUse(
  about: { readonly check: "rule"; readonly subject: string },
  use: Seen<RuleUse>,
  isAsDeployed: boolean,
): Finding[] {
  const last = { check: about.check, subject: `${about.subject}, last matched` } as const;
  return judged(last, use, ({ days, matched, failed }) => {
    if (failed > 0) {
      const why = "EventBridge gave up: these events are in the dead-letter queue, or lost.";
      const remedy = "Look at the dead-letter queue and at the policies of the target and its key.";
      return [warning(about, `${failed} invocations failed in ${days} days`, why, remedy)];
    }
    const times = matched === 1 ? "once" : `${matched} times`;
    return isAsDeployed ? [ok(about, `enabled, matched ${times} in ${days} days`)] : [];
  });
}

/**
 * Judges whether a rule about sessions has matched any, if there were sessions.
 * @param sessions sessions that started within these days
 */
export function judgeSilence(name: string, sessions: Seen<number>, use: Seen<RuleUse>): Finding[] {
  if (!("seen" in sessions) || !("seen" in use) || sessions.seen === 0 || use.seen.matched > 0) return [];
  const { days } = use.seen;
  return [
    fault(
      { check: "rule", subject: name },
      `matched nothing in ${days} days, and ${sessions.seen} ${sessions.seen === 1 ? "session" : "sessions"} started`,
      "Calls of Session Manager do not reach EventBridge, or the rule was disabled at that time.",
      "See the findings about the trail and the rule.",
    ),
  ];
}

/** A part of a value that AWS makes up, such as the id of a key, in Terraform's JSON. */
const REFERENCE = /\$\{[^}]*\}/;

/** Whether a value is the declared one, in which each reference stands for any text without quotation marks. */
function isSame(actual: string | null, declared: string | null): boolean {
  if (actual === null || declared === null) return actual === declared;
  const parts = canonical(declared).split(REFERENCE);
  const literal = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join('[^"]*')}$`).test(canonical(actual));
}

/** JSON with its keys in order: AWS gives a pattern back as it was set, but a person may write it in another order. */
function canonical(json: string): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  };
  try {
    return JSON.stringify(sorted(JSON.parse(json)));
  } catch {
    return json;
  }
}
