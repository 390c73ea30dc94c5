import type { Item, PageData } from "../../../../review/render/html/page-data";
import { h } from "../../../../review/render/html/tree";
import { isFiltered, readHash, writeHash, type Filters } from "../../../../pages/page/hash";
import { matcher } from "../../../../review/render/page/filters";

const item = (id: string, other: Partial<Item> = {}): Item => ({
  id,
  at: [[0, 0]],
  severities: [],
  changes: [],
  tree: h("p", {}, id),
  ...other,
});

const stack = (account: string, region: string, wave: string) => ({
  id: `session-${account}-${region}`,
  account,
  region,
  wave,
  kind: "session",
});

const ITEMS = [
  item("one", {
    severities: ["high"],
    changes: ["change"],
    tree: h("p", {}, "Retention ", h("code", {}, "shortened")),
  }),
  item("two", { at: [[1, 2]], severities: ["low"], changes: ["destroy", "add"] }),
  item("three", {
    at: [
      [0, 0],
      [2, 2],
    ],
    tree: h("p", {}, "Key", { stacks: [[1, 1]] }),
  }),
  item("nowhere", { at: [] }),
];

const DATA: PageData = {
  stacks: [
    stack("a", "us-east-1", "canary"),
    stack("b", "us-east-1", "rest"),
    stack("b", "eu-west-1", "rest"),
  ],
  recording: "",
  lists: { findings: ITEMS, policies: [], changes: [], drift: [], failures: [], stacks: [] },
  facets: [
    { name: "severity", label: "Severity", values: ["high", "low"] },
    { name: "change", label: "Change", values: ["change", "destroy", "add"] },
    { name: "wave", label: "Wave", values: ["canary", "rest"] },
    { name: "account", label: "Account", values: ["a", "b"] },
    { name: "region", label: "Region", values: ["us-east-1", "eu-west-1"] },
    { name: "kind", label: "Kind", values: ["session"] },
  ],
};

const shown = (search: string, chosen: Record<string, string[]> = {}): string[] => {
  const match = matcher(DATA)({ search, chosen });
  return ITEMS.filter((one) => match.shows(one)).map(({ id }) => id);
};

describe("an entry is shown", () => {
  it.each([
    ["nothing", "", {}, ["one", "two", "three", "nowhere"]],
    ["a word of its text, in any case", "RETENTION", {}, ["one"]],
    ["words of several elements", "shortened retention", {}, ["one"]],
    ["words that no entry has together", "retention key", {}, []],
    ["the id of one of its stacks", "session-b-eu", {}, ["two", "three"]],
    ["a word of its text and the id of a stack", "key session-b", {}, ["three"]],
    ["a severity", "", { severity: ["low"] }, ["two"]],
    ["one of two severities", "", { severity: ["low", "high"] }, ["one", "two"]],
    ["one of several changes", "", { change: ["add"] }, ["two"]],
    ["an account", "", { account: ["b"] }, ["two", "three"]],
    ["a wave and a region of the same stack", "", { wave: ["rest"], region: ["us-east-1"] }, ["two"]],
    ["an account and a region of different stacks", "", { account: ["a"], region: ["eu-west-1"] }, []],
    ["a severity and an account", "", { severity: ["high"], account: ["b"] }, []],
    ["the id of a stack that a filter leaves out", "session-b-eu", { region: ["us-east-1"] }, []],
  ] as const)("by %s", (_name, search, chosen, expected) => {
    expect(shown(search, chosen as unknown as Record<string, string[]>)).toEqual(expected);
  });

  it("with the stacks that the filters let through", () => {
    const { allows } = matcher(DATA)({ search: "", chosen: { account: ["b"] } });
    expect([0, 1, 2].map(allows)).toEqual([false, true, true]);
  });
});

describe("the hash of a URL", () => {
  const read = (hash: string): Filters => readHash(hash, DATA.facets);

  it.each([
    ["", {}],
    ["a & b", { account: ["a", "b"] }],
    ["#=%&+\u202e", { wave: ["rest"], severity: ["high"] }],
  ])("keeps the search %j and the filters %j", (search, chosen) => {
    const filters = { ...read(""), search };
    Object.assign(filters.chosen, chosen);
    expect(read(writeHash(filters))).toEqual(filters);
  });

  it("is empty if nothing is set", () => {
    expect(writeHash(read(""))).toBe("");
    expect(isFiltered(read(""))).toBe(false);
  });

  it("has no values twice and none that the page does not have", () => {
    expect(read("#account=a&account=a&account=evil&other=1").chosen["account"]).toEqual(["a"]);
  });

  it("has no filters that the page does not have", () => {
    const { chosen } = read("#__proto__=a&constructor=b&account=a");
    expect(Object.keys(chosen)).toEqual(["severity", "change", "wave", "account", "region", "kind"]);
  });

  it.each(["account=a", "search=x"])("says that something is filtered: %s", (hash) => {
    expect(isFiltered(read(hash))).toBe(true);
  });

  it("filters nothing by a search for spaces", () => {
    expect(isFiltered(read("search=++"))).toBe(false);
  });
});
