import type { Verdict } from "./model";
import type { VerdictKind } from "./verdicts";

/** A verdict with its sentences. */
export const verdict = (kind: VerdictKind, ...words: readonly string[]): Verdict => ({ kind, words });

/** Words with "and" between them. */
export const listed = (words: readonly string[]) => words.join(" and ");

/** A text that begins with a capital letter. */
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What a verdict says of records that exist with content. */
export const presentWords = (records: readonly string[]) =>
  `${capital(listed(records))}: present, with content.`;
