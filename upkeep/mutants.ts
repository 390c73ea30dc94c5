import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ROOT } from "./maps";

/** A part of the project whose tests must notice most changes of the code. */
export interface Area {
  /** A folder: its files, and those of its subfolders. */
  readonly folder: string;
  /** Share of the mutants that tests must kill, in percent. */
  readonly threshold: number;
  /** Tests of a file in addition to those that import it, as paths from the root. @param name of the file without `.ts` */
  readonly tests?: (name: string) => readonly string[];
}

const RULES = "__tests__/accounts/rules";
const GUARDRAIL_TESTS = filesIn("__tests__/stacks/policies/guardrails");
const REMEDY_TESTS = ["settings", "unknown-keys", "accounts"].map(
  (part) => `__tests__/accounts/reading/remedies-for-${part}.test.ts`,
);

/**
 * Areas whose files are mutated. The first area that contains a file applies, so a subfolder stands before its parent. A
 * wrong policy or event pattern loses records, so the areas of policies and events have a higher threshold.
 */
export const AREAS: readonly Area[] = [
  { folder: "stacks/policies/guardrails", threshold: 90, tests: () => GUARDRAIL_TESTS },
  { folder: "stacks/policies", threshold: 90 },
  { folder: "stacks/events", threshold: 90 },
  { folder: "guard", threshold: 85 },
  { folder: "review", threshold: 85, tests: (name) => [`__tests__/review/findings/${name}.test.ts`] },
  { folder: "accounts/rules", threshold: 85, tests: (name) => [`${RULES}/bad-${name}.test.ts`] },
  {
    folder: "accounts/schema",
    threshold: 85,
    tests: (name) => [`${RULES}/bad-${name}.test.ts`, ...REMEDY_TESTS],
  },
  { folder: "accounts/reading", threshold: 85, tests: () => REMEDY_TESTS },
  { folder: "accounts", threshold: 85 },
];

/** A source file, and the tests that run on its mutants. */
export interface MutationTarget {
  /** Path from the root. */
  readonly file: string;
  readonly tests: readonly string[];
  readonly threshold: number;
}

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** Whether a test file is run on mutants. Properties are left out: each mutant would run hundreds of examples. */
const isTest = (file: string): boolean =>
  file.endsWith(".test.ts") &&
  !file.endsWith(".properties.test.ts") &&
  !file.startsWith("__tests__/e2e/") &&
  !SLOW.includes(file);

/** Tests that take longer than all the others of a file, and kill no additional mutants. */
const SLOW: readonly string[] = [
  "__tests__/review/policies/verdict-flips.test.ts",
  "__tests__/stacks/policies/policy-structure.test.ts",
  "__tests__/stacks/policies/partitions.test.ts",
  "__tests__/stacks/policies/whole-paths.test.ts",
];

type Imports = ReadonlyMap<string, ReadonlySet<string>>;

/** For each file, the project files that it imports, as paths from the root without `.ts` and `/index`. */
const importsOf = (files: readonly string[]): Imports =>
  new Map(
    files.map((file) => {
      const text = readFileSync(join(ROOT, file), "utf8");
      const names = [...text.matchAll(/(?:from |import\()"(\.[^"]*)"/g)].map(([, path]) =>
        join(dirname(file), path!),
      );
      return [file, new Set(names)] as const;
    }),
  );

const importing = (imports: Imports, path: string): string[] =>
  [...imports].filter(([, names]) => names.has(path)).map(([file]) => file);

let imports: { readonly tests: Imports; readonly code: Imports } | undefined;

/**
 * The tests of a file: those that import it, that have its name, or that its area names. A file that has none has those
 * of the files in its area that import it. More tests would kill few additional mutants, and each would take longer.
 */
export function testsOf(file: string, area: Area, seen: ReadonlySet<string> = new Set()): string[] {
  imports ??= {
    tests: importsOf(filesIn("__tests__").filter(isTest)),
    code: importsOf(AREAS.flatMap(({ folder }) => filesIn(folder))),
  };
  const path = file.replace(/\.ts$/, "").replace(/\/index$/, "");
  const named = [`__tests__/${path}.test.ts`, ...(area.tests?.(basename(path)) ?? [])];
  const own = [...named.filter((test) => existsSync(join(ROOT, test))), ...importing(imports.tests, path)];
  const importers = importing(imports.code, path).filter((other) => isIn(other, area) && !seen.has(other));
  const tests =
    own.length > 0
      ? own
      : importers.flatMap((other) => testsOf(other, area, new Set([...seen, ...importers, file])));
  return [...new Set(tests)].filter(isTest).sort();
}

const isIn = (file: string, { folder }: Area): boolean => file.startsWith(`${folder}/`);

/**
 * The files that a word of the command line names: a file, or a folder with its files.
 * @returns nothing if the word names no file of an area
 */
export function filesToMutate(word: string): MutationTarget[] {
  const path = word.replace(/\/$/, "");
  const all = [...new Set(AREAS.flatMap(({ folder }) => filesIn(folder)))];
  return all
    .filter((file) => file === path || file.startsWith(`${path}/`))
    .map((file) => {
      const area = AREAS.find((one) => isIn(file, one))!;
      return { file, tests: testsOf(file, area), threshold: area.threshold };
    });
}

/** A mutant in the report of StrykerJS. */
export interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status:
    "Killed" | "Timeout" | "Survived" | "NoCoverage" | "RuntimeError" | "CompileError" | "Ignored";
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

/** The result of a file. */
export interface Score {
  readonly killed: number;
  readonly of: number;
  /** Mutants that no test notices, in the order of their lines. */
  readonly survivors: readonly Mutant[];
}

/** Counts mutants as StrykerJS does: an endless loop is noticed, and mutants that do not run do not count. */
export function scoreOf(mutants: readonly Mutant[]): Score {
  const killed = mutants.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const survivors = mutants
    .filter(({ status }) => status === "Survived" || status === "NoCoverage")
    .sort(
      ({ location: a }, { location: b }) => a.start.line - b.start.line || a.start.column - b.start.column,
    );
  return { killed, of: killed + survivors.length, survivors };
}

/** The score in percent, rounded down: 89.99 is less than 90. A file without mutants has no fault. */
export const percentOf = ({ killed, of }: Score): number =>
  of === 0 ? 100 : Math.floor((killed * 1000) / of) / 10;

/** A row of docs/mutants.md: what a run has found. */
export interface Recorded {
  readonly file: string;
  readonly killed: number;
  readonly of: number;
}

/** The files that docs/mutants.md has a score of. */
export const recordedScores = (): Recorded[] =>
  [
    ...readFileSync(join(ROOT, "docs", "mutants.md"), "utf8").matchAll(
      /^\| `([^`]+\.ts)` +\| +(\d+) of (\d+) /gm,
    ),
  ].map(([, file, killed, of]) => ({ file: file!, killed: Number(killed), of: Number(of) }));
