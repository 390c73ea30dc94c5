import { types } from "node:util";

/** The deepest nesting that is accepted. The checks of a map are recursive, and a deeper one would exhaust the call stack. */
const DEEPEST = 100;

/**
 * Reads every value of a map once, so that what a map in TypeScript does while it is read, such as a getter that throws, is
 * an error of its file and of no program that checks it.
 * @throws Error if the map has too many levels or a Proxy, and whatever a getter throws
 */
export function readThrough(value: unknown, depth = 0, seen = new Set<object>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  if (types.isProxy(value)) throw new Error("the map has a Proxy. Export plain data.");
  if (depth > DEEPEST)
    throw new Error(
      `the map has more than ${DEEPEST} levels of objects and lists. Remove the nesting that no setting has.`,
    );
  seen.add(value);
  for (const inner of Object.values(value)) readThrough(inner, depth + 1, seen);
}
