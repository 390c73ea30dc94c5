import type { Review } from "../model";
import { visibleJson } from "./visible";

/** Objects with their keys in alphabetical order. */
const sorted = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/**
 * A review as JSON. Equal reviews are equal bytes: keys are in alphabetical order. Characters that a reader cannot see
 * are escaped, so that the text may be printed in a terminal.
 */
export const json = (review: Review): string => `${visibleJson(JSON.stringify(review, sorted, 2))}\n`;
