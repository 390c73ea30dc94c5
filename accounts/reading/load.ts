import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { inspect } from "node:util";
import type * as Yaml from "yaml";
import { UserError } from "../../processes/user-error";
import { DEFAULT_MAP, MAP_VARIABLE } from "../model/map-file";
import { generatedFile, withGenerated } from "./generated";
import { readThrough } from "./read-through";
import { strictJson } from "./strict-json";

export { MAP_VARIABLE };

/**
 * The file of the map: the one that `SESSION_AUDIT_ACCOUNTS` names, else `accounts/index.ts`. A relative path is
 * relative to the directory in which the operator started npm: npm runs scripts in the project's directory, and
 * `INIT_CWD` names the directory that it was started in.
 *
 * @param project directory of this project
 * @param cwd where a relative path starts if npm has not set `INIT_CWD`
 * @throws UserError if the variable is empty
 * @see https://docs.npmjs.com/cli/commands/npm-run-script
 */
export function mapFile(env: NodeJS.ProcessEnv, project: string, cwd: string = process.cwd()): string {
  const named = env[MAP_VARIABLE];
  if (named === "") {
    throw new UserError({
      what: `${MAP_VARIABLE} is empty.`,
      allowed: "the path of a map",
      remedy: "Unset the variable to use accounts/index.ts. A script that sets it probably misses a value.",
    });
  }
  return named !== undefined ? resolve(cwd, env["INIT_CWD"] ?? "", named) : resolve(project, DEFAULT_MAP);
}

/**
 * Reads a map as plain, unchecked data, with its generated part (`generatedFile`) merged under it.
 * @param file `.ts` or `.js` (its default export), `.json`, `.yaml` or `.yml`
 * @throws UserError with the file, the fault and its position if the file does not exist, has another extension, or cannot be parsed
 */
export function loadMap(file: string): unknown {
  const map = loadFile(file);
  const generated = generatedFile(file);
  if (!existsSync(generated)) return map;
  return withGenerated(map, withoutExtras(loadGenerated(generated)), generated);
}

/**
 * Reads the generated file of a map with its keys for programs, which begin with `x-`. Commands write the file again, as
 * JSON, so it is no other YAML: what every command reads, each of them can write.
 * @throws UserError with the line and the column of a fault
 */
export function loadGenerated(file: string): unknown {
  // JSON.parse takes the last of two keys with one name. YAML refuses the second.
  loadFile(file);
  return strictJson(readFileSync(file, "utf8"), file);
}

/** Reads a map as plain, unchecked data, without its generated part. @throws UserError as `loadMap` does */
export function loadFile(file: string): unknown {
  if (!existsSync(file)) {
    throw unreadable(`${file}: no such file. Set ${MAP_VARIABLE} to the path of a map, or unset it.`);
  }
  if (statSync(file).isDirectory()) {
    throw unreadable(`${file}: is a directory. Name the file of the map in it.`);
  }
  // A named pipe would be waited for, until somebody writes into it.
  if (!statSync(file).isFile()) throw unreadable(`${file}: is no regular file. Write the map into one.`);
  const map = loadByName(file);
  attempt(file, () => readThrough(map));
  return map;
}

function loadByName(file: string): unknown {
  switch (extname(file).toLowerCase()) {
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

/**
 * Reads JSON as YAML, which includes JSON, so that errors in both have a line and a column. `<<` merges an object into
 * another one. `$schema` and `x-…` at the top are for editors and for anchors, and no part of the map.
 */
function loadText(file: string): unknown {
  const text = attempt(file, () => decoded(readFileSync(file)));
  // Most maps are TypeScript, for which a tenth of the time until one stack is written would go into loading this.

  const { LineCounter, parseDocument } = require("yaml") as typeof Yaml;
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const document = attempt(file, () =>
    parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true }),
  );
  // YAML would take the comment for a key.
  const comment = extname(file).toLowerCase() === ".json" ? commentIn(text) : -1;
  if (comment >= 0)
    throw unreadable(`${at(comment)}: JSON has no comments. Remove it, or write the map as YAML, with #.`);
  // A warning is an unknown tag, such as !Ref. The value that it stands for would be missing from the map.
  const error = document.errors[0] ?? document.warnings[0];
  if (error) {
    throw unreadable(`${at(error.pos[0])}: ${reasonOf(error, text)}`);
  }
  // Aliases are resolved only here, so an alias without an anchor, or too many aliases, are errors of this step.
  return withoutExtras(attempt(file, () => document.toJS() as unknown));
}

/** Windows PowerShell writes UTF-16 with `>`. A byte order mark says so. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.toString("utf8");
}

/** Where the first comment of another language begins in JSON; -1: nowhere. Texts in quotes may contain `//`. */
function commentIn(json: string): number {
  const blank = json.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, (text) => " ".repeat(text.length));
  return blank.search(/\/[/*]/);
}

function reasonOf({ code, message, pos: [from] }: Yaml.YAMLError, text: string): string {
  if (code === "MULTIPLE_DOCS") return "A map is one YAML document: remove the --- between the documents.";
  const key = code === "DUPLICATE_KEY" ? /^["']?([^"':\n]+)/.exec(text.slice(from))?.[1] : undefined;
  return key === undefined ? message : `${message}: ${JSON.stringify(key)} is written twice.`;
}

/** Without `$schema` and the keys that begin with `x-`. */
export function withoutExtras(map: unknown): unknown {
  if (typeof map !== "object" || map === null || Array.isArray(map)) return map;
  return Object.fromEntries(
    Object.entries(map).filter(([key]) => key !== "$schema" && !key.startsWith("x-")),
  );
}

const unreadable = (what: string): UserError => new UserError({ what });

/** Any error with the file is for the operator to correct, so it becomes one line without a stack trace. */
function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const isObject = typeof error === "object";
    const message = error instanceof Error ? error.message : isObject ? inspect(error) : String(error);
    // If a module is missing, Node appends the files of this program that required it.
    throw unreadable(`${file}${positionIn(file, error)}: ${message.split("\nRequire stack:")[0]}`);
  }
}

/** Where a module has thrown an error, as `:<line>:<column>`; "" if the stack trace does not name the module. */
function positionIn(file: string, error: unknown): string {
  // A module can throw anything, also null.
  const stack = String((error as { readonly stack?: unknown } | null | undefined)?.stack ?? "");
  const [, position = ""] =
    stack
      .split(file)
      .at(1)
      ?.match(/^(:\d+:\d+)/) ?? [];
  return position;
}
