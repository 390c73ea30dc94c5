import type { Authors } from "../../model";
import { clip, prose, visible } from "../visible";
import type { Page } from "./page";

/** Longest text of one line, and how many lines and places are shown. */
const [TEXT_LIMIT, LINES, PLACES] = [400, 100, 3] as const;

const plain = (text: string): string => clip(visible(text), TEXT_LIMIT);

/** Who has changed the objects that drifted: one entry for objects about which the same is known. */
export function authorsPart(page: Page, who: readonly Authors[]): void {
  if (who.length === 0) return;
  page.heading("Who changed it, as CloudTrail tells");
  const same = new Map<string, Authors[]>();
  for (const one of who) {
    const known = JSON.stringify([one.address, linesOf(one)]);
    same.set(known, [...(same.get(known) ?? []), one]);
  }
  for (const group of [...same.values()].slice(0, LINES)) {
    const [first] = group;
    const left = group.length - PLACES;
    const stacks = group.slice(0, PLACES).map(({ stack }) => plain(stack));
    page.entry("", `${plain(first!.address)} in ${stacks.join(", ")}${left > 0 ? ` and ${left} more` : ""}`, {
      indent: 2,
      whole: true,
    });
    for (const line of linesOf(first!)) page.entry("- ", line, { indent: 12 });
  }
  const left = same.size - LINES;
  if (left > 0) page.entry("", `and ${left} more: --json has all`, { indent: 2 });
}

const linesOf = ({ calls, unknown }: Authors): string[] => [
  ...calls.map(
    ({ event, by, at, sourceIp }) =>
      `${plain(event)} by ${plain(by)}, at ${plain(at)}, from ${plain(sourceIp ?? "an address that CloudTrail does not name")}`,
  ),
  ...(unknown === null ? [] : [clip(prose(unknown), TEXT_LIMIT)]),
];
