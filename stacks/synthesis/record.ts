import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256Of } from "../../files/checksum";

/** What is known of a stack that was written. */
export interface Written {
  /** SHA-256 of each file of the stack, by the path of the file. */
  readonly files: Readonly<Record<string, string>>;
  /** Digest of everything that was read of the organization to build the stack, by its name. */
  readonly reads: Readonly<Record<string, string>>;
}

/** The stacks that were written into a directory. */
export interface SynthesisRecord {
  /** Digest of the program that wrote them. */
  readonly program: string;
  /** By the id of the stack. */
  readonly stacks: Readonly<Record<string, Written>>;
}

/** Name of the file with the record of a directory, in that directory. */
export const RECORD = ".synthesis.json";

const PROJECT = join(__dirname, "..", "..");

/** The folders whose files decide about the bytes of a stack. The files in `accounts/` itself are maps. */
const SOURCES = ["accounts", "aws", "files", "guard", "stacks"];

/**
 * Digest of everything but the map that the bytes of a stack depend on: the sources, the installed packages as npm
 * records them, Node.js, and the context that cdktf reads from the environment. A package in `node_modules` that was
 * edited by hand is not noticed.
 */
export function programDigest(project: string = PROJECT, env: NodeJS.ProcessEnv = process.env): string {
  const sources = SOURCES.flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => folder !== "accounts" || !isMap(file, project))
      .sort(),
  );
  const contents = sources.map((file) => [file.slice(project.length), sha256Of(readFileSync(file))]);
  const packages = installedPackages(project);
  return sha256Of(JSON.stringify([contents, packages, process.version, env["CDKTF_CONTEXT_JSON"] ?? null]));
}

/**
 * npm's list of what it has installed: in the clone, or in the project that session-audit is installed in. Another
 * package manager writes no such list, and then no digest equals another, so that nothing is kept.
 * @see https://docs.npmjs.com/cli/configuring-npm/package-lock-json#hidden-lockfiles
 */
function installedPackages(folder: string): string {
  const file = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(file)) return sha256Of(readFileSync(file));
  return folder === dirname(folder) ? randomUUID() : installedPackages(dirname(folder));
}

const isMap = (file: string, project: string): boolean => dirname(file) === join(project, "accounts");

/**
 * The stacks of the record of a directory that were made from the same input as they would be made now. There are none if
 * the directory has no record, it is damaged, or another program wrote it.
 * @param isCurrent whether something that was read of the organization has a digest; asked once for each of them
 */
export function currentStacks(
  directory: string,
  program: string,
  isCurrent: (name: string, digest: string) => boolean,
): SynthesisRecord["stacks"] {
  const file = join(directory, RECORD);
  if (!existsSync(file)) return {};
  const text = readFileSync(file, "utf8");
  const [digest, content] = [text.slice(0, 64), text.slice(65)];
  if (sha256Of(content) !== digest) return {};
  const { names, digests, ...rest } = JSON.parse(content) as Kept;
  if (rest.program !== program) return {};
  const current = names.map((name, index) => isCurrent(name, digests[index]!));
  const stacks: Record<string, Written> = {};
  for (const [id, { files, reads }] of Object.entries(rest.stacks)) {
    if (!reads.every((index) => current[index])) continue;
    stacks[id] = {
      files,
      // Most commands find everything as it is, and write no record that would need them.
      get reads() {
        return Object.fromEntries(reads.map((index) => [names[index]!, digests[index]!]));
      },
    };
  }
  return stacks;
}

/** The record as it is kept: stacks have many reads in common, so they are kept once. */
interface Kept {
  readonly program: string;
  readonly names: readonly string[];
  readonly digests: readonly string[];
  readonly stacks: Readonly<Record<string, { files: Written["files"]; reads: readonly number[] }>>;
}

/** The content of the file with a record: the digest of everything that follows, and the record. */
export function recordText({ program, stacks }: SynthesisRecord): string {
  const places = new Map<string, number>();
  const [names, digests]: [string[], string[]] = [[], []];
  const placeOf = ([name, digest]: [string, string]): number => {
    const key = `${name}\n${digest}`;
    const place = places.get(key) ?? names.length;
    if (place === names.length) {
      places.set(key, place);
      names.push(name);
      digests.push(digest);
    }
    return place;
  };
  const kept = Object.entries(stacks)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { files, reads }]) => [id, { files, reads: Object.entries(reads).map(placeOf) }] as const);
  const content = JSON.stringify({
    program,
    stacks: Object.fromEntries(kept),
    names,
    digests,
  } satisfies Kept);
  return `${sha256Of(content)}\n${content}`;
}
