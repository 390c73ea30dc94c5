import { clip, visible } from "./visible";

/**
 * A part of a page as plain data. The renderer writes it as HTML, and the page's script can make elements from the same
 * data, so that a part exists once. A text of AWS or of a plan can only be a string of a tree or the value of an
 * attribute, and both writers escape these.
 * @typeParam Own what one page has beside elements and texts
 */
export type Node<Own = never> = string | Element<Own> | Own;

export type Element<Own = never> = readonly [tag: Tag, attributes: Attributes, ...children: Node<Own>[]];

/** Elements of HTML, and the few of SVG that charts are made of. */
export const TAGS = [
  ...(["a", "article", "caption", "code", "dd", "del", "details", "div", "dl", "dt"] as const),
  ...(["em", "figure", "h1", "h2", "h3", "h4", "header", "ins", "li", "ol", "p"] as const),
  ...(["pre", "section", "span", "strong", "summary", "table", "tbody", "td", "th", "thead"] as const),
  ...(["tr", "ul"] as const),
  ...(["desc", "g", "line", "rect", "svg", "text", "title"] as const),
] as const;
export type Tag = (typeof TAGS)[number];

/** Attributes without effect beyond the page. No event handler and no style is among them. */
export const ATTRIBUTES = [
  ...(["class", "id", "href", "open", "role", "scope", "colspan", "tabindex"] as const),
  ...(["aria-label", "aria-labelledby", "aria-hidden"] as const),
  ...(["data-count", "data-key", "data-label"] as const),
  ...(["viewBox", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "rx", "text-anchor"] as const),
] as const;
export type Attributes = Readonly<Partial<Record<(typeof ATTRIBUTES)[number], string>>>;

/** Longest text of a page, in characters. */
const LONGEST = 20_000;

/** A text as a page shows it: every character can be seen. */
export const shown = (text: string): string => clip(visible(text), LONGEST);

/**
 * An element. Its texts are made visible.
 * @example h("p", { class: "where" }, "In ", h("code", {}, address))
 */
export const h = <Own = never>(tag: Tag, attributes: Attributes, ...children: Node<Own>[]): Element<Own> => [
  tag,
  attributes,
  ...children.map((child) => (typeof child === "string" ? shown(child) : child)),
];

/** Every character that could end a text, an attribute or a script, as an entity. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`=]/g, (one) => `&#${one.charCodeAt(0)};`);

/**
 * A tree as HTML.
 * @param own writes what the page has beside elements and texts
 * @throws Error if a tree has a tag or an attribute that no page uses, or a link that leaves the page
 */
export function write<Own = never>(tree: Node<Own>, own: (one: Own) => string): string {
  if (typeof tree === "string") return escapeHtml(tree);
  if (!isElement(tree)) return own(tree);
  const [tag, attributes, ...children] = tree;
  if (!TAGS.includes(tag)) throw new Error(`<${tag}> is no element of the page`);
  const written = Object.entries(attributes).map(([name, value]) => {
    if (!(ATTRIBUTES as readonly string[]).includes(name))
      throw new Error(`${name} is no attribute of the page`);
    if (name === "href" && !value.startsWith("#")) throw new Error(`${value} leaves the page`);
    return ` ${name}="${escapeHtml(value)}"`;
  });
  return `<${tag}${written.join("")}>${children.map((child) => write(child, own)).join("")}</${tag}>`;
}

const isElement = <Own>(tree: Element<Own> | Own): tree is Element<Own> => Array.isArray(tree);
