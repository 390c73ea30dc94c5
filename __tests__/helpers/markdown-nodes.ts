import { Parser } from "commonmark";

/** One node of a parsed document: its type and its own text. */
export interface MarkdownNode {
  readonly type: string;
  readonly text: string;
  readonly destination: string | null;
}

const MERGED = ["text", "softbreak"];

/**
 * The nodes of a document as a CommonMark parser reads it. Neighbouring texts are one node, as they are for the filters
 * that a site runs on the result. What is between the tags `<code>` and `</code>` is a node of the type `code` as well.
 */
export function markdownNodes(markdown: string): MarkdownNode[] {
  const walker = new Parser().parse(markdown).walker();
  const nodes: MarkdownNode[] = [];
  let text: string | null = null;
  let inCode = false;
  const flush = () => {
    if (text !== null) nodes.push({ type: inCode ? "code" : "text", text, destination: null });
    text = null;
  };
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { node, entering } = event;
    if (MERGED.includes(node.type)) {
      text = (text ?? "") + (node.literal ?? "\n");
      continue;
    }
    flush();
    if (node.type === "html_inline" && /^<\/?code>$/.test(node.literal!)) inCode = node.literal === "<code>";
    if (entering) nodes.push({ type: node.type, text: node.literal ?? "", destination: node.destination });
  }
  flush();
  return nodes;
}

/** The text that a reader of a document sees, without what is only HTML. */
export const readableText = (markdown: string): string =>
  markdownNodes(markdown)
    .map(({ type, text }) => (type === "html_block" || type === "html_inline" ? withoutTags(text) : text))
    .join("\n");

const withoutTags = (html: string): string =>
  html
    .replace(/<\/?[a-z]+(?: open)?>/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
