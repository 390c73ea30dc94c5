type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Lays one level of settings over another: objects merge key by key, arrays and scalars replace,
 * `undefined` says nothing. Neither argument is changed.
 */
export function merge<T>(under: T, over: unknown): T {
  if (over === undefined) return under;
  if (!isPlain(under) || !isPlain(over)) return over as T;
  const merged: Plain = { ...under };
  for (const [key, value] of Object.entries(over)) merged[key] = merge(merged[key], value);
  return merged as T;
}

/** Freezes a value and everything in it: what synth reads can then be changed by nothing. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** What stands at a path, or `undefined` where the path leads nowhere. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    root,
  );
}
