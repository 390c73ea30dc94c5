import { ALL_REGIONS } from "../aws/regions";

/**
 * Stacks whose policies differ only in names (account, region, generated ids) can share one comparison of policies. They
 * cannot if a wildcard covers only a part of such a name: `4444*` matches the account 444444444444 and no other.
 */

/** A text with a wildcard, as JSON writes it. */
const WITH_WILDCARD = /"(?:[^"\\]|\\.)*?[*?](?:[^"\\]|\\.)*"/g;
/** A wildcard in an action covers no name. */
const ACTION = /^"[\w-]+:[\w*?]*"$/;
/** Text next to a wildcard, before and after it, that keeps the wildcard from covering only a part of a name. */
const SAFE_BEFORE = /^$|[":/=_.,\s*]$/;
const SAFE_AFTER = /^$|^[":/=.,\s*]/;
const REGIONS = [...new Set(ALL_REGIONS.map((region) => region.split("-")[0]!))].join("|");
/** A wildcard after a hyphen covers a part of a name if what precedes it is the beginning of a region or of a UUID. */
const PART_OF_NAME = new RegExp(`(?:^|[^a-z])(?:(?:${REGIONS})(?:-[a-z]+)*|[0-9a-f]*\\d[0-9a-f]*)-$`);

/**
 * Whether the comparison of a policy holds for all stacks that have the same policy with other names.
 * @param policy as JSON, with placeholders in place of names
 */
export function isTransferable(policy: string): boolean {
  return [...policy.matchAll(WITH_WILDCARD)].every(([text]) => ACTION.test(text) || isWhole(text));
}

/** Whether each wildcard of a text covers whole names, or none. */
function isWhole(text: string): boolean {
  // How much a question mark covers depends on the length of a name.
  if (text.includes("?")) return false;
  return [...text.matchAll(/\*/g)].every(({ index }) => {
    const [before, after] = [text.slice(0, index), text.slice(index + 1)];
    const isSafeBefore = SAFE_BEFORE.test(before) || (before.endsWith("-") && !PART_OF_NAME.test(before));
    return isSafeBefore && SAFE_AFTER.test(after);
  });
}
