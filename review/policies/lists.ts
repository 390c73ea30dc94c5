/** Values of a list that are written out. The others are counted. */
export const LISTED = 5;

/**
 * A list within a sentence. A long one is cut, and says how many values it leaves out.
 * @example listed(["a", "b", "c"]) // "a, b and c"
 * @example listed(["a", "b", "c", "d", "e", "f", "g"], "or") // "a, b, c, d, e or 2 more"
 */
export function listed(values: readonly string[], conjunction: "and" | "or" = "and"): string {
  // A list is not cut for the sake of a single value.
  const isCut = values.length > LISTED + 1;
  const shown = isCut ? [...values.slice(0, LISTED), `${values.length - LISTED} more`] : values;
  const last = shown[shown.length - 1] ?? "nothing";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
