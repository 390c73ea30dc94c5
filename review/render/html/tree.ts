import { clip, visible } from "../visible";

/**
 * A part of the page as plain data. The renderer writes it as HTML, and the page's script makes elements from the same
 * data, so that a part exists once. A text of a plan can only be a string of a tree or the value of an attribute, and
 * both writers escape these.
 */
export type Tree = string | Element | StackList | PlaceList;

export type Element = readonly [tag: Tag, attributes: Attributes, ...children: Tree[]];

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

export const TAGS = [
  ...([
    "a",
    "article",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h4",
    "header",
    "ins",
  ] as const),
  ...([
    "li",
    "p",
    "pre",
    "span",
    "strong",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
  ] as const),
] as const;
export type Tag = (typeof TAGS)[number];

export const ATTRIBUTES = [
  ...([
    "class",
    "id",
    "href",
    "open",
    "scope",
    "colspan",
    "aria-label",
    "aria-hidden",
    "data-label",
  ] as const),
] as const;
export type Attributes = Readonly<Partial<Record<(typeof ATTRIBUTES)[number], string>>>;

/** Longest text of the page, in characters. The JSON output has all of a longer one. */
const LONGEST = 20_000;

/** A text of a plan as the page shows it: every character can be seen. */
export const shown = (text: string): string => clip(visible(text), LONGEST);

/**
 * An element. Its texts are made visible.
 * @example h("p", { class: "where" }, "In ", h("code", {}, address))
 */
export const h = (tag: Tag, attributes: Attributes, ...children: Tree[]): Element => [
  tag,
  attributes,
  ...children.map((child) => (typeof child === "string" ? shown(child) : child)),
];

/** Names of stacks that are in the page before its script runs. */
const SAMPLE = 5;

/** Every character that could end a text, an attribute or a script, as an entity. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`=]/g, (one) => `&#${one.charCodeAt(0)};`);

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
export function toHtml(tree: Tree, stacks: readonly string[]): string {
  if (typeof tree === "string") return escapeHtml(tree);
  if ("stacks" in tree)
    return sample(
      positions(tree.stacks).map((index) => stackItem(stacks[index]!)),
      stacks,
    );
  if ("places" in tree)
    return sample(
      tree.places.map((place) => placeItem(place, stacks)),
      stacks,
    );
  const [tag, attributes, ...children] = tree;
  if (!TAGS.includes(tag)) throw new Error(`<${tag}> is no element of the page`);
  const written = Object.entries(attributes).map(([name, value]) => {
    if (!(ATTRIBUTES as readonly string[]).includes(name))
      throw new Error(`${name} is no attribute of the page`);
    if (name === "href" && !value.startsWith("#")) throw new Error(`${value} leaves the page`);
    return ` ${name}="${escapeHtml(value)}"`;
  });
  return `<${tag}${written.join("")}>${children.map((child) => toHtml(child, stacks)).join("")}</${tag}>`;
}

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
