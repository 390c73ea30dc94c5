/** What ends what a character begins. */
const ENDS: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };

/**
 * Whether every quote, regular expression and bracket of a filter pattern of CloudWatch Logs is closed. CloudWatch Logs refuses
 * a pattern in which one is not.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @example isClosedFilterPattern('{ $.user = "alice" }') // true
 */
export function isClosedFilterPattern(pattern: string): boolean {
  const ends: string[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index]!;
    if (character === '"' || character === "%") {
      index = endOf(pattern, index);
      if (index === -1) return false;
    } else if (ENDS[character] !== undefined) ends.push(ENDS[character]);
    else if (Object.values(ENDS).includes(character) && ends.pop() !== character) return false;
  }
  return ends.length === 0;
}

/** The index of the character that ends the text or regular expression that begins at `from`; -1: none does. */
function endOf(pattern: string, from: number): number {
  for (let index = from + 1; index < pattern.length; index++) {
    if (pattern[index] === "\\") index++;
    else if (pattern[index] === pattern[from]) return index;
  }
  return -1;
}
