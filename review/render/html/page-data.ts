import type { Facet } from "../../../pages/page/hash";
import type { Ranges, Tree } from "./tree";

/** What the page's script reads. `page/*.js` refer to these types. */

/** The lists of the page, in the order of its sections. */
export const LISTS = ["findings", "policies", "changes", "drift", "failures", "stacks"] as const;
export type ListName = (typeof LISTS)[number];

/** One entry of a list. */
export interface Item {
  readonly id: string;
  /** The stacks that it is about. */
  readonly at: Ranges;
  /** Severity of the finding, or severities of the findings about the same objects. */
  readonly severities: readonly string[];
  /** What happens to the objects that it is about, in the words of the filter. */
  readonly changes: readonly string[];
  readonly tree: Tree;
}

/** What the filters know of a stack. */
export interface PageStack {
  readonly id: string;
  readonly wave: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
}

export interface PageData {
  readonly stacks: readonly PageStack[];
  /** The table of the strength of recording. */
  readonly recording: Tree;
  readonly lists: Readonly<Record<ListName, readonly Item[]>>;
  /** The filters with their values, in the order in which the page shows both. */
  readonly facets: readonly Facet[];
}
