import type { Facet } from "../../../pages/page/hash";
import type { Frame } from "../../replay/recording";
import type { Level } from "../../verdicts";

/** What the page's script reads. `page/*.js` refer to these types. */

/** A row of the table of sessions. Its texts are made visible. */
export interface PageRow {
  /** Names the row in the hash of the page's URL. */
  readonly key: string;
  /** Index in {@link PageData.verdicts}. */
  readonly verdict: number;
  /** In seconds since 1970. */
  readonly start: number;
  readonly started: string;
  readonly seconds: number | null;
  readonly lasted: string;
  readonly outOfHours: boolean;
  readonly person: string;
  readonly account: string;
  readonly region: string;
  readonly instance: string;
  readonly id: string;
  readonly document: string;
  readonly access: string;
  /** What the search finds beside these. */
  readonly more: string;
  /** Index of its replay, if there is one. */
  readonly replay?: number;
}

export interface PageData {
  readonly verdicts: readonly { readonly title: string; readonly level: Level }[];
  /** The lines of an evidence card. */
  readonly facts: readonly { readonly group: string; readonly label: string }[];
  readonly rows: readonly PageRow[];
  /** Values of the facts are in elements `facts-0`, `facts-1` …, each with this number of rows. */
  readonly chunk: number;
  readonly facets: readonly Facet[];
  readonly timeZone: string;
}

/** What an element `facts-0`, `facts-1` … has. Most values of neighbours are the same, so each is there once. */
export interface FactChunk {
  readonly values: readonly string[];
  /** For each row the position of the value of each fact; -1: none. */
  readonly rows: readonly (readonly number[])[];
}

/** What an element `replay-0`, `replay-1` … has. */
export interface PageReplay {
  /** In milliseconds since 1970. */
  readonly start: number;
  readonly frames: readonly Frame[];
  /** The transcript as plain text; null: it was not read. */
  readonly transcript: string | null;
}
