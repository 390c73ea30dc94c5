import { AwsError } from "../gateway/protocol";

const TERMS = /"[^"]*"|[^\s"?{}[\]%&|-][^\s"{}[\]]*/g;

/**
 * Parses a filter pattern of CloudWatch Logs that is empty or consists of terms. A message passes when it contains every
 * term.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws {@link AwsError} `EmulatorFailure` for any other syntax, because the emulator would filter wrongly
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  const terms = pattern.match(TERMS) ?? [];
  if (pattern.replace(TERMS, "").trim() !== "")
    throw new AwsError(
      "EmulatorFailure",
      `the filter pattern ${pattern} does not consist of terms only; the emulator knows no other syntax`,
    );
  const texts = terms.map((term) => term.replace(/^"|"$/g, ""));
  return (message) => texts.every((text) => message.includes(text));
}
