import type { Finding } from "../../model";
import { number, plural } from "../words";
import { code, codeInHtml } from "./escape";

/** How many names a line lists. It only counts the others. */
const NAMES = 3;

/** The first ids of stacks in one line, and the number of the others. */
export function stackNames(stacks: readonly string[], write: (text: string) => string = code): string {
  const left = stacks.length - NAMES;
  const first = stacks
    .slice(0, NAMES)
    .map((stack) => write(stack))
    .join(", ");
  return left > 0 ? `${first} and ${number(left)} more` : first;
}

/** Like {@link stackNames}, for HTML and for cells of a table. */
export const stackNamesInHtml = (stacks: readonly string[]): string =>
  stackNames(stacks, (name) => codeInHtml(name, 80));

/** Where a finding is: its objects and its stacks. */
export function where({ places }: Finding): string {
  const addresses = [...new Set(places.flatMap(({ address }) => address ?? []))];
  const stacks = [...new Set(places.map(({ stack }) => stack))];
  const counted = (names: readonly string[], noun: string) =>
    (names.length > NAMES ? `${plural(names.length, noun)}: ` : "") + stackNames(names);
  return [
    ...(addresses.length === 0 ? [] : [counted(addresses, "object")]),
    ...(stacks.length === 0 ? [] : [counted(stacks, "stack")]),
  ].join(" in ");
}
