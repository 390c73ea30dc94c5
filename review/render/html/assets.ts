import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "..", "page");

/** The modules of the page's script. Each one comes after those that it requires; the last one starts the page. */
const MODULES = ["elements", "filters", "lists", "facets", "keyboard", "theme", "main"];

/** The parts of the page's style. The last one changes the others for narrow windows and for paper. */
const STYLES = ["base", "tables", "entries", "values", "tools", "media"];

/** The script or the style of the page, and the source by which the page's policy allows it. */
export interface Asset {
  readonly text: string;
  /** @see https://www.w3.org/TR/CSP3/#grammardef-hash-source */
  readonly source: string;
}

const asset = (text: string): Asset => {
  if (/<\/(script|style)|<!--/i.test(text))
    throw new Error("A script or a style of the page ends its own element.");
  return { text, source: `'sha256-${createHash("sha256").update(text).digest("base64")}'` };
};

const read = (name: string): string => readFileSync(join(FOLDER, name), "utf8");

export const style = (): Asset => asset(STYLES.map((name) => read(`${name}.css`)).join("\n"));

/** The modules in one script, which has the part of CommonJS that they use. */
export function script(): Asset {
  const modules = MODULES.map((name) => `"./${name}":(module,require)=>{${read(`${name}.js`)}\n}`);
  return asset(
    `"use strict";(()=>{const sources={${modules.join(",\n")}};const loaded={};` +
      "const require=(name)=>{if(!(name in loaded)){const module={exports:{}};loaded[name]=module;" +
      'sources[name](module,require);}return loaded[name].exports;};require("./main");})();',
  );
}
