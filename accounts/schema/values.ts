import { z } from "zod";
import type { Spelling } from "./spellings";

/** What people read about a value of the map. */
export interface Fact {
  /** What the setting does: for editors and for docs/map.md. */
  readonly description?: string;
  /** Which values are valid: for docs/map.md, and for the error message of a wrong value. */
  readonly allowed: string;
  /** How to correct a wrong value: for its error message. */
  readonly remedy: string;
  /** All valid words, if the value is one of a few words: for "did you mean", and for completion in editors. */
  readonly words?: readonly string[];
  /** Unit of a number, like `days`: a text such as "7 years" is converted to it. */
  readonly unit?: string;
  /**
   * What people write here by mistake, in lower case, each with its remedy: words, or keys of a section. It is for a
   * mistake that no rule about spelling explains.
   */
  readonly instead?: Readonly<Record<string, string>>;
  /** The value that a text stands for in another spelling. It is suggested only if the schema accepts it. */
  readonly spell?: (text: string) => Spelling | undefined;
  /** The remedy for one wrong value; `undefined`: {@link remedy} fits it. */
  readonly advise?: (found: unknown) => string | undefined;
  /** region: whether the value is valid depends on the map's newRegions too, so `reading/regions.ts` checks it. */
  readonly kind?: "region";
}

/** The facts of the schema's nodes: the one source of error messages, the JSON Schema and docs/map.md. */
export const facts = z.registry<Fact>();

/**
 * Attaches facts to a schema node.
 *
 * @example described(z.boolean(), { description: "Keep it.", allowed: "true or false", remedy: "write true" })
 */
export const described = <T extends z.ZodType>(schema: T, fact: Fact): T => {
  facts.add(schema, fact);
  return schema;
};

/** true or false. */
export const flag = (description: string, advise?: Fact["advise"]) =>
  described(z.boolean(), {
    description,
    allowed: "true or false",
    remedy: "write true or false, without quotes",
    ...(advise && { advise }),
  });

/** One of a few words. */
export const choice = <const T extends readonly string[]>(
  values: T,
  description: string,
  {
    remedy = "use one of the allowed words",
    ...more
  }: Partial<Pick<Fact, "remedy" | "instead" | "advise">> = {},
) =>
  described(z.enum(values), {
    description,
    allowed: values.map((value) => JSON.stringify(value)).join(" or "),
    remedy,
    words: values,
    ...more,
  });

/** A whole number with a unit, in a range that includes both ends. */
export const wholeNumber = (min: number, max: number, unit: string, description: string, remedy?: string) =>
  described(z.int().min(min).max(max), {
    description,
    allowed: `a whole number of ${unit} from ${min} to ${max}`,
    remedy: remedy ?? `write a number of ${unit} from ${min} to ${max}, without quotes`,
    unit,
    ...(remedy === undefined && { advise: (found: unknown) => nearest(found, min, max, unit) }),
  });

/** The remedy for a number outside of a range: the end that is nearer, or the same time in the right unit. */
export function nearest(found: unknown, min: number, max: number, unit: string): string | undefined {
  if (typeof found !== "number" || Number.isNaN(found)) return undefined;
  const minutes = found / 60;
  if (unit === "minutes" && found > max && Number.isInteger(minutes) && minutes >= min && minutes <= max)
    return `write ${max}, the most that is allowed; or ${minutes}, if you mean ${found} seconds`;
  if (found > max) return `write ${max}, the most that is allowed`;
  if (found < min) return `write ${min}, the least that is allowed`;
  return `write a whole number, like ${Math.ceil(found)}`;
}

/** A section of settings: an object in which every key is optional, and no other key is allowed. */
export const section = <T extends z.core.$ZodLooseShape>(
  shape: T,
  description: string,
  instead?: Fact["instead"],
) =>
  described(z.strictObject(shape).partial(), {
    description,
    allowed: `an object with ${Object.keys(shape).join(", ")}`,
    remedy: "write an object, or leave the section out to keep its defaults",
    ...(instead && { instead }),
  });

/**
 * A resource that the stacks create, or an existing one: a word such as "create" or "none", or an object that names
 * what exists.
 */
export const createdOrExisting = <T extends z.ZodType, const W extends readonly string[]>(
  name: string,
  description: string,
  existing: T,
  words: W,
) =>
  described(z.union([z.enum(words), existing]), {
    description,
    allowed: `${words.map((word) => JSON.stringify(word)).join(" or ")}, or an object that names an existing ${name}`,
    remedy: `write ${words.map((word) => JSON.stringify(word)).join(" or ")}, or { existing: "<name>" }`,
    words,
    instead: { true: 'write "create"', yes: 'write "create"' },
  });

/** The same value, or null. */
export const orNull = <T extends z.ZodType>(schema: T) => schema.nullable();
