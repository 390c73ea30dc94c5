import { folded } from "../../../accounts/reading/fold";
import { describeProblems, MapError, type Problem } from "../../../accounts/reading/problems";
import { mapWith, OWN_BUCKETS } from "../rules/good-map";
import { problemsOf } from "../rules/problems-of";

const MANY = 3000;

/** Accounts with a change to each of them. */
const accounts = (count: number, change: (index: number) => object = () => ({})) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `a${index}`,
      {
        id: String(400_000_000_000 + index),
        homeRegion: "eu-central-1",
        regions: ["eu-central-1"],
        ...change(index),
      },
    ]),
  );
const mapOf = (all: object, more: object = {}) =>
  mapWith({ ...OWN_BUCKETS, "transcripts.readers": undefined, waves: undefined, accounts: all, ...more });
const textOf = (map: unknown) => describeProblems("map.yaml", problemsOf(map));

describe("the text of the same problem in 3,000 accounts", () => {
  const ids = accounts(MANY, (index) => ({ id: 400_000_000_000 + index }));

  it("says it once, with three more examples and the number of the others", () => {
    expect(textOf(mapOf(ids))).toBe(`map.yaml: 3,000 problems in the map; nothing was written.

  accounts.a0.id, and 2,999 more places
    found    400000000000 (a number)
    allowed  a string of exactly 12 digits
    remedy   write "400000000000", in quotes
    also     accounts.a1.id, found 400000000001 (a number)
             accounts.a2.id, found 400000000002 (a number)
             accounts.a3.id, found 400000000003 (a number)
             and 2,996 more`);
  });

  it("leaves out a value that is that of the first", () => {
    const guarded = accounts(4, () => ({ protect: "yes" }));
    expect(textOf(mapOf(guarded))).toMatch(/also {5}accounts\.a1\.protect\n {13}accounts\.a2\.protect\n/);
  });

  it("says problems in the same place apart if they have other remedies", () => {
    const both = accounts(MANY, (index) => ({ id: index % 2 === 0 ? 400_000_000_000 + index : "sandbox" }));
    expect(textOf(mapOf(both)).match(/and 1,499 more places/g)).toHaveLength(2);
  });

  it("counts every problem, also those that it does not show", () => {
    const all = { ...accounts(MANY, () => ({ protect: "yes" })), Upper: accounts(1)["a0"] };
    expect(textOf(mapOf(all, { trail: 7 }))).toMatch(/^map\.yaml: 3,002 problems in the map/);
  });

  it("keeps all problems in the error, for programs", () => {
    expect(new MapError("map.yaml", problemsOf(mapOf(ids))).problems).toHaveLength(MANY);
  });

  it("says values that contradict each other once as well", () => {
    const homeless = accounts(MANY, () => ({ homeRegion: "eu-west-1" }));
    expect(textOf(mapOf(homeless)).split("\n\n")).toHaveLength(2);
  });

  it("says a missing list of waves once, where it is missing", () => {
    const staged = accounts(MANY, (index) => ({ wave: index % 2 === 0 ? "canary" : "rest" }));
    expect(problemsOf(mapOf(staged)).map(({ path, remedy }) => [path, remedy])).toEqual([
      [
        "waves",
        'list the waves in their order, like waves: ["canary", "rest"], or remove wave from the accounts',
      ],
    ]);
  });
});

describe("the problems that are folded", () => {
  const problem = (path: string, allowed = "7", remedy = "write 7"): Problem => ({
    path,
    found: 8,
    allowed,
    remedy,
  });
  const sizes = (paths: readonly string[]) =>
    folded(paths.map((path) => problem(path))).map(({ others }) => others.length + 1);

  it.each([
    ["accounts", ["accounts.a.x", 'accounts["b-c"].x', 'accounts["d\\"e"].x', "accounts.f.x"], [4]],
    [
      "regions",
      ["us-east-1", "us-east-2", "us-west-1", "us-west-2"].map((r) => `accounts.a.regions["${r}"].x`),
      [4],
    ],
    ["elements", [0, 1, 2, 10].map((index) => `waves[${index}]`), [4]],
    ["three only", ["accounts.a.x", "accounts.b.x", "accounts.c.x"], [1, 1, 1]],
    ["other settings", ["accounts.a.x", "accounts.b.x", "accounts.c.x", "accounts.d.y"], [1, 1, 1, 1]],
    ["other tags", ["tags.a", "tags.b", "tags.c", "tags.d"], [1, 1, 1, 1]],
  ])("are those of %s", (_, paths, expected) => {
    expect(sizes(paths)).toEqual(expected);
  });

  it("keep the order of the first of each", () => {
    const of = (setting: string) =>
      ["a", "b", "c", "d"].map((name) => problem(`accounts.${name}.${setting}`));
    const found = [problem("trail"), ...of("y"), problem("state"), ...of("x")];
    expect(folded(found).map(({ first }) => first.path)).toEqual([
      "trail",
      "accounts.a.y",
      "state",
      "accounts.a.x",
    ]);
  });

  it("lose none of them", () => {
    const found = Array.from({ length: 50 }, (_, index) =>
      problem(`accounts.a${index}.x`, "7", `write ${index % 3}`),
    );
    const kept = folded(found).flatMap(({ first, others }) => [first, ...others]);
    expect(kept).toEqual(expect.arrayContaining(found));
    expect(kept).toHaveLength(found.length);
  });
});
