import { visible } from "../../review/render/visible";
import { sharedFilters } from "../chain/gaps";
import type { Expectation, Verification } from "../chain/verify";

/** Files that no manifest names, of which the text lists this many. */
const STRAYS_SHOWN = 10;

/** What came of checking kept reports, for a terminal: what is wrong, with its place, or what was proven. */
export function verificationText(
  place: string,
  { links, problems, strays, signed }: Verification,
  { publicKeys, last }: Expectation,
): string {
  const count = `${links.length} report${links.length === 1 ? "" : "s"}`;
  const [first, end] = [links[0], links.at(-1)];
  const period = first && end ? `, ${first.manifest.period.since} to ${end.manifest.period.until}` : "";
  const filters = sharedFilters(links.map(({ manifest }) => manifest));
  const only = Object.entries(filters).map(([name, value]) => `${name} ${value}`);
  const lines = [
    ...(problems.length === 0
      ? [
          `${place}: ${count}${period}: whole and unchanged.`,
          publicKeys === null
            ? "Signatures were not checked: without --public-key, whoever can write here can make up a chain."
            : `Signed: ${signed} of ${links.length}.`,
        ]
      : [
          `${place}: ${count}${period}: ${problems.length} PROBLEM${problems.length === 1 ? "" : "S"}`,
          ...problems.map(({ kind, key, words }) => `  ${kind} ${visible(key)}: ${visible(words)}`),
        ]),
    ...(only.length > 0 ? [`Each report is about some sessions alone: ${visible(only.join(", "))}`] : []),
    ...(last === null && end
      ? [`Nobody can see whether later reports were cut off: compare with --last ${end.sha256}`]
      : []),
    ...(strays.length > 0
      ? [
          `Files that no report names, and that prove nothing: ${strays.length}`,
          ...strays.slice(0, STRAYS_SHOWN).map((key) => `  ${visible(key)}`),
        ]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}
