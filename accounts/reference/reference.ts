import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { betweenMarkers } from "../../files/between-markers";
import { valueAt } from "../model/merge";
import { rows, type Row } from "./reference-rows";
import { mapSchema } from "../schema";
import { asNode, shapeOf, type Node } from "../schema/walk";
import { DEFAULTS } from "../model/settings";
import { accountSettings, regionSettings } from "../schema/settings";
import { SETTINGS, STRUCTURE, type Section } from "./sections";

/** The page that contains the reference, between markers. */
export const REFERENCE_FILE = join(__dirname, "..", "..", "docs", "map.md");

/** The command that generates the reference. */
export const WRITE_REFERENCE = "npx tsx accounts/reference/reference.ts --write";

/** Escapes characters that have a meaning in Markdown: a | would end the cell, and <region> would vanish as a tag. */
const cell = (text: string) => text.replace(/[\\|<>*_[\]]/g, (character) => `\\${character}`);

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}

/** The rows of a key of the map that is not a setting. */
function structure(key: string): Row[] {
  const node = shapeOf(asNode(mapSchema))[key]!;
  if (key !== "accounts") return rows(key, node);
  const account = Object.entries(shapeOf(node.def.valueType as Node));
  return account
    .filter(([name]) => !Object.hasOwn(accountSettings, name))
    .flatMap(([name, child]) => rows(`accounts.<name>.${name}`, child));
}

/** The rows of a section of settings, with the defaults. */
const settings = (key: string): Row[] =>
  rows(key, shapeOf(asNode(mapSchema))[key]!, (path) => valueAt(DEFAULTS, path.split(".")));

/** The levels of the map that may set a setting. */
const levels = (path: string): string => {
  if (path.startsWith("notifications.central")) return "organization";
  return Object.hasOwn(regionSettings, path.split(".")[0]!)
    ? "organization, account, region"
    : "organization, account";
};

const cells = ({ path, allowed, fallback, meaning }: Row): string[] => [
  `\`${path}\``,
  cell(allowed),
  fallback,
  cell(meaning),
];

function section(
  { title, intro, example, keys }: Section,
  rowsOf: (key: string) => Row[],
  withLevels: boolean,
): string {
  const lines = keys.flatMap(rowsOf).map((row) => [...cells(row), ...(withLevels ? [levels(row.path)] : [])]);
  const head = ["Setting", "Allowed", "Default", "Meaning", ...(withLevels ? ["Set for"] : [])];
  return [`### ${title}`, intro, `\`\`\`ts\n${example}\n\`\`\``, table(head, lines)].join("\n\n");
}

/** Every setting of a map as Markdown, from the schema and the defaults: an example and a table for each section. */
export function mapReference(): string {
  return [
    "## The organization and its accounts",
    "A map begins with these. Each of them is set once, at the top of the map or in an account.",
    ...STRUCTURE.map((it) => section(it, structure, false)),
    "## Settings",
    "Settings decide what is deployed. The default of each setting is the safe value: sessions are recorded, records are encrypted, kept and protected from destruction, and an instance refuses sessions unless it sees an encrypted bucket and an encrypted log group.",
    ...SETTINGS.map((it) => section(it, settings, true)),
  ].join("\n\n");
}

/**
 * A page with the current reference between its markers.
 *
 * @throws Error if the page has no markers
 */
export const withReference = (page: string): string =>
  betweenMarkers(page, { name: "reference", command: WRITE_REFERENCE, text: mapReference() });

if (require.main === module) {
  if (process.argv.includes("--write")) {
    writeFileSync(REFERENCE_FILE, withReference(readFileSync(REFERENCE_FILE, "utf8")));
  } else {
    process.stdout.write(`${mapReference()}\n`);
  }
}
