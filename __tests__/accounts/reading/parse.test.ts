import { OWN_BUCKETS, mapWith } from "../rules/good-map";
import { problemsOf } from "../rules/problems-of";

describe("a map that is no map", () => {
  it.each([
    ["null", null],
    ["nothing", undefined],
    ["a list", []],
    ["a string", "accounts"],
    ["a number", 7],
  ])("is refused as a whole: %s", (_, raw) => {
    expect(problemsOf(raw)).toEqual([
      expect.objectContaining({ path: "(the whole map)", remedy: "begin from the example map" }),
    ]);
  });

  it("reports every required key if it is empty", () => {
    expect(problemsOf({}).map(({ path }) => path)).toEqual([
      "organization",
      "state",
      "deployment",
      "accounts",
    ]);
  });
});

describe("a name that JavaScript takes for something else", () => {
  const lab = { id: "333333333333", homeRegion: "eu-central-1", regions: ["eu-central-1"] };
  const lost = expect.objectContaining({
    path: "accounts.__proto__",
    remedy: "choose another name",
  }) as unknown;

  it("is refused as a key, which zod passes over", () => {
    const accounts = JSON.parse(`{"shop": ${JSON.stringify({ ...lab })}, "__proto__": {}}`) as object;
    expect(problemsOf(mapWith({ ...OWN_BUCKETS, accounts }))).toEqual([lost]);
  });

  it("is refused as a prototype, which a literal in TypeScript sets", () => {
    const accounts = { shop: lab, __proto__: { lab } };
    expect(problemsOf(mapWith({ ...OWN_BUCKETS, accounts }))).toEqual([lost]);
  });

  it.each(["constructor", "valueof", "tostring"])("is an account like any other: %s", (name) => {
    expect(problemsOf(mapWith({ "accounts.lab": undefined, [`accounts.${name}`]: lab }))).toEqual([]);
  });
});
