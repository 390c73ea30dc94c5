import { read } from "./documents";

/**
 * The one block of code in a language below a heading of a page, without what stands for it in the page.
 * @param values what replaces each placeholder, such as `<owner>`
 * @throws Error if there is not one such block, or if it has another placeholder
 * @example codeBlock("docs/trust-policies.md", "GitHub Actions", "json", { "<owner>": "acme" })
 */
export function codeBlock(
  page: string,
  heading: string,
  language: string,
  values: Readonly<Record<string, string>> = {},
): string {
  const [, section] = read(page).split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`${page} has no heading ${heading}`);
  const blocks = [...section.split(/\n## /)[0]!.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)];
  const [block, ...others] = blocks.filter(([, name]) => name === language);
  if (block === undefined || others.length > 0)
    throw new Error(`${page} has not one ${language} below ${heading}`);
  const filled = Object.entries(values).reduce(
    (text, [place, value]) => text.replaceAll(place, value),
    block[2]!,
  );
  const [left] = /<[^>\s][^>]*>/.exec(filled) ?? [];
  if (left !== undefined) throw new Error(`${page} has a placeholder that no value stands for: ${left}`);
  return filled;
}
