import { didYouMean } from "./problems";
import { respellings } from "./respellings";
import { acceptedBy, takesAnyText, type Place } from "../schema/walk";
import type { Fact } from "../schema/values";

/** The keys that a text or a flag in place of a section may stand for, most likely first: `guard: true`. */
const FIRST_KEYS = ["enabled", "existing", "mode", "name", "account", "region"];

/**
 * The remedy for a wrong value: for this very value, if it says what was meant; else the remedy of the setting.
 * @param place where the value is, with what the schema says about it
 * @param isRegion tells whether a text is a region that the map may name: the schema knows only how regions are spelt
 */
export function remedyFor(
  found: unknown,
  fact: Fact,
  place: Place,
  isRegion: (text: string) => boolean,
): string {
  const { instead, advise, words = [], remedy } = fact;
  const word = typeof found === "string" || typeof found === "boolean" ? String(found).toLowerCase() : "";
  const known = instead && Object.hasOwn(instead, word) ? instead[word] : undefined;
  return (
    known ?? meantWord(found, words) ?? advise?.(found) ?? respelt(found, fact, place, isRegion) ?? remedy
  );
}

/** A valid word that a text resembles. */
const meantWord = (found: unknown, words: readonly string[]): string | undefined => {
  const meant = typeof found === "string" ? didYouMean(found, words) : undefined;
  return meant && question(meant);
};

/** @example question("protect") // 'did you mean "protect"?' */
export const question = (word: string): string => `did you mean ${JSON.stringify(word)}?`;

/** The first spelling of a value that the schema accepts, as a remedy. */
function respelt(
  found: unknown,
  fact: Fact,
  place: Place,
  isRegion: (text: string) => boolean,
): string | undefined {
  const keys = FIRST_KEYS.filter((key) => place.keys.includes(key));
  const right = respellings(found, fact, keys).find(
    ({ value }) =>
      acceptedBy(place, value) &&
      (fact.kind !== "region" || isRegion(String(value))) &&
      (Array.isArray(found) || !(typeof value === "string" && takesAnyText(place))),
  );
  if (right === undefined) return undefined;
  return `write ${written(right.value)}${right.how === undefined ? "" : `, ${right.how}`}`;
}

/** A value as people write it in a map: keys without quotes. */
export function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${written(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
