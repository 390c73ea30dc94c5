import type { Finding } from "../../model";
import { number, plural } from "../words";
import { code, codeInHtml } from "./escape";

/** How many names a line has before it says how many more there are. */
const NAMES = 3;

/** Ids of stacks in a line: the first ones and how many more. */
export function stackNames(stacks: readonly string[], write: (text: string) => string = code): string {
  const left = stacks.length - NAMES;
  const first = stacks
    .slice(0, NAMES)
    .map((stack) => write(stack))
    .join(", ");
  return left > 0 ? `${first} and ${number(left)} more` : first;
}

/** The same for HTML and for cells of a table. */
export const stackNamesInHtml = (stacks: readonly string[]): string =>
  stackNames(stacks, (name) => codeInHtml(name, 80));

/** Where a finding is: its object, if that is the same everywhere, and its stacks. */
export function where({ places }: Finding): string {
  const addresses = [...new Set(places.map(({ address }) => address))];
  const stacks = places.map(({ stack }) => stack);
  const count = stacks.length > NAMES ? `${plural(stacks.length, "stack")}: ` : "";
  if (addresses.length === 1) {
    const address = addresses[0] === null ? "" : `${code(addresses[0]!)} in `;
    return `${address}${count}${stackNames(stacks)}`;
  }
  const first = places
    .slice(0, NAMES)
    .map(({ stack, address }) => code(address === null ? stack : `${stack}: ${address}`));
  const left = places.length - NAMES;
  return `${first.join(", ")}${left > 0 ? ` and ${plural(left, "more place", "more places")}` : ""}`;
}
