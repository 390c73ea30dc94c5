import { differences } from "./diff";
import type { DocumentChange, PolicyChange } from "./model";
import { NO_SECRETS } from "./secrets";
import { documentIn, pathText } from "./values";

/** What a policy is attached to, where its statements do not say it. */
export type PolicyKind = "endpoint" | "scp";

/** The change of a text by the meaning of the JSON in it; null: there is no text. */
export function meaningOf(
  before: string | null,
  after: string | null,
  _kind?: PolicyKind,
): PolicyChange | DocumentChange | "same" | "no-json" {
  const side = (text: string | null) => ({ value: documentIn(text), sensitive: false, unknown: false });
  if ([before, after].some((text) => text !== null && documentIn(text) === undefined)) return "no-json";
  const fields = differences(side(before), side(after), NO_SECRETS);
  if (fields.length === 0) return "same";
  return {
    kind: "document",
    fields: fields.map(({ path, ...values }) => ({ path: pathText(path), ...values })),
  };
}
