import { compareDocuments, parseJsonString } from "./documents";
import type { DocumentChange, PolicyChange } from "./model";
import type { Json } from "./plan-json";
import { comparePolicies } from "./policies/compare";
import { isPolicyDocument } from "./policies/policy-document";
import type { PolicyKind } from "./policies/words";

/** What the change of a text means. `same`: both say the same. `no-json`: at least one text holds no JSON document. */
export type Meaning = PolicyChange | DocumentChange | "same" | "no-json";

/** Comparisons that are remembered. The same change occurs in many stacks, one after the other. */
const REMEMBERED = 500;

const memory = new Map<string, Meaning>();

/**
 * Compares two texts of an attribute by what the JSON in them means: policies by statement, other documents by field.
 * Equal texts cost nothing, and the result for two texts is remembered.
 * @param before null or empty: there was no document
 * @param after null or empty: there is no document any more
 * @param kind what a policy is attached to. @default found out from its statements, except `endpoint` and `scp`
 * @example meaningOf(before.policy, after.policy)
 */
export function meaningOf(before: string | null, after: string | null, kind?: PolicyKind): Meaning {
  if (before === after) return "same";
  const id = `${kind} ${before?.length} ${after?.length} ${before}${after}`;
  const known = memory.get(id);
  if (known !== undefined) return known;
  const made = compare(before, after, kind);
  if (memory.size >= REMEMBERED) memory.clear();
  memory.set(id, made);
  return made;
}

function compare(before: string | null, after: string | null, kind?: PolicyKind): Meaning {
  const [old, now] = [documentOf(before), documentOf(after)];
  if (old === undefined || now === undefined) return "no-json";
  const isPolicy = [old, now].every((one) => one === null || isPolicyDocument(one));
  return (isPolicy ? comparePolicies(old, now, kind) : compareDocuments(old, now)) ?? "same";
}

const documentOf = (text: string | null): Json | undefined =>
  text === null || text.trim() === "" ? null : parseJsonString(text);
