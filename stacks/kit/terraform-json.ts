import { DefaultTokenResolver, StringConcat, Tokenization, type TerraformStack } from "cdktf";

/**
 * What a text contains if cdktf might resolve it to anything but itself: the marker of a token of a string, list or map
 * (`${TfToken[`, `#{TfToken[`, `&{TfToken[`), a value that stands for a tokenized map, or a number so large that it may
 * be a token of a number, which is a double near -1e298 (of a list: near -1e289).
 * @see https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/tokens/private/encoding.ts
 */
const SUSPECT = /TfToken\[|Map Token Value|e\+\d{3}/;

/** A token of a number or of a list of numbers, or the number that stands for a tokenized map. */
const isSuspect = (value: number): boolean => value < -1e200 || value === -123456789;

const RESOLVER = new DefaultTokenResolver(new StringConcat());

/** Resolves a value as cdktf does, with a context of its own. */
const byCdktf = (scope: TerraformStack, value: unknown): unknown =>
  Tokenization.resolve(value, { scope, resolver: RESOLVER });

/**
 * Writes a value of a stack's configuration as JSON, as cdktf does: tokens are resolved, `undefined` is left out, keys
 * are sorted, two spaces indent a level, and an empty list or object takes two lines.
 *
 * cdktf resolves a whole stack three times, and gives each text, list and object a context of its own: three quarters
 * of the time in which it writes a stack. Here, each value is looked at once, and cdktf resolves only what may contain
 * a token. `__tests__/stacks/same-bytes.test.ts` compares the bytes with those of cdktf.
 * @param newline a line break with the indentation of the value
 * @returns undefined if the value is or resolves to `undefined`
 * @throws whatever cdktf throws for a token that it cannot resolve
 * @example terraformJson(stack, { b: [], a: bucket.arn }) // '{\n  "a": "${aws_s3_bucket.B.arn}",\n  "b": [\n  ]\n}'
 * @see https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/tokens/private/resolve.ts
 * @see https://github.com/ljharb/json-stable-stringify
 */
export function terraformJson(stack: TerraformStack, value: unknown, newline = "\n"): string | undefined {
  switch (typeof value) {
    case "string":
      return JSON.stringify(SUSPECT.test(value) ? byCdktf(stack, value) : value);
    case "number":
      return isSuspect(value) ? terraformJson(stack, byCdktf(stack, value), newline) : JSON.stringify(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return listJson(stack, value, newline);
      if (isPlain(value)) return objectJson(stack, value, newline);
      return "resolve" in value || !("toJSON" in value)
        ? terraformJson(stack, byCdktf(stack, value), newline)
        : JSON.stringify(value);
    default:
      return JSON.stringify(value);
  }
}

/**
 * Whether an object holds values by key, and is neither a token, nor a map that a token is encoded in, nor what cdktf
 * refuses or JSON writes in another way. The prototype does not tell: cdktf may be loaded in another realm.
 */
export function isPlain(value: object): value is Record<string, unknown> {
  if ("resolve" in value || "toJSON" in value || "_children" in value) return false;
  for (const key in value) if (SUSPECT.test(key)) return false;
  return true;
}

/** A token of a list is the only item of a list, so cdktf gets the list that contains it. */
const isListToken = (item: unknown): boolean =>
  typeof item === "string" ? item.includes("#{TfToken[") : typeof item === "number" && isSuspect(item);

function listJson(stack: TerraformStack, list: readonly unknown[], newline: string): string | undefined {
  if (list.some(isListToken)) return terraformJson(stack, byCdktf(stack, list), newline);
  const inner = `${newline}  `;
  let text = "";
  for (const item of list) {
    const json = terraformJson(stack, item, inner);
    if (json !== undefined) text += `${text === "" ? "" : ","}${inner}${json}`;
  }
  return `[${text}${newline}]`;
}

function objectJson(
  stack: TerraformStack,
  object: Readonly<Record<string, unknown>>,
  newline: string,
): string {
  const inner = `${newline}  `;
  let text = "";
  for (const key of Object.keys(object).sort()) {
    const json = terraformJson(stack, object[key], inner);
    if (json !== undefined) text += `${text === "" ? "" : ","}${inner}${JSON.stringify(key)}: ${json}`;
  }
  return `{${text}${newline}}`;
}
