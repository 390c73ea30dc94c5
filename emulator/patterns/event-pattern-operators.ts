import { BlockList, isIPv4 } from "node:net";

/** The test of `{"prefix": "x"}` or `{"suffix": "x"}`. With `{"equals-ignore-case": "x"}` as value, case is ignored. */
type TextTest = (text: string, wanted: string) => boolean;

const AFFIXES: Readonly<Record<string, TextTest>> = {
  prefix: (text, wanted) => text.startsWith(wanted),
  suffix: (text, wanted) => text.endsWith(wanted),
};

const OPERATORS: Readonly<Record<string, (wanted: unknown, leaf: unknown) => boolean>> = {
  prefix: (wanted, leaf) => affix("prefix", wanted, leaf),
  suffix: (wanted, leaf) => affix("suffix", wanted, leaf),
  "equals-ignore-case": (wanted, leaf) => isText(leaf) && leaf.toLowerCase() === text(wanted).toLowerCase(),
  wildcard: (wanted, leaf) => wildcard(text(wanted), leaf),
  numeric: (wanted, leaf) => numeric(wanted, leaf),
  cidr: (wanted, leaf) => cidr(text(wanted), leaf),
  "anything-but": (wanted, leaf) => !isOneOf(wanted, leaf),
};

/**
 * Whether a leaf of an event matches one operator of an event pattern. `exists` is not among them.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws Error when EventBridge has no such operator, or when the operator's value is invalid
 */
export function matchesOperator(test: Readonly<Record<string, unknown>>, leaf: unknown): boolean {
  const [name, wanted] = Object.entries(test)[0] ?? ["", undefined];
  const operator = OPERATORS[name];
  if (operator === undefined) throw new Error(`There is no operator ${JSON.stringify(name)}`);
  return operator(wanted, leaf);
}

/** Whether `anything-but` names the leaf: by a value, by a list of values, or by a text operator over one or more texts. */
function isOneOf(wanted: unknown, leaf: unknown): boolean {
  if (typeof wanted === "object" && wanted !== null && !Array.isArray(wanted)) {
    const [name, values] = Object.entries(wanted)[0] ?? ["", undefined];
    if (!["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(name)) {
      throw new Error(`anything-but takes no ${JSON.stringify(name)}`);
    }
    return list(values).some((value) => matchesOperator({ [name]: value }, leaf));
  }
  const values = list(wanted);
  if (values.some((value) => typeof value === "object" && value !== null)) {
    throw new Error("anything-but takes texts and numbers");
  }
  return values.includes(leaf);
}

function affix(name: "prefix" | "suffix", wanted: unknown, leaf: unknown): boolean {
  const test = AFFIXES[name] as TextTest;
  if (typeof wanted !== "object" || wanted === null) return isText(leaf) && test(leaf, text(wanted));
  const ignoringCase = text((wanted as Record<string, unknown>)["equals-ignore-case"]).toLowerCase();
  return isText(leaf) && test(leaf.toLowerCase(), ignoringCase);
}

/** `*` stands for any number of characters, `\*` for an asterisk and `\\` for a backslash. */
function wildcard(pattern: string, leaf: unknown): boolean {
  if (pattern.includes("**")) throw new Error("a wildcard must not contain two consecutive *");
  const source = pattern.replace(/\\([*\\])|\*|[.+?^${}()|[\]\\]/g, (part, escaped?: string) =>
    part === "*" ? ".*" : `\\${escaped ?? part}`,
  );
  return isText(leaf) && new RegExp(`^${source}$`, "s").test(leaf);
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  "=": (left, right) => left === right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

function numeric(wanted: unknown, leaf: unknown): boolean {
  if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length % 2 !== 0) {
    throw new Error("numeric takes a list of comparisons and numbers");
  }
  const results: boolean[] = [];
  for (let index = 0; index < wanted.length; index += 2) {
    const compare = COMPARISONS[String(wanted[index])];
    const bound: unknown = wanted[index + 1];
    if (compare === undefined || typeof bound !== "number")
      throw new Error("numeric takes <, <=, =, >, >= and a number");
    results.push(typeof leaf === "number" && compare(leaf, bound));
  }
  return results.every(Boolean);
}

function cidr(range: string, leaf: unknown): boolean {
  const [network = "", bits = ""] = range.split("/");
  const block = new BlockList();
  block.addSubnet(network, Number(bits), isIPv4(network) ? "ipv4" : "ipv6");
  return isText(leaf) && block.check(leaf, isIPv4(leaf) ? "ipv4" : "ipv6");
}

const isText = (value: unknown): value is string => typeof value === "string";
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function text(value: unknown): string {
  if (!isText(value)) throw new Error(`${JSON.stringify(value)} is not a text`);
  return value;
}
