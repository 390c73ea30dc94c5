import { SENSITIVE } from "./failures";
import type { Json, Marks, PlanChange, PlanJson } from "./plan-json";

/** A shorter value is too common to be searched for within other values. */
const SEARCHED = 6;
/** A shorter value is too common to be recognized at all: a letter, a digit. */
const RECOGNIZED = 3;

/** The sensitive texts of a plan. */
export interface Secrets {
  /** Whether a text is one of them, or contains one. */
  cover(text: string): boolean;
  /** A message with another text in place of each of them. */
  mask(message: string): string;
}

/** For what comes from no plan. */
export const NO_SECRETS: Secrets = { cover: () => false, mask: (message) => message };

/**
 * The sensitive texts of a plan. Terraform's marks alone do not suffice: with a sensitive tag, `tags` is marked and
 * `tags_all` is not; with a sensitive name, `name` is marked and `arn` is not.
 */
export function secretsOf(plan: PlanJson): Secrets {
  const texts = new Set<string>();
  const changes: readonly PlanChange[] = [
    ...[...(plan.resource_changes ?? []), ...(plan.resource_drift ?? [])].map(({ change }) => change),
    ...(plan.deferred_changes ?? []).map(({ resource_change }) => resource_change.change),
    ...Object.values(plan.output_changes ?? {}),
  ];
  for (const change of changes) {
    collect(change.before, change.before_sensitive, texts);
    collect(change.after, change.after_sensitive, texts);
  }
  if (texts.size === 0) return NO_SECRETS;
  const searched = [...texts].filter(({ length }) => length >= SEARCHED);
  return {
    cover: (text) =>
      texts.has(text) || texts.has(canonical(text)) || searched.some((secret) => text.includes(secret)),
    mask: (message) => searched.reduce((text, secret) => text.replaceAll(secret, SENSITIVE), message),
  };
}

function collect(value: Json | undefined, marks: Marks | undefined, texts: Set<string>): void {
  if (marks === undefined || marks === false || value === undefined || value === null) return;
  if (typeof value === "string") {
    if (marks !== true || value.length < RECOGNIZED) return;
    texts.add(value).add(canonical(value));
    return;
  }
  if (typeof value !== "object") return;
  const parts = value as { readonly [key: string]: Json };
  // Only marked parts are looked at: nearly nothing of a plan is sensitive.
  for (const key of Object.keys(marks === true ? parts : marks)) {
    collect(parts[key], marks === true || (marks as { readonly [key: string]: Marks })[key], texts);
  }
}

/** JSON with its keys in order, so that a sensitive policy is recognized however AWS spells it. */
function canonical(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(sorted(JSON.parse(text) as Json));
  } catch {
    return text;
  }
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((element) => sorted(element as Json));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as { readonly [key: string]: Json });
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  );
}
