import type { SeenChange } from "../changes";
import { ACCESS_RULES } from "./access";
import { BUCKET_RULES } from "./buckets";
import { CHAT_RULES } from "./chat";
import { DESTRUCTION_RULES } from "./destruction";
import { REVERTS, reverts } from "./drift";
import { GUARD_RULES } from "./guard";
import { GUARD_CONFIGURATION_RULES } from "./guard-configuration";
import { GUARD_FUNCTION_RULES } from "./guard-function";
import { KEY_RULES } from "./keys";
import { NEW_ACCESS_RULES } from "./new-access";
import { RECORDING_RULES } from "./recording";
import { RETENTION_RULES } from "./retention";
import type { Found, Rule, Subject } from "./rule";
import { SESSION_RULES } from "./sessions";
import { SUBSCRIBER_RULES } from "./subscribers";
import { TRAIL_RULES } from "./trail";
import { WATCHING_RULES } from "./watching";
import type { Change, ChangeKind } from "../model";

export { findingsOfPlan } from "./plan";
export type { Found, Stack, Subject } from "./rule";

/** Every rule that looks at one change. */
export const RULES: readonly Rule[] = [
  ...RECORDING_RULES,
  ...SESSION_RULES,
  ...RETENTION_RULES,
  ...BUCKET_RULES,
  ...KEY_RULES,
  ...DESTRUCTION_RULES,
  ...SUBSCRIBER_RULES,
  ...CHAT_RULES,
  ...ACCESS_RULES,
  ...NEW_ACCESS_RULES,
  ...WATCHING_RULES,
  ...GUARD_RULES,
  ...GUARD_CONFIGURATION_RULES,
  ...GUARD_FUNCTION_RULES,
  ...TRAIL_RULES,
];

/** A finding about one object of one stack. */
export interface FoundAt extends Found {
  readonly rule: string;
  /** null: the finding is about the whole stack. */
  readonly address: string | null;
}

const BY_TYPE = new Map<string, readonly Rule[]>();

function rulesFor(type: string, kind: ChangeKind): readonly Rule[] {
  const key = `${kind} ${type}`;
  const known = BY_TYPE.get(key);
  if (known !== undefined) return known;
  const rules = RULES.filter(({ types, kinds }) => (types?.includes(type) ?? true) && kinds.includes(kind));
  BY_TYPE.set(key, rules);
  return rules;
}

/** What the rules find in one change. */
export function findingsOfChange(seen: SeenChange, context: Omit<Subject, keyof SeenChange>): FoundAt[] {
  const { change } = seen;
  const rules = rulesFor(change.type, change.kind);
  if (rules.length === 0) return [];
  const subject: Subject = { ...context, change, before: seen.before, after: seen.after };
  return rules.flatMap((rule) => {
    const found = rule.find(subject) ?? [];
    const all = Array.isArray(found) ? (found as readonly Found[]) : [found as Found];
    return all.map((one) => ({ ...one, rule: rule.id, address: change.address }));
  });
}

/** What the changes of a stack take back that somebody did outside Terraform. */
export const findingsOfDrift = (drift: readonly SeenChange[], changes: readonly Change[]): FoundAt[] =>
  drift.flatMap((one) =>
    reverts(one, changes).map((found) => ({ ...found, rule: REVERTS, address: one.change.address })),
  );
