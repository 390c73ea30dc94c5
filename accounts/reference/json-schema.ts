import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { mapSchema } from "../schema";
import { DEFAULTS } from "../model/settings";
import { facts } from "../schema/values";

/** A node of a JSON Schema, with the keywords that this file reads or writes. */
interface JsonSchema {
  description?: string;
  enum?: readonly unknown[];
  pattern?: string;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  default?: unknown;
  /** The facts of the node. They are no keywords of JSON Schema, so they become part of the description. */
  allowed?: string;
  remedy?: string;
  words?: readonly string[];
  kind?: string;
  unit?: string;
  instead?: object;
  advise?: unknown;
  spell?: unknown;
}

/** The generated file that editors read. */
export const SCHEMA_FILE = join(__dirname, "..", "accounts.schema.json");

/** The command that generates the file. */
export const WRITE_SCHEMA = "npx tsx accounts/reference/json-schema.ts --write";

/**
 * The schema of a map for editors: completion, descriptions and checks while you type. It is draft 7, which the JSON and
 * YAML language servers support. It has no rules over several settings: synth checks those.
 *
 * @see https://json-schema.org/draft-07/json-schema-release-notes
 */
export function mapJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(mapSchema, {
    io: "input",
    target: "draft-7",
    metadata: facts,
    override: ({ jsonSchema }) => describe(jsonSchema as JsonSchema),
  });
  addDefaults(schema as JsonSchema, DEFAULTS);
  return { $schema, title: "session-audit accounts map", ...schema };
}

/** The text of the generated file. */
export const mapJsonSchemaText = (): string => `${JSON.stringify(mapJsonSchema(), null, 2)}\n`;

/** Moves the facts of a node into standard keywords. It changes the node in place, as zod's `override` expects. */
function describe(node: JsonSchema): void {
  const { allowed, words } = node;
  if (words && !node.anyOf) restrict(node, words);
  if (node.pattern !== undefined) {
    // Editors show the pattern if a value does not match; the words explain it.
    if (allowed !== undefined) node.description = `${node.description ?? ""} Allowed: ${allowed}.`.trim();
    // \p needs the flag u, which not every editor sets. The schema allows any character instead.
    node.pattern = node.pattern.replace(/\[[^\]]*\\p\{[^\]]*\]/, ".");
  }
  delete node.allowed;
  delete node.remedy;
  delete node.words;
  delete node.kind;
  delete node.unit;
  delete node.instead;
  delete node.advise;
  delete node.spell;
  const [value, none] = node.anyOf ?? [];
  const isNullable = none !== undefined && (none as { type?: string }).type === "null";
  if (isNullable && value?.description !== undefined) {
    node.description = value.description;
    delete value.description;
  }
}

/** Offers words for completion. Where a pattern allows more than the words, as for regions, so does the schema. */
function restrict(node: JsonSchema, words: readonly string[]): void {
  const { pattern } = node;
  if (pattern === undefined) {
    node.enum = words;
    return;
  }
  delete node.pattern;
  node.anyOf = [{ enum: words }, { pattern }];
}

/** Adds defaults to the organization's settings. Those of accounts and regions default to the organization's. */
function addDefaults(node: JsonSchema, defaults: object): void {
  for (const [name, value] of Object.entries(defaults) as [string, unknown][]) {
    const property = node.properties?.[name];
    if (!property) continue;
    const isSection = property.properties !== undefined && typeof value === "object" && value !== null;
    if (isSection) addDefaults(property, value);
    else property.default = value;
  }
}

if (require.main === module) {
  if (process.argv.includes("--write")) writeFileSync(SCHEMA_FILE, mapJsonSchemaText());
  else process.stdout.write(mapJsonSchemaText());
}
