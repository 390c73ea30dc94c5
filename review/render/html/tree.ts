import * as pages from "../../../pages/tree";

export { escapeHtml, shown, type Attributes, type Tag } from "../../../pages/tree";

/** A part of the page as plain data, with lists of stacks. */
export type Tree = pages.Node<StackList | PlaceList>;

export type Element = pages.Element<StackList | PlaceList>;

/** Positions in the list of all stacks, as ranges with both ends: `[[0, 3], [7, 7]]`. */
export type Ranges = readonly (readonly [first: number, last: number])[];

/** Ids of stacks. The script shows them when a reader opens the part that has them. */
export interface StackList {
  readonly stacks: Ranges;
}

/** Stacks in which something is, each with its object and with the sentence that has its own values. */
export interface PlaceList {
  readonly places: readonly (readonly [stack: number, address: string | null, title: string | null])[];
}

/**
 * An element. Its texts are made visible.
 * @example h("p", { class: "where" }, "In ", h("code", {}, address))
 */
export const h = pages.h<StackList | PlaceList>;

/** Names of stacks that are in the page before its script runs. */
const SAMPLE = 5;

/** The positions in ranges, in order. */
export const positions = (ranges: Ranges): number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));

/** The ranges of some positions. @example rangesOf([3, 0, 1]) // [[0, 1], [3, 3]] */
export function rangesOf(indexes: Iterable<number>): Ranges {
  const ranges: [number, number][] = [];
  for (const index of [...new Set(indexes)].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges;
}

/**
 * A tree as HTML.
 * @param stacks ids of all stacks
 * @throws Error if a tree has a tag or an attribute that the page does not use, or a link that leaves the page
 */
export const toHtml = (tree: Tree, stacks: readonly string[]): string =>
  pages.write(tree, (list) =>
    "stacks" in list
      ? sample(
          positions(list.stacks).map((index) => stackItem(stacks[index]!)),
          stacks,
        )
      : sample(
          list.places.map((place) => placeItem(place, stacks)),
          stacks,
        ),
  );

const stackItem = (id: string): Tree => h("li", {}, h("code", {}, id));

const placeItem = ([stack, address, title]: PlaceList["places"][number], stacks: readonly string[]): Tree =>
  h(
    "li",
    {},
    h("code", {}, stacks[stack]!),
    ...(address === null ? [] : [" ", h("code", { class: "address" }, address)]),
    ...(title === null ? [] : [" ", h("span", { class: "own" }, title)]),
  );

function sample(items: readonly Tree[], stacks: readonly string[]): string {
  const left = items.length - SAMPLE;
  const more = left > 0 ? [h("li", { class: "more" }, `and ${left.toLocaleString("en-US")} more`)] : [];
  return toHtml(h("ul", { class: "stacks" }, ...items.slice(0, SAMPLE), ...more), stacks);
}
