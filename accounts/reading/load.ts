import { existsSync, readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";

/** A map that cannot be read at all. The message says which file, what is wrong and where. */
export class MapFileError extends Error {
  override readonly name = "MapFileError";
}

/** The variable that names another map than the one in `accounts/index.ts`. */
export const MAP_VARIABLE = "SESSION_AUDIT_ACCOUNTS";

/**
 * The file that holds the map: the one that `SESSION_AUDIT_ACCOUNTS` names, else the project's own. A relative
 * path starts where the operator is: npm moves to the project, and leaves the place in `INIT_CWD`.
 */
export function mapFile(env: NodeJS.ProcessEnv, project: string): string {
  const named = env[MAP_VARIABLE];
  return named ? resolve(env["INIT_CWD"] ?? "", named) : resolve(project, "accounts", "index.ts");
}

/**
 * Reads a map as plain, unchecked data.
 * @param file `.ts` or `.js` (its default export), `.json`, `.yaml` or `.yml`
 * @throws MapFileError if there is no such file, or it does not parse
 */
export function loadMap(file: string): unknown {
  if (!existsSync(file)) {
    throw new MapFileError(`${file}: no such file. Set ${MAP_VARIABLE} to the path of a map, or unset it.`);
  }
  switch (extname(file)) {
    case ".ts":
    case ".js":
      return loadModule(file);
    case ".json":
    case ".yaml":
    case ".yml":
      return loadText(file);
    default:
      throw new MapFileError(`${file}: a map is a .ts, .js, .json, .yaml or .yml file.`);
  }
}

function loadModule(file: string): unknown {
  const loaded = attempt(file, () => require(file) as { default?: unknown } | null);
  if (loaded?.default === undefined) {
    throw new MapFileError(`${file}: has no default export. Write "export default map".`);
  }
  return loaded.default;
}

/** JSON is read as YAML, of which it is a part: both get errors with line and column. */
function loadText(file: string): unknown {
  const lines = new LineCounter();
  const text = attempt(file, () => readFileSync(file, "utf8"));
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // A warning is a tag that nobody here knows, like !Ref: what it stands for would be missing from the map.
  const error = document.errors[0] ?? document.warnings[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const several = error.code === "MULTIPLE_DOCS" && "A map is one document: remove the --- in the middle.";
    throw new MapFileError(`${file}:${line}:${col}: ${several || error.message}`);
  }
  // Anchors are followed only here: an alias without one, or too many, shows now.
  return attempt(file, () => document.toJS() as unknown);
}

/** Whatever goes wrong with a file is the operator's to mend: said in a line, without a stack trace. */
function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node appends which of this program's files asked for a module that is missing.
    throw new MapFileError(`${file}: ${message.split("\nRequire stack:")[0]}`);
  }
}
