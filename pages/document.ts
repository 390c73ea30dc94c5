import type { Asset } from "./assets";
import { escapeHtml, shown } from "./tree";
import { visibleJson } from "./visible";

/** What {@link page} makes a page from. */
export interface PageProps {
  readonly title: string;
  readonly style: Asset;
  /** null: the page has no script, and its policy forbids every one. */
  readonly script: Asset | null;
  /** HTML of the body, made of trees. */
  readonly body: string;
  /** Values that the script reads, by the id of their element. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * An HTML file that needs nothing else: it opens from disk, and its policy forbids every request and every script but its
 * own. No script of the page can make HTML from a text.
 * @see https://www.w3.org/TR/trusted-types/
 */
export function page({ title, style, script, body, data }: PageProps): string {
  const policy = [
    "default-src 'none'",
    `style-src ${style.source}`,
    `script-src ${script?.source ?? "'none'"}`,
    ...["base-uri 'none'", "form-action 'none'"],
    ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
  ].join("; ");
  const values = Object.entries(data).map(
    ([id, value]) => `<script type="application/json" id="${escapeHtml(id)}">${embedded(value)}</script>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(shown(title))}</title>
<style>${style.text}</style>
</head>
<body>
${body}
${[...values, ...(script === null ? [] : [`<script>${script.text}</script>`])].join("\n")}
</body>
</html>
`;
}

/** JSON that is text inside of a script element, whatever its values are. */
const embedded = (value: unknown): string =>
  visibleJson(JSON.stringify(value)).replace(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
