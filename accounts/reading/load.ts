import { existsSync, readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { UserError } from "../../processes/user-error";

/** The variable that names another map than the one in `accounts/index.ts`. */
export const MAP_VARIABLE = "SESSION_AUDIT_ACCOUNTS";

/**
 * The file that holds the map: the file that `SESSION_AUDIT_ACCOUNTS` names, or else the project's own map.
 * @param project folder of the project
 * @param cwd where a relative path starts. npm runs a script in the folder of the project, and gives the folder of the
 * operator in `INIT_CWD`, which therefore comes first.
 * @see https://docs.npmjs.com/cli/v10/commands/npm-run-script
 */
export function mapFile(env: NodeJS.ProcessEnv, project: string, cwd: string = process.cwd()): string {
  const named = env[MAP_VARIABLE];
  return named ? resolve(cwd, env["INIT_CWD"] ?? "", named) : resolve(project, "accounts", "index.ts");
}

/**
 * Reads a map as plain, unchecked data.
 * @param file `.ts` or `.js` (its default export), `.json`, `.yaml` or `.yml`
 * @throws UserError if there is no such file, or it does not parse
 */
export function loadMap(file: string): unknown {
  if (!existsSync(file)) {
    throw unreadable(`${file}: no such file. Set ${MAP_VARIABLE} to the path of a map, or unset it.`);
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
      throw unreadable(`${file}: a map is a .ts, .js, .json, .yaml or .yml file.`);
  }
}

function loadModule(file: string): unknown {
  const loaded = attempt(file, () => require(file) as { default?: unknown } | null);
  if (loaded?.default === undefined) {
    throw unreadable(`${file}: has no default export. Write "export default map".`);
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
    throw unreadable(`${file}:${line}:${col}: ${several || error.message}`);
  }
  // Anchors are followed only here: an alias without one, or too many, shows now.
  return attempt(file, () => document.toJS() as unknown);
}

const unreadable = (what: string): UserError => new UserError({ what });

/** Reports any failure to read a file as a mistake in that file: one line without a stack trace. */
function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node appends which of this program's files asked for a module that is missing.
    throw unreadable(`${file}: ${message.split("\nRequire stack:")[0]}`);
  }
}
