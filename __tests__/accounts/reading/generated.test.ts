import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatedFile, withGenerated } from "../../../accounts/reading/generated";
import { loadFile, loadMap } from "../../../accounts/reading/load";

it.each([
  ["/clone/accounts/index.ts", "/clone/accounts/generated.json"],
  ["/maps/acme.yaml", "/maps/acme.generated.json"],
  ["/maps/acme.prod.json", "/maps/acme.prod.generated.json"],
])("belongs to %s as %s", (map, file) => {
  expect(generatedFile(map)).toBe(file);
});

const merged = (own: unknown, generated: unknown) =>
  (
    withGenerated({ accounts: own, waves: ["a"] }, { accounts: generated }, "generated.json") as {
      accounts: Record<string, unknown>;
    }
  ).accounts;

it("puts generated accounts behind those of the map", () => {
  const accounts = merged({ b: { id: "2" } }, { a: { id: "1" }, c: { id: "3" } });
  expect(Object.entries(accounts)).toEqual([
    ["b", { id: "2" }],
    ["a", { id: "1" }],
    ["c", { id: "3" }],
  ]);
});

it("lets the map decide where both say something", () => {
  expect(
    merged(
      { shop: { wave: "early", preferences: { idleTimeoutMinutes: 5 } } },
      { shop: { id: "1", wave: "rest", preferences: { adopt: true, idleTimeoutMinutes: 60 } } },
    ),
  ).toEqual({ shop: { id: "1", wave: "early", preferences: { adopt: true, idleTimeoutMinutes: 5 } } });
});

const ADOPT = { preferences: { adopt: true } };
it.each<[string, unknown, unknown, unknown]>([
  ["a list and settings", ["x", "y"], { y: ADOPT }, { x: {}, y: ADOPT }],
  ["a list and settings of another region", ["x"], { y: ADOPT }, ["x"]],
  [
    "settings and settings",
    { x: { protect: false } },
    { x: ADOPT, y: ADOPT },
    { x: { protect: false, ...ADOPT } },
  ],
  ["settings and a list", { x: {} }, ["x", "y"], { x: {} }],
  ["two lists", ["x"], ["x", "y"], ["x"]],
  ["nothing and a list", undefined, ["x"], ["x"]],
  ["nothing and settings", undefined, { x: ADOPT }, { x: ADOPT }],
  ["what is no region, for the check of the map", [1], { x: ADOPT }, [1]],
  ["what is no list, for the check of the map", "x", { x: ADOPT }, "x"],
])("keeps the regions of the map: %s", (_, own, generated, expected) => {
  const account = { id: "1", ...(own !== undefined && { regions: own }) };
  expect(merged({ shop: account }, { shop: { regions: generated } })).toEqual({
    shop: { id: "1", regions: expected },
  });
});

it.each([[null], ["text"], [["a"]], [42]])("leaves a map that is %j to the check of the map", (map) => {
  expect(withGenerated(map, { accounts: { a: { id: "1" } } }, "generated.json")).toBe(map);
});

it("makes the accounts of a map that has none", () => {
  expect(withGenerated({ waves: [] }, { accounts: { a: { id: "1" } } }, "generated.json")).toEqual({
    waves: [],
    accounts: { a: { id: "1" } },
  });
});

it.each([
  [
    { accounts: { gone: ADOPT } },
    "has settings of accounts.gone, and the map no longer describes this account",
  ],
  [{ accounts: [] }, "has accounts that are no object"],
  [{ protect: false }, "has protect"],
  [[], "is no generated map"],
  [null, "is no generated map"],
])("refuses %j", (generated, text) => {
  expect(() => withGenerated({ accounts: {} }, generated, "generated.json")).toThrow(
    `generated.json: ${text}`,
  );
});

describe("beside a map", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-generated-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const put = (name: string, text: string) => {
    const file = join(directory, name);
    writeFileSync(file, text);
    return file;
  };

  it("is merged when the map is loaded, without its keys for programs", () => {
    const map = put("acme.yaml", "accounts: { shop: { wave: early } }\n");
    put("acme.generated.json", '{ "accounts": { "shop": { "id": "1" } }, "x-names": { "1": "Shop" } }');
    expect(loadMap(map)).toEqual({ accounts: { shop: { id: "1", wave: "early" } } });
    expect(loadFile(map)).toEqual({ accounts: { shop: { wave: "early" } } });
  });

  it("is read with the position of a fault", () => {
    const map = put("acme.yaml", "accounts: {}\n");
    put("acme.generated.json", '{\n  "accounts": {,}\n}');
    expect(() => loadMap(map)).toThrow(/acme\.generated\.json:2:\d+/);
  });
});
