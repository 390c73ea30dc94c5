import type { Json, PlanJson, PlanResourceChange } from "./plan-json";

/**
 * What a plan would do that a reviewed plan would not. Changes are compared with their values before and after, sensitive
 * ones included; JSON in strings counts by its content, and the order of keys does not count.
 * @returns addresses of objects and names of outputs; empty if every change was reviewed
 */
export function notReviewed(plan: PlanJson, reviewed: PlanJson): string[] {
  const known = new Set(changesIn(reviewed).map(({ text }) => text));
  return changesIn(plan).flatMap(({ name, text }) => (known.has(text) ? [] : [name]));
}

interface NamedChange {
  readonly name: string;
  /** The whole change, in one spelling. */
  readonly text: string;
}

function changesIn({ resource_changes = [], output_changes = {} }: PlanJson): NamedChange[] {
  const outputs = Object.entries(output_changes).map(([name, { actions, after, after_unknown = false }]) => ({
    name: `output.${name}`,
    actions,
    moves: false,
    parts: [actions, after, after_unknown] as unknown as Json,
  }));
  const objects = resource_changes.map((resource) => ({
    name: resource.address,
    actions: resource.change.actions,
    moves: moves(resource),
    parts: partsOf(resource),
  }));
  return [...objects, ...outputs]
    .filter(
      ({ actions, moves }) => moves || !actions.every((action) => action === "no-op" || action === "read"),
    )
    .map(({ name, parts }) => ({ name, text: `${name} ${JSON.stringify(canonical(parts))}` }));
}

const moves = ({ previous_address, change }: PlanResourceChange): boolean =>
  previous_address !== undefined || change.importing !== undefined;

const partsOf = ({ previous_address, deposed, change }: PlanResourceChange): Json =>
  ({
    previous_address: previous_address ?? null,
    deposed: deposed ?? null,
    importing: change.importing ?? null,
    actions: change.actions,
    before: change.before,
    after: change.after,
    after_unknown: change.after_unknown ?? false,
  }) as unknown as Json;

/** A value with sorted keys, in which JSON in a string has one spelling. */
function canonical(value: Json): Json {
  if (typeof value === "string") return canonicalText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  const entries = Object.entries(value as { [key: string]: Json }).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, canonical(entry)]));
}

function canonicalText(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    // Tagged, so that a string of JSON is not the same as the value that it describes.
    return { json: canonical(JSON.parse(text) as Json) };
  } catch {
    return text;
  }
}
