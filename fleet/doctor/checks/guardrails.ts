import { DEPLOY_AGAIN, fault, judged, ok, type Finding, type Seen } from "../model";

/** A service control policy. */
export interface PolicyState {
  /** JSON. */
  readonly content: string;
  /** Ids of the units, accounts and roots to which it is attached. */
  readonly targets: readonly string[];
}

/** How a service control policy should be. */
export interface WantedPolicy extends PolicyState {
  readonly name: string;
}

/** Judges a service control policy: it exists, says what it should, and is attached. */
export function judgeGuardrail(
  { name, content, targets }: WantedPolicy,
  seen: Seen<ReadonlyMap<string, PolicyState>>,
): Finding[] {
  const about = { check: "guardrail", subject: name } as const;
  const why = "What it refuses is allowed.";
  return judged(about, seen, (policies) => {
    const policy = policies.get(name);
    if (policy === undefined) return [fault(about, "there is no such policy", why, DEPLOY_AGAIN)];
    const missing = targets.filter((id) => !policy.targets.includes(id));
    const findings = [
      ...(missing.length > 0
        ? [fault(about, `is not attached to ${missing.join(", ")}`, why, DEPLOY_AGAIN)]
        : []),
      ...(JSON.stringify(parsed(policy.content)) === JSON.stringify(parsed(content))
        ? []
        : [fault(about, "has other statements than declared", why, DEPLOY_AGAIN)]),
    ];
    return findings.length > 0 ? findings : [ok(about, `attached to ${policy.targets.join(", ")}`)];
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
