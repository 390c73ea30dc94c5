import {
  describeProblems,
  describeValue,
  didYouMean,
  MapError,
  once,
  renderPath,
} from "../../../accounts/reading/problems";

describe("renderPath", () => {
  it.each<[string, PropertyKey[]]>([
    ["(the whole map)", []],
    ["organization.name", ["organization", "name"]],
    ["accounts.payments.regions[0]", ["accounts", "payments", "regions", 0]],
    [
      'accounts["log-archive"].regions["eu-central-1"]',
      ["accounts", "log-archive", "regions", "eu-central-1"],
    ],
    ['accounts["7"]', ["accounts", "7"]],
    ['tags["a \\"b\\""]', ["tags", 'a "b"']],
    ['["a-b"].c', ["a-b", "c"]],
  ])("writes %s", (text, path) => {
    expect(renderPath(path)).toBe(text);
  });
});

describe("describeValue", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;

  it.each<[string, string, unknown]>([
    ["nothing where there is none", "nothing", undefined],
    ["a string in quotes", '"eu-central-1"', "eu-central-1"],
    ["a number as one, since it looks like an id", "123456789012 (a number)", 123456789012],
    ["a boolean as one", "true (a boolean)", true],
    ["a number that JSON has no word for", "NaN (a number)", NaN],
    ["null", "null", null],
    ["an object", '{"a":[1]}', { a: [1] }],
    ["a big integer", "7", 7n],
    ["an object that contains itself", "an object that contains itself", circle],
  ])("shows %s", (_, text, value) => {
    expect(describeValue(value)).toBe(text);
  });

  it("cuts a long value off", () => {
    expect(describeValue("x".repeat(500))).toHaveLength(120);
  });
});

describe("didYouMean", () => {
  const known = ["preferences", "protect", "transcripts", "tags", "id"];

  it.each([
    ["preferencs", "preferences"],
    ["Preferences", "preferences"],
    ["transcirpts", "transcripts"],
    ["protected", "protect"],
    ["ids", "id"],
    ["tabs", "tags"],
    ["tgas", "tags"],
  ])("suggests for %s the word %s", (word, meant) => {
    expect(didYouMean(word, known)).toBe(meant);
  });

  it.each(["", "x", "xy", "task", "toes", "protokoll", "colour", "id-of-the-organization"])(
    "suggests nothing for %j",
    (word) => {
      expect(didYouMean(word, known)).toBeUndefined();
    },
  );

  it("suggests the first in the alphabet among equally similar words", () => {
    expect(didYouMean("eu-west-9", ["eu-west-3", "eu-west-1", "eu-west-2"])).toBe("eu-west-1");
  });
});

describe("once", () => {
  it("keeps only the first of equal problems", () => {
    const at = (path: string, remedy: string) => ({ path, found: 1, allowed: "2", remedy });
    const kept = once([at("a", "first"), at("b", "other"), at("a", "second")], ({ path }) => path);
    expect(kept.map(({ remedy }) => remedy)).toEqual(["first", "other"]);
  });
});

describe("the text of a MapError", () => {
  const problem = { path: "trail", found: 7, allowed: '"none"', remedy: "write it" };

  it("has a block for each problem", () => {
    expect(new MapError("map.yaml", [problem]).message).toBe(
      [
        "map.yaml: 1 problem in the map; nothing was written.",
        "",
        "  trail",
        "    found    7 (a number)",
        '    allowed  "none"',
        "    remedy   write it",
      ].join("\n"),
    );
  });

  it("counts problems", () => {
    expect(describeProblems("map.yaml", [problem, problem])).toMatch(/^map.yaml: 2 problems in the map/);
  });
});
