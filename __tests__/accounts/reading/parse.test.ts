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

describe("a key with a special meaning in JavaScript", () => {
  const sandbox = { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] };
  const lost = expect.objectContaining({
    path: "accounts.__proto__",
    remedy: "choose another name",
  }) as unknown;

  it("is refused as an own key, which zod ignores", () => {
    const accounts = JSON.parse(`{"payments": ${JSON.stringify({ ...sandbox })}, "__proto__": {}}`) as object;
    expect(problemsOf(mapWith({ ...OWN_BUCKETS, accounts }))).toEqual([lost]);
  });

  it("is refused as a prototype, which an object literal in TypeScript sets", () => {
    const accounts = { payments: sandbox, __proto__: { sandbox } };
    expect(problemsOf(mapWith({ ...OWN_BUCKETS, accounts }))).toEqual([lost]);
  });

  it.each(["constructor", "valueof", "tostring"])("is an account like any other: %s", (name) => {
    expect(problemsOf(mapWith({ "accounts.sandbox": undefined, [`accounts.${name}`]: sandbox }))).toEqual([]);
  });
});
