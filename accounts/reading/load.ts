import { existsSync, readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { UserError } from "../../processes/user-error";

/**
 * The environment variable that names the file of another map than `accounts/index.ts`.
 *
 * @example SESSION_AUDIT_ACCOUNTS=maps/production.yaml npm run synth
 */
export const MAP_VARIABLE = "SESSION_AUDIT_ACCOUNTS";

/**
 * The file of the map: the one that `SESSION_AUDIT_ACCOUNTS` names, else `accounts/index.ts`. A relative path is
 * relative to the directory in which the operator started npm: npm runs scripts in the project's directory, and
 * `INIT_CWD` names the directory that it was started in.
 *
 * @param project directory of this project
 * @param cwd where a relative path starts if npm has not set `INIT_CWD`
 * @see https://docs.npmjs.com/cli/commands/npm-run-script
 */
export function mapFile(env: NodeJS.ProcessEnv, project: string, cwd: string = process.cwd()): string {
  const named = env[MAP_VARIABLE];
  return named ? resolve(cwd, env["INIT_CWD"] ?? "", named) : resolve(project, "accounts", "index.ts");
}

/**
 * Reads a map as plain, unchecked data.
 * @param file `.ts` or `.js` (its default export), `.json`, `.yaml` or `.yml`
 * @throws UserError with the file, the fault and its position if the file does not exist, has another extension, or cannot be parsed
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

/** Reads JSON as YAML, which includes JSON, so that errors in both have a line and a column. */
function loadText(file: string): unknown {
  const lines = new LineCounter();
  const text = attempt(file, () => readFileSync(file, "utf8"));
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // A warning is an unknown tag, such as !Ref. The value that it stands for would be missing from the map.
  const error = document.errors[0] ?? document.warnings[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const several =
      error.code === "MULTIPLE_DOCS" && "A map is one YAML document: remove the --- between the documents.";
    throw unreadable(`${file}:${line}:${col}: ${several || error.message}`);
  }
  // Aliases are resolved only here, so an alias without an anchor, or too many aliases, are errors of this step.
  return attempt(file, () => document.toJS() as unknown);
}

const unreadable = (what: string): UserError => new UserError({ what });

/** Any error with the file is for the operator to correct, so it becomes one line without a stack trace. */
function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // If a module is missing, Node appends the files of this program that required it.
    throw unreadable(`${file}: ${message.split("\nRequire stack:")[0]}`);
  }
}
