import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { preProcessFile } from "typescript";

/** The folders of the project's own code, without tests, benchmarks and pipelines. */
export const FOLDERS = [
  ...["accounts", "aws", "demo", "emulator", "files"],
  ...["fleet", "guard", "pages", "processes", "report", "review", "stacks", "toolchain", "upkeep"],
];

/** One import statement, dynamic and type-only imports included. */
export interface Import {
  /** Path of the importing file from the root of the project, like `stacks/names.ts`. */
  readonly file: string;
  /**
   * What the file imports: for a file of the project its path from the root, without the ending, like `stacks/names`;
   * for a package its name; for a Node.js module its name with `node:`.
   */
  readonly imported: string;
}

/**
 * All TypeScript files in some folders and the folders below them, as paths from the root.
 * @param root absolute path
 */
export const typescriptFiles = (root: string, folders: readonly string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );

/**
 * Every import of some files: static, dynamic and type-only imports, re-exports and `require`.
 * @param files paths from the root
 */
export const importsOf = (root: string, files: readonly string[]): Import[] =>
  files.flatMap((file) =>
    preProcessFile(readFileSync(join(root, file), "utf8"), true, true).importedFiles.map(({ fileName }) => ({
      file,
      imported: fileName.startsWith(".") ? projectPath(root, file, fileName) : fileName,
    })),
  );

const projectPath = (root: string, file: string, specifier: string): string =>
  relative(root, resolve(root, dirname(file), specifier));

/**
 * The circles among files. A circle is a list of files in which every file reaches every other file through imports.
 * Type-only imports count, because a reader has to follow them as well.
 * @example circlesOf(importsOf(root, typescriptFiles(root, ["stacks"])))
 */
export function circlesOf(imports: readonly Import[]): string[][] {
  const files = new Set(imports.map(({ file }) => file));
  const fileOf = (imported: string) =>
    [`${imported}.ts`, `${imported}/index.ts`, imported].find((file) => files.has(file));
  const graph = new Map<string, string[]>([...files].map((file) => [file, []]));
  for (const { file, imported } of imports) {
    const target = fileOf(imported);
    if (target !== undefined) graph.get(file)!.push(target);
  }
  const reached = (start: string): Set<string> => {
    const seen = new Set<string>();
    const open = [...graph.get(start)!];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...graph.get(next)!);
    }
    return seen;
  };
  const reaches = new Map([...files].map((file) => [file, reached(file)]));
  const inCircle = [...files].filter((file) => reaches.get(file)!.has(file)).sort();
  const circles: string[][] = [];
  for (const file of inCircle) {
    if (circles.flat().includes(file)) continue;
    circles.push(
      inCircle.filter(
        (other) => other === file || (reaches.get(file)!.has(other) && reaches.get(other)!.has(file)),
      ),
    );
  }
  return circles;
}

/** The room of a file: the longest path prefix in the table with which its path begins. */
const roomOf = (rooms: readonly string[], file: string): string | undefined =>
  rooms.filter((room) => file.startsWith(room)).sort((a, b) => b.length - a.length)[0];

/**
 * The imports that a table does not allow, as sentences. A file may import Node.js modules and the files of its own
 * room in any case. A file that belongs to no room is reported.
 * @param allowed for each room (a path prefix), the prefixes of what its files may import
 * @example strayImports(imports, { "aws/": [], "accounts/schema/": ["aws/", "zod"] })
 */
export function strayImports(
  imports: readonly Import[],
  allowed: Readonly<Record<string, readonly string[]>>,
): string[] {
  const rooms = Object.keys(allowed);
  return imports.flatMap(({ file, imported }) => {
    const room = roomOf(rooms, file);
    if (room === undefined) return [`${file} belongs to no room`];
    const may = [room, "node:", ...allowed[room]!];
    // `accounts/schema` is the file accounts/schema/index.ts.
    return may.some((prefix) => imported.startsWith(prefix) || `${imported}/` === prefix)
      ? []
      : [`${file} imports ${imported}`];
  });
}
