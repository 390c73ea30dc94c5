import { existsSync, readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";

/** A map that cannot be read at all. The message says which file, what is wrong and where. */
export class MapFileError extends Error {
  override readonly name = "MapFileError";
}

/** The variable that names another map than the one in `accounts/index.ts`. */
export const MAP_VARIABLE = "SESSION_AUDIT_ACCOUNTS";

/** The file that holds the map: the one that `SESSION_AUDIT_ACCOUNTS` names, else the project's own. */
export function mapFile(env: NodeJS.ProcessEnv, project: string): string {
  const named = env[MAP_VARIABLE];
  return named ? resolve(named) : resolve(project, "accounts", "index.ts");
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
  let loaded: { default?: unknown };
  try {
    loaded = require(file) as { default?: unknown };
  } catch (error) {
    throw new MapFileError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (loaded.default === undefined) {
    throw new MapFileError(`${file}: has no default export. Write "export default map".`);
  }
  return loaded.default;
}

/** JSON is read as YAML, of which it is a part: both get errors with line and column. */
function loadText(file: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new MapFileError(`${file}:${line}:${col}: ${error.message}`);
  }
  return document.toJS() as unknown;
}
