import { preProcessFile } from "typescript";

/** New names of packages, by their names now: `cdktf` also stands for everything below it, such as `cdktf/lib/app`. */
export type Renames = Readonly<Record<string, string>>;

/** The module that an import names after the renames. */
export function renamedModule(module: string, renames: Renames): string {
  for (const [from, to] of Object.entries(renames))
    if (module === from || module.startsWith(`${from}/`)) return `${to}${module.slice(from.length)}`;
  return module;
}

/**
 * A TypeScript file in which imports name other packages: static, dynamic and type-only ones, re-exports and `require`
 * with a string. Nothing else changes, also not the same name in a comment or in another string.
 * @example renamed('import { App } from "cdktf";', { cdktf: "cdktn" }) // 'import { App } from "cdktn";'
 */
export function renamed(text: string, renames: Renames): string {
  // From the end, so that the positions before stay as they are.
  return preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => renamedModule(fileName, renames) !== fileName)
    .sort((one, other) => other.pos - one.pos)
    .reduce((changed, { fileName }) => replaceAfter(changed, fileName, renames), text);
}

/** Replaces each quoted module of this name that stands where an import has it. */
function replaceAfter(text: string, module: string, renames: Renames): string {
  const escaped = module.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const importing = new RegExp(
    `((?:\\bfrom|\\bimport|\\bimport\\(|\\brequire\\()\\s*)(["'])${escaped}\\2`,
    "g",
  );
  return text.replaceAll(importing, (_, before: string, quote: string) => {
    return `${before}${quote}${renamedModule(module, renames)}${quote}`;
  });
}

/** The packages and modules that a TypeScript file imports. */
export const importedModules = (text: string): string[] =>
  preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
