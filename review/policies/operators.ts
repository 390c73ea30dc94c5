/** What the values of an operator are compared as. */
export type Family = "text" | "arn" | "number" | "date" | "boolean" | "binary" | "address";

/** How an operator compares a value of the request with each value of the policy. */
export interface Base {
  readonly family: Family;
  /** Whether the condition holds if the value matches none of the policy's. */
  readonly negated: boolean;
  /** Only for texts: whether `*` and `?` are wildcards, and whether upper and lower case are the same. */
  readonly wildcards?: boolean;
  readonly ignoreCase?: boolean;
  /** Only for numbers and dates. */
  readonly order?: "=" | "<" | "<=" | ">" | ">=";
}

/** A condition operator, taken apart. */
export type Operator =
  | {
      readonly is: "comparison";
      readonly base: Base;
      /** `ForAllValues:` or `ForAnyValue:`, for keys with several values. */
      readonly set: "all" | "any" | null;
      readonly ifExists: boolean;
    }
  | { readonly is: "null" };

const ORDERS = {
  equals: "=",
  lessthan: "<",
  lessthanequals: "<=",
  greaterthan: ">",
  greaterthanequals: ">=",
} as const;

const ordered = (name: string, family: Family): [string, Base][] => [
  ...Object.entries(ORDERS).map(([suffix, order]): [string, Base] => [
    `${name}${suffix}`,
    { family, negated: false, order },
  ]),
  [`${name}notequals`, { family, negated: true, order: "=" }],
];

const both = (positive: string, negative: string, base: Omit<Base, "negated">): [string, Base][] => [
  [positive, { ...base, negated: false }],
  [negative, { ...base, negated: true }],
];

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const BASES: ReadonlyMap<string, Base> = new Map([
  ...both("stringequals", "stringnotequals", { family: "text" }),
  ...both("stringequalsignorecase", "stringnotequalsignorecase", { family: "text", ignoreCase: true }),
  ...both("stringlike", "stringnotlike", { family: "text", wildcards: true }),
  ...both("arnequals", "arnnotequals", { family: "arn" }),
  ...both("arnlike", "arnnotlike", { family: "arn" }),
  ...both("ipaddress", "notipaddress", { family: "address" }),
  ...ordered("numeric", "number"),
  ...ordered("date", "date"),
  ["bool", { family: "boolean", negated: false }],
  ["binaryequals", { family: "binary", negated: false }],
]);

const SETS = { forallvalues: "all", foranyvalue: "any" } as const;

/** Takes an operator apart. null: it is none that AWS documents. */
export function parseOperator(text: string): Operator | null {
  const lower = text.toLowerCase();
  if (lower === "null") return { is: "null" };
  const [, prefix, name = "", suffix] =
    /^(?:(forallvalues|foranyvalue):)?(.+?)(ifexists)?$/.exec(lower) ?? [];
  const base = BASES.get(name);
  if (base === undefined) return null;
  const set = prefix === undefined ? null : SETS[prefix as keyof typeof SETS];
  return { is: "comparison", base, set, ifExists: suffix !== undefined };
}
