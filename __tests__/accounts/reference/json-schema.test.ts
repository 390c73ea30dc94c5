import { readFileSync } from "node:fs";
import {
  mapJsonSchema,
  mapJsonSchemaText,
  SCHEMA_FILE,
  WRITE_SCHEMA,
} from "../../../accounts/reference/json-schema";
import { valueAt } from "../../../accounts/model/merge";
import { ALL_REGIONS } from "../../../aws/regions";
import { DEFAULTS } from "../../../accounts/model/settings";

const schema = mapJsonSchema();
const at = (path: string) => valueAt(schema, path.split("."));

/** Every object in the schema, with the properties that it has. */
function nodes(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(nodes)];
}

describe("accounts.schema.json", () => {
  it(`is up to date; if not, run: ${WRITE_SCHEMA}`, () => {
    // Compared as a whole, so that a stale copy does not print a thousand lines.
    expect(readFileSync(SCHEMA_FILE, "utf8") === mapJsonSchemaText()).toBe(true);
  });
});

describe("the map's JSON Schema", () => {
  it("is draft 7", () => {
    expect(at("$schema")).toBe("http://json-schema.org/draft-07/schema#");
  });

  it("requires the settings that every map must have", () => {
    expect(at("required")).toEqual(["organization", "state", "deployment", "accounts"]);
  });

  it("allows no unknown keys in objects", () => {
    const open = nodes(schema).filter(({ type, properties, additionalProperties }) => {
      return type === "object" && properties !== undefined && additionalProperties !== false;
    });
    expect(open).toEqual([]);
  });

  it("has a description on every property", () => {
    const undescribed = nodes(schema)
      .flatMap(({ properties }) =>
        Object.entries((properties ?? {}) as Record<string, Record<string, unknown>>),
      )
      .filter(([, property]) => property.description === undefined && property.const === undefined)
      .map(([name]) => name);
    expect([...new Set(undescribed)]).toEqual([]);
  });

  it("has only keywords that the draft knows", () => {
    const strange = nodes(schema).filter((node) => ["allowed", "remedy", "words"].some((key) => key in node));
    // A property of a map could have one of these names. None does.
    expect(strange).toEqual([]);
  });

  it("has patterns that need no flag", () => {
    const patterns = nodes(schema).flatMap(({ pattern }) => (typeof pattern === "string" ? [pattern] : []));
    expect(patterns.filter((pattern) => /\\p\{/.test(pattern))).toEqual([]);
    expect(() => patterns.map((pattern) => [new RegExp(pattern), new RegExp(pattern, "u")])).not.toThrow();
  });

  it("describes in words what a pattern allows", () => {
    expect(at("properties.accounts.additionalProperties.properties.id")).toMatchObject({
      pattern: "^\\d{12}$",
      description: "Id of the account, in quotes. Allowed: a string of exactly 12 digits.",
    });
  });

  it.each(["homeRegion", "regions.anyOf.0.items", "regions.anyOf.1.propertyNames"])(
    "completes regions at %s",
    (path) => {
      expect(at(`properties.accounts.additionalProperties.properties.${path}.anyOf.0.enum`)).toEqual(
        ALL_REGIONS,
      );
    },
  );

  it.each([
    ["eu-west-9", true],
    ["eusc-de-west-1", true],
    ["eu-west-1a", false],
    ["us-iso-east-1", false],
  ])("accepts a region by its form, whether or not it exists: %s %s", (region, expected) => {
    const pattern = at("properties.accounts.additionalProperties.properties.homeRegion.anyOf.1.pattern");
    expect(new RegExp(pattern as string, "u").test(region)).toBe(expected);
  });

  it("describes what null means in the description of the setting", () => {
    expect(at("properties.preferences.properties.maximumDurationMinutes.description")).toContain(
      "null: no maximum",
    );
  });

  it("has defaults for the organization's settings", () => {
    const defaultsOf = (node: Record<string, unknown>): unknown =>
      "default" in node
        ? node.default
        : Object.fromEntries(
            Object.entries((node.properties ?? {}) as Record<string, Record<string, unknown>>).map(
              ([name, property]) => [name, defaultsOf(property)],
            ),
          );
    for (const [name, value] of Object.entries(DEFAULTS)) {
      const found = defaultsOf(at(`properties.${name}`) as Record<string, unknown>);
      // notifications.central is no setting that the levels of the map merge, so it is not among the defaults.
      if (name === "notifications") delete (found as { central?: unknown }).central;
      expect(found).toEqual(value);
    }
  });

  it("has no defaults for an account's settings, which default to those of the organization", () => {
    expect(
      at("properties.accounts.additionalProperties.properties.preferences.properties.idleTimeoutMinutes"),
    ).not.toHaveProperty("default");
  });

  it("contains no path of the machine that wrote it", () => {
    expect(mapJsonSchemaText()).not.toContain(process.cwd());
  });
});
