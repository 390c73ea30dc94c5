/** A part of a Markdown page that a command writes. */
export interface WrittenPart {
  /** What the part is, as its markers call it, such as "table". */
  readonly name: string;
  /** The command that writes it. The first marker names the command, for people who look at the page. */
  readonly command: string;
  /** The part as Markdown. */
  readonly text: string;
}

/**
 * A page with a part between its two markers, in place of what was there. Prettier leaves the part alone.
 * @throws Error if the page does not have the markers
 * @example betweenMarkers(page, { name: "table", command: "npx tsx upkeep/page.ts --write", text: supportTable() })
 */
export function betweenMarkers(page: string, { name, command, text }: WrittenPart): string {
  const begin = `<!-- prettier-ignore-start -->\n<!-- ${name}: written by ${command} -->`;
  const end = `<!-- ${name}: end -->\n<!-- prettier-ignore-end -->`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has lost the markers of its ${name}.`);
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}
