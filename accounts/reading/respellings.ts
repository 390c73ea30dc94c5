import { arnParts, isArn } from "../../aws/arn";
import { amountIn } from "../schema/amounts";
import type { Spelling } from "../schema/spellings";
import type { Fact } from "../schema/values";

/** How people misspell texts of any setting. The schema decides whether a spelling is right. */
const TEXTS: readonly ((text: string) => readonly (Spelling | undefined)[])[] = [
  (text) => [{ value: text.trim(), how: "without spaces around it" }],
  (text) => [{ value: text.toLowerCase(), how: "in lower case" }],
  (text) => [{ value: text.replace(/^\/+|\/+$/g, "").replace(/\/{2,}/g, "/") }],
  (text) => (isArn(text) ? namesIn(text) : []),
  (text) => [inside(/^[\w+=,.@/-]+\/([\w+=,.@-]+)$/, text, "the name alone")],
  (text) => [inside(/^s3:\/\/([^/]+)/, text), inside(/^https?:\/\/([^/]+)\/?$/i, text)],
  (text) => [inside(/^mailto:(.+)$/i, text), inside(/^[^<]*<([^<>]+)>$/, text)],
  (text) => [inside(/^(?:tag|ssm|ec2):(.+)$/, text)],
  (text) => (/^[\w-]+(?:\.[\w-]+)+(?:[/:].*)?$/.test(text) ? [{ value: `https://${text}` }] : []),
  (text) => [{ value: text.replace(/^http:/i, "https:"), how: "if the endpoint has TLS" }],
];

function inside(pattern: RegExp, text: string, how?: string): Spelling | undefined {
  const [, value] = pattern.exec(text) ?? [];
  return value === undefined ? undefined : { value, ...(how !== undefined && { how }) };
}

/** The kinds of resource whose names or ids are settings, as their ARNs write them. */
const NAMED = /^(role|policy|log-group|document|ou|organization|data-identifier)[:/](.+?)(?::\*)?$/;

/** The names in an ARN: with a path, and without it. An ARN without a kind of resource is that of a bucket or a topic. */
function namesIn(arn: string): Spelling[] {
  const { resource } = arnParts(arn);
  const [, kind = "", whole] = NAMED.exec(resource) ?? [];
  if (whole === undefined) return /[:/]/.test(resource) ? [] : [{ value: resource, how: "the name alone" }];
  if (kind === "ou" || kind === "organization")
    return [{ value: whole.split("/").at(-1)!, how: "the id alone" }];
  const name = whole.split("/").at(-1)!;
  const withPath = {
    value: whole,
    how: kind === "log-group" || name === whole ? "the name alone" : "the path and the name",
  };
  return [withPath, { value: name, how: "the name alone" }];
}

const YES = ["yes", "on", "true", "enabled", "y"];
const NO = ["no", "off", "false", "disabled", "n"];

const flag = (value: unknown): boolean | undefined => {
  const word = String(value).toLowerCase();
  if (YES.includes(word) || value === 1) return true;
  return NO.includes(word) || value === 0 ? false : undefined;
};

/** What stands for nothing in settings that are one of a few words. */
const OFF: readonly Spelling[] = [{ value: "none" }, { value: "off" }];
const NOTHING = ["never", "none", "null", "unlimited", "forever"];

/** Whether a value is a word for nothing, or for yes or no, and names nothing. */
const isWordFor = (found: unknown): boolean =>
  typeof found === "string" && (flag(found) !== undefined || NOTHING.includes(found.toLowerCase()));

/** Other spellings of one text, most likely ones first. */
function ofText(text: string, { unit, spell }: Pick<Fact, "unit" | "spell">): (Spelling | undefined)[] {
  const word = text.toLowerCase();
  const number = amountIn(unit, text);
  return [
    spell?.(text),
    { value: flag(text), how: "without quotes" },
    { value: number, ...(String(number) === text.trim() && { how: "without quotes" }) },
    ...(NO.includes(word) || word === "none" ? OFF : []),
    ...(NOTHING.includes(word) ? [{ value: null, how: "without quotes" }] : []),
    ...TEXTS.flatMap((find) => find(text)),
  ];
}

/** Other spellings of one number, most likely ones first. */
const ofNumber = (number: number): (Spelling | undefined)[] => [
  { value: String(number), how: "in quotes" },
  // Without quotes, YAML drops the leading zeros of an account id.
  /^\d{10,11}$/.test(String(number))
    ? { value: String(number).padStart(12, "0"), how: "in quotes, with its leading zeros" }
    : undefined,
  number > 0 && number < 1 ? { value: `${Math.round(number * 100)}%` } : undefined,
  { value: flag(number) },
];

/**
 * Other spellings of a wrong value, the most likely ones first. Most of them are no valid value of the setting: the caller
 * asks the schema.
 * @param keys the keys of an object for which a value alone may stand
 * @example respellings("7 years", { unit: "days" }, []) // { value: 2555 } among others
 */
export function respellings(
  found: unknown,
  fact: Pick<Fact, "unit" | "spell">,
  keys: readonly string[],
): Spelling[] {
  if (found === undefined || found === null || found === false)
    return found === undefined ? [] : alone(found, [...OFF], keys);
  if (Array.isArray(found)) return found.length === 1 ? [{ value: found[0], how: "without brackets" }] : [];
  if (typeof found === "string") return alone(found, ofText(found, fact), keys);
  return alone(found, typeof found === "number" ? ofNumber(found) : [], keys);
}

/** The spellings of a value that is no list: alone, as a list, and as the value of a key. */
function alone(
  found: unknown,
  spellings: readonly (Spelling | undefined)[],
  keys: readonly string[],
): Spelling[] {
  const one = spellings.filter(
    (spelling): spelling is Spelling => spelling?.value !== undefined && spelling.value !== found,
  );
  if (found === null) return one;
  const texts = one.filter(({ value }) => typeof value === typeof found);
  const values = [found, ...texts.map(({ value }) => value)];
  const parts = typeof found === "string" ? found.trim().split(/[,;\s]+/) : [];
  return [
    ...one,
    ...values.map((value) => ({ value: [value], how: "as a list" })),
    ...(parts.length > 1 ? [{ value: parts, how: "as a list" }] : []),
    ...(typeof found === "object" || isWordFor(found)
      ? []
      : values.flatMap((value) => keys.map((key) => ({ value: { [key]: value } })))),
  ];
}
