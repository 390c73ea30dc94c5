import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { mapSchema } from "../schema";
import { DEFAULTS } from "../model/settings";
import { facts } from "../schema/values";

/** A node of a JSON Schema, as far as it is touched here. */
interface JsonSchema {
  description?: string;
  enum?: readonly unknown[];
  pattern?: string;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  default?: unknown;
  /** From the facts: told in the description, no keywords of JSON Schema. */
  allowed?: string;
  remedy?: string;
  words?: readonly string[];
}

/** The checked-in copy that editors read. */
export const SCHEMA_FILE = join(__dirname, "..", "accounts.schema.json");

/** How to write that copy anew. */
export const WRITE_SCHEMA = "npx tsx accounts/reference/json-schema.ts --write";

/**
 * The map's schema for editors: completion, descriptions and checks while one types. Draft 7, which the JSON
 * and YAML servers of every editor read. Rules across settings are said in descriptions alone; synth checks them.
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

/** The text of the checked-in copy. */
export const mapJsonSchemaText = (): string => `${JSON.stringify(mapJsonSchema(), null, 2)}\n`;

/** Folds what an operator is told into standard keywords, in place, as zod's `override` wants it. */
function describe(node: JsonSchema): void {
  const { allowed, words } = node;
  if (words && !node.anyOf) node.enum = words;
  if (node.pattern !== undefined) {
    // A pattern explains itself to nobody.
    if (allowed !== undefined) node.description = `${node.description ?? ""} Allowed: ${allowed}.`.trim();
    // \p needs a flag that not every editor sets: there, any character will do.
    node.pattern = node.pattern.replace(/\[[^\]]*\\p\{[^\]]*\]/, ".");
  }
  delete node.allowed;
  delete node.remedy;
  delete node.words;
  const [value, none] = node.anyOf ?? [];
  const isNullable = none !== undefined && (none as { type?: string }).type === "null";
  if (isNullable && value?.description !== undefined) {
    node.description = value.description;
    delete value.description;
  }
}

/** Defaults lie under the organization's settings; what an account or a region defaults to is what those say. */
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
