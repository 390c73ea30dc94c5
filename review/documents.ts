import type { DocumentChange, Shown } from "./model";
import type { Json } from "./plan-json";

type JsonObject = { readonly [key: string]: Json };
type Field = DocumentChange["fields"][number];

/** Lists with more pairs of elements than this are compared by position. */
const MAX_PAIRS = 250_000;

/**
 * Compares two JSON documents that are no policies, field by field: the Session document, an event pattern, a dashboard.
 * The order of keys does not count; that of lists does, and a field that is added or removed with all that it contains is
 * one change. A list of texts or numbers is one field. An element that is added to a list of objects moves no other.
 * @param before null: there was no document
 * @param after null: there is no document any more
 * @returns null if both say the same
 * @example compareDocuments({ inputs: { idle: "20" } }, { inputs: { idle: "60" } })?.fields[0]?.path // "inputs.idle"
 */
export function compareDocuments(before: Json, after: Json): DocumentChange | null {
  const isNone = before === null || after === null;
  const [old, now] =
    isNone && isContainer(before ?? after)
      ? [before ?? emptyOf(after), after ?? emptyOf(before)]
      : [before, after];
  const fields = changesOf("", old, now);
  return fields.length === 0 ? null : { kind: "document", fields };
}

/** The JSON document that a text holds; undefined for any other text. Numbers, texts and booleans are no documents. */
export function parseJsonString(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isContainer = (value: Json): boolean => typeof value === "object" && value !== null;
const emptyOf = (value: Json): Json => (isList(value) ? [] : {});

function changesOf(path: string, before: Json, after: Json): Field[] {
  if (isObject(before) && isObject(after)) return changesOfObject(path, before, after);
  if (isList(before) && isList(after) && [...before, ...after].some(isContainer)) {
    return changesOfList(path, before, after);
  }
  return canonical(before) === canonical(after) ? [] : [field(path, known(before), known(after))];
}

function changesOfObject(path: string, before: JsonObject, after: JsonObject): Field[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => {
    const at = keyPath(path, key);
    const [old, now] = [own(before, key), own(after, key)];
    if (old === undefined) return [field(at, ABSENT, known(now as Json))];
    return now === undefined ? [field(at, known(old), ABSENT)] : changesOf(at, old, now);
  });
}

const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

function changesOfList(path: string, before: readonly Json[], after: readonly Json[]): Field[] {
  const fields: Field[] = [];
  let [from, to] = [0, 0];
  const flush = (fromEnd: number, toEnd: number) => {
    for (; from < fromEnd && to < toEnd; from += 1, to += 1) {
      fields.push(...changesOf(`${path}[${to}]`, before[from] as Json, after[to] as Json));
    }
    for (; from < fromEnd; from += 1)
      fields.push(field(`${path}[${from}]`, known(before[from] as Json), ABSENT));
    for (; to < toEnd; to += 1) fields.push(field(`${path}[${to}]`, ABSENT, known(after[to] as Json)));
  };
  for (const [one, other] of sameElements(before.map(canonical), after.map(canonical))) {
    flush(one, other);
    from = one + 1;
    to = other + 1;
  }
  flush(before.length, after.length);
  return fields;
}

/** Positions of the longest list of elements that are the same before and after, in the same order. */
function sameElements(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) {
    pairs.push([start, start]);
    start += 1;
  }
  const [rows, columns] = [before.length - start, after.length - start];
  if (rows * columns > MAX_PAIRS) return pairs;
  // lengths[n][m]: how many elements are the same after the first n and the first m of the rest.
  const lengths = Array.from({ length: rows + 1 }, () => new Array<number>(columns + 1).fill(0));
  const length = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      (lengths[row] as number[])[column] =
        before[start + row] === after[start + column]
          ? length(row + 1, column + 1) + 1
          : Math.max(length(row + 1, column), length(row, column + 1));
    }
  }
  let [row, column] = [0, 0];
  while (row < rows && column < columns) {
    if (before[start + row] === after[start + column]) {
      pairs.push([start + row, start + column]);
      row += 1;
      column += 1;
    } else if (length(row + 1, column) >= length(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

/** A text that two values share if and only if they are the same, whatever the order of their keys. */
function canonical(value: Json): string {
  if (isList(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join()}}`;
}

const ABSENT: Shown = { is: "absent" };
const known = (value: Json): Shown => ({ is: "known", value });
const field = (path: string, before: Shown, after: Shown): Field => ({ path, before, after });

/** The path of a key: `inputs.idleSessionTimeout`, or `inputs["a.b"]` for a key that is no plain name. */
const keyPath = (path: string, key: string): string => {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
};
