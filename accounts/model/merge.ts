type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Merges one level of settings over another. Objects merge key by key, arrays and scalars replace, and `undefined`
 * changes nothing. Neither argument is modified.
 * @example merge({ a: 1, b: [1, 2] }, { b: [3] }) // { a: 1, b: [3] }
 */
export function merge<T>(under: T, over: unknown): T {
  if (over === undefined) return under;
  if (!isPlain(under) || !isPlain(over)) return over as T;
  const entries = Object.entries(over);
  // Levels that say nothing share one object, so that thousands of accounts without settings of their own cost little.
  if (entries.length === 0) return under;
  const merged: Plain = { ...under };
  for (const [key, value] of entries) merged[key] = merge(merged[key], value);
  return merged as T;
}

/** Freezes a value and everything in it, so that no code can change the settings after they are read. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** The value at a path; `undefined` if there is no such path. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    root,
  );
}

/** The function, which computes the result for an object once: equal objects of settings stay one object. */
export function oncePerObject<Given extends object, Result>(
  compute: (given: Given) => Result,
): (given: Given) => Result {
  const known = new WeakMap<Given, { readonly result: Result }>();
  return (given) => {
    const found = known.get(given) ?? { result: compute(given) };
    known.set(given, found);
    return found.result;
  };
}
