import { sha256Of } from "../../files/checksum";

/**
 * A function that digests values: the first 32 hexadecimal digits of the SHA-256 of their text, or `=` and the text itself
 * if the value is a short text. It digests each object once, and objects must not change.
 * @throws TypeError for an object that is not plain data
 */
export function digesting(): (value: unknown) => string {
  // A map resolves equal settings to one object, which thousands of accounts may share.
  const ofObjects = new WeakMap<object, string>();
  return (value) => {
    // A short text says more than its digest, and costs nothing.
    if (typeof value === "string") return value.length < 64 ? `=${value}` : sha256Of(value).slice(0, 32);
    if (typeof value !== "object" || value === null) return digestOfValue(value);
    const digest = ofObjects.get(value) ?? digestOfValue(value);
    ofObjects.set(value, digest);
    return digest;
  };
}

const digestOfValue = (value: unknown): string => sha256Of(textOf(value)).slice(0, 32);

/**
 * A text of a value, the same for equal values. Unlike JSON, it tells a missing value from `undefined`, and a map from an
 * object. `serialize` of node:v8 would give a text in two ways: V8 keeps it with one or two bytes for each character,
 * depending on what it was made from.
 * @throws TypeError for an object that is not plain data
 */
function textOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (value instanceof Map) return `Map${textOf([...value])}`;
  if (value instanceof Set) return `Set${textOf([...value])}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) {
    if (typeof value !== "function" && typeof value !== "symbol") return String(value);
  } else if (isPlain(value)) {
    return `{${Object.entries(value)
      .map(([key, part]) => `${JSON.stringify(key)}:${textOf(part)}`)
      .join()}}`;
  }
  throw new TypeError(`Not plain data: ${Object.prototype.toString.call(value)}`);
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};
