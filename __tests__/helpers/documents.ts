import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The root of the project, as an absolute path. */
export const ROOT = resolve(__dirname, "..", "..");

/**
 * The text of a file. The padding that prettier adds to tables is reduced to single spaces.
 * @param file path from the root of the project
 */
export const read = (file: string): string =>
  readFileSync(join(ROOT, file), "utf8").replace(/^\|.*$/gm, (row) => row.replace(/ {2,}/g, " "));

const inFolder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));

/** Every Markdown page of the project, as a path from the root. */
export const DOCUMENTS: readonly string[] = ["", "docs", "docs/decisions", "docs/examples"].flatMap(inFolder);

const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, "");

/** The anchor that GitHub derives from a heading. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

/** The anchors of all headings of a page, without `#`. */
export const anchorsOf = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!.trim()));

/** Targets of a page's links to files of this project: inline links, images (of HTML as well) and link definitions. */
export const localLinksOf = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^()\s]+)\)|^\[[^\]]+\]:\s+(\S+)$|\b(?:src|srcset)="([^"\s]+)"/gm)]
    .map(([, inline, defined, picture]) => (inline ?? defined ?? picture)!)
    .filter((target) => !/^[a-z]+:/.test(target));
