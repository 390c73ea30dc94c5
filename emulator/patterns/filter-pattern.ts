import { AwsError } from "../gateway/protocol";

const TERMS = /"[^"]*"|[^\s"?{}[\]%&|-][^\s"{}[\]]*/g;

/**
 * Reads a filter pattern of CloudWatch Logs: nothing, or terms that must all be there.
 * @throws {@link AwsError} for what else the syntax has: the emulator would filter wrongly
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  const terms = pattern.match(TERMS) ?? [];
  if (pattern.replace(TERMS, "").trim() !== "")
    throw new AwsError(
      "EmulatorFailure",
      `the filter pattern ${pattern} is more than terms, which alone are emulated`,
    );
  const texts = terms.map((term) => term.replace(/^"|"$/g, ""));
  return (message) => texts.every((text) => message.includes(text));
}
