import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { describeProblems } from "../../../accounts/reading/problems";
import {
  mapReference,
  REFERENCE_FILE,
  withReference,
  WRITE_REFERENCE,
} from "../../../accounts/reference/reference";
import { mapSchema } from "../../../accounts/schema";
import { DEFAULTS } from "../../../accounts/model/settings";
import { SETTINGS, STRUCTURE } from "../../../accounts/reference/sections";
import { goodMap } from "../rules/good-map";
import { problemsOf } from "../rules/problems-of";

const page = readFileSync(REFERENCE_FILE, "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(page)?.[1] ?? "";
const rows = mapReference()
  .split("\n")
  .filter((line) => line.startsWith("| `"));

describe("docs/map.md", () => {
  it(`has the current reference; if not, run: ${WRITE_REFERENCE}`, () => {
    expect(withReference(page) === page).toBe(true);
  });

  it("shows a map in YAML that passes", () => {
    expect(problemsOf(parseYaml(block("yaml")))).toEqual([]);
  });

  it("shows errors as the program prints them", () => {
    const text = block("yaml")
      .replace("retentionDays: 731", "retentionDays: 700")
      .replace("wave: canary", "wave: canary\n    idleTimeoutMinutes: 60");
    expect(`${describeProblems("map.yaml", problemsOf(parseYaml(text)))}\n`).toBe(block("text"));
  });

  it("is not written without its markers", () => {
    expect(() => withReference("# The map\n")).toThrow("has lost the markers");
  });
});

describe("the example", () => {
  // An object literal with double quotes is a flow mapping of YAML as well.
  it.each([...STRUCTURE, ...SETTINGS])("of $title makes a good map", ({ example, keys }) => {
    const part = parseYaml(`{${example}}`) as Record<string, object>;
    const map = goodMap();
    const accounts = { ...map.accounts, ...part["accounts"] };
    expect(problemsOf({ ...map, ...part, accounts })).toEqual([]);
    expect(keys.every((key) => example.includes(`${key}: `))).toBe(true);
  });
});

describe("the reference", () => {
  it.each(Object.keys(mapSchema.def.shape))("describes %s", (key) => {
    expect(rows.some((row) => new RegExp(`^\\| \`${key}[.\`]`).test(row))).toBe(true);
  });

  it("has a row with the default of every setting that has one", () => {
    const leaves = (value: unknown, path: string): string[] =>
      typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
        ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key))
        : [path];
    const withDefault = rows
      .filter((row) => !/\| (required|optional) \|/.test(row))
      .map((row) => row.split("`")[1]);
    expect(withDefault).toEqual(expect.arrayContaining(leaves(DEFAULTS, "")));
  });

  it("says what is allowed and what it means in every line", () => {
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).map((text) => text.trim()));
    expect(cells.filter(([, , allowed, fallback, meaning]) => !allowed || !fallback || !meaning)).toEqual([]);
  });

  it.each([
    ["`preferences.idleTimeoutMinutes`", "organization, account, region"],
    ["`access.attachToRoles`", "organization, account"],
    ["`trail`", "organization, account"],
    ["`tags`", "organization, account, region"],
  ])("says that %s may be set for %s", (setting, levels) => {
    expect(rows.find((row) => row.startsWith(`| ${setting} |`))).toMatch(new RegExp(`\\| ${levels} \\|$`));
  });

  it("describes the endpoint of each protocol in a row of its own", () => {
    const endpoints = rows.filter((row) => row.includes("activity.subscribers[].endpoint"));
    expect(endpoints.map((row) => /With protocol "(\w+)"/.exec(row)?.[1])).toEqual([
      "email",
      "https",
      "sqs",
      "lambda",
    ]);
  });

  it("leaves nothing for Markdown to take for a tag", () => {
    expect(rows.join("\n").replace(/`[^`]*`/g, "")).not.toMatch(/(?<!\\)</);
  });
});
