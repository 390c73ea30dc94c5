import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "..", "..");

/** A file's text. The padding that prettier gives to tables is reduced to single spaces. */
export const read = (file: string): string =>
  readFileSync(join(ROOT, file), "utf8").replace(/^\|.*$/gm, (row) => row.replace(/ {2,}/g, " "));

const inFolder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));

/** Every page that people read, as paths from the root of the project. */
export const DOCUMENTS: readonly string[] = ["", "docs", "docs/decisions", "docs/examples"].flatMap(inFolder);

const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, "");

/** A heading as GitHub turns it into an anchor. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

/** The anchors of a page, of every level of heading. */
export const anchorsOf = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!.trim()));

/** Targets of the links of a page that stay in this project: inline links, images and link definitions. */
export const localLinksOf = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^()\s]+)\)|^\[[^\]]+\]:\s+(\S+)$/gm)]
    .map(([, inline, defined]) => (inline ?? defined)!)
    .filter((target) => !/^[a-z]+:/.test(target));
