/** Synthesized stacks: the content of each file, by `<stack>/<file>`. JSON is parsed; other files are checksums. */
export type Synthesized = ReadonlyMap<string, unknown>;

/** A place where two synthesized organizations differ. */
export interface Difference {
  /** `<stack>/<file>`. */
  readonly file: string;
  /** The keys that lead to the place. Empty: the whole file is new, gone or other. */
  readonly path: readonly string[];
  /** undefined: it is new. */
  readonly before: unknown;
  /** undefined: it is gone. */
  readonly after: unknown;
}

/** A difference that is expected, and what it means. */
export interface Explanation {
  /** The keys that lead to it. `*` stands for one key of any name. */
  readonly path: readonly string[];
  /** What it means for an organization that is deployed. */
  readonly means: string;
  /** Whether the check fails if there is no such difference. @default false */
  readonly isRequired?: boolean;
}

/** The differences of two synthesized organizations, each as deep as it goes. */
export function differencesOf(before: Synthesized, after: Synthesized): Difference[] {
  const files = [...new Set([...before.keys(), ...after.keys()])].sort();
  return files.flatMap((file) =>
    within(before.get(file), after.get(file), []).map((found) => ({ file, ...found })),
  );
}

function within(before: unknown, after: unknown, path: readonly string[]): Omit<Difference, "file">[] {
  if (Object.is(before, after)) return [];
  const [old, now] = [membersOf(before), membersOf(after)];
  if (old === null || now === null || Array.isArray(before) !== Array.isArray(after))
    return [{ path, before, after }];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys.flatMap((key) => within(old[key], now[key], [...path, key]));
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;

/** Differences with and without an explanation. */
export interface Explained {
  /** Each explanation with its differences, which are none if nothing differs in this way. */
  readonly explained: readonly (readonly [Explanation, readonly Difference[]])[];
  readonly unexplained: readonly Difference[];
  /** Explanations that are required and have no difference. */
  readonly missing: readonly Explanation[];
}

/** Assigns differences to the first explanation that fits. */
export function explain(differences: readonly Difference[], explanations: readonly Explanation[]): Explained {
  const of = (difference: Difference) => explanations.find(({ path }) => fits(path, difference.path));
  const explained = explanations.map(
    (explanation) => [explanation, differences.filter((one) => of(one) === explanation)] as const,
  );
  return {
    explained,
    unexplained: differences.filter((one) => of(one) === undefined),
    missing: explained
      .filter(([{ isRequired }, some]) => isRequired && some.length === 0)
      .map(([one]) => one),
  };
}

const fits = (pattern: readonly string[], path: readonly string[]): boolean =>
  pattern.length === path.length && pattern.every((part, index) => part === "*" || part === path[index]);
