import { AwsError } from "../gateway/protocol";

const CONDITION = /^\(?\s*\$\.([\w.]+)\s*=\s*"([^"]*)"\s*\)?$/;

/**
 * Parses a filter pattern of CloudWatch Logs for JSON: one or more comparisons of a selector with a text, of which one must
 * be true.
 * @example jsonPattern('{ $.message.event = "Done" }')('{"message":{"event":"Done"}}') // true
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws {@link AwsError} `EmulatorFailure` for any other syntax, because the emulator would count wrongly
 */
export function jsonPattern(pattern: string): (line: string) => boolean {
  const [, inner] = /^\{(.*)\}$/.exec(pattern.trim()) ?? [];
  const conditions = (inner ?? "").split("||").map((condition) => {
    const [, selector, value] = CONDITION.exec(condition.trim()) ?? [];
    if (selector === undefined || value === undefined)
      throw new AwsError(
        "EmulatorFailure",
        `the filter pattern ${pattern} does not consist of comparisons with texts; the emulator knows no other syntax`,
      );
    return { path: selector.split("."), value };
  });
  return (line) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      return false;
    }
    return conditions.some(({ path, value }) => at(parsed, path) === value);
  };
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
