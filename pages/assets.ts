import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

const ROOT = resolve(__dirname, "..");

/** The script or the style of a page, and the source by which the page's policy allows it. */
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

/**
 * The style of a page.
 * @param files absolute paths, in the order in which their rules apply
 */
export const style = (files: readonly string[]): Asset =>
  asset(files.map((file) => readFileSync(file, "utf8")).join("\n"));

const REQUIRE = /require\("(\.[^"]+)"\)/g;

/**
 * A module and all that it requires as one script, which has the part of CommonJS that they use.
 * @param entry absolute path of the module that starts the page
 */
export function script(entry: string): Asset {
  const modules = new Map<string, string>();
  const add = (file: string): string => {
    const name = relative(ROOT, file);
    if (modules.has(name)) return name;
    modules.set(name, "");
    const text = readFileSync(file, "utf8").replace(
      REQUIRE,
      (_whole, path: string) => `require("${add(resolve(dirname(file), `${path}.js`))}")`,
    );
    modules.set(name, text);
    return name;
  };
  const start = add(entry);
  const sources = [...modules].map(([name, text]) => `"${name}":(module,require)=>{${text}\n}`);
  return asset(
    `"use strict";(()=>{const sources={${sources.join(",\n")}};const loaded={};` +
      "const require=(name)=>{if(!(name in loaded)){const module={exports:{}};loaded[name]=module;" +
      `sources[name](module,require);}return loaded[name].exports;};require("${start}");})();`,
  );
}
