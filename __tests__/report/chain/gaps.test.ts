import { gapsOf, sharedFilters, type Reach } from "../../../report/chain/gaps";

const at = (day: number) => new Date(Date.UTC(2027, 0, day)).toISOString();

/** A target's coverage: its name, with `!` in front if it was not covered. */
const target = (name: string): Reach["coverage"][number] => {
  const account = name.replace("!", "");
  return { account, accountId: account, region: "eu-west-1", covered: account === name };
};

interface Made {
  /** Days of the period. */
  readonly days: readonly [number, number];
  /** Day on which it was made. @default the last one of the period */
  readonly on?: number;
  readonly filters?: Readonly<Record<string, string>>;
  /** @default one target that is covered */
  readonly targets?: readonly string[];
}

const gapsIn = (made: readonly Made[]) =>
  gapsOf(
    made.map(({ days, on = days[1], filters = {}, targets = ["a"] }, index) => ({
      key: `report ${index + 1}`,
      manifest: { generatedAt: at(on), period: { since: at(days[0]), until: at(days[1]) }, filters },
      coverage: targets.map(target),
    })),
  ).map(({ since, until, targets, key }) => {
    const names = targets?.map((name) => name.split(" ")[0]).join(" and ") ?? "all";
    return `${names} ${(since.getTime() - Date.parse(at(0))) / 86_400_000}-${(until.getTime() - Date.parse(at(0))) / 86_400_000}: ${key}`;
  });

const [first, third] = [{ days: [1, 8] }, { days: [15, 22] }] as const;
const second = { days: [8, 15] } as const;

it.each<[string, readonly Made[], readonly string[]]>([
  ["no report", [], []],
  ["reports that follow each other", [first, second, third], []],
  ["reports that overlap", [first, { days: [5, 20] }, third], []],
  ["a time between two reports", [first, third], ["all 8-15: report 2"]],
  [
    "two times between reports",
    [first, { days: [10, 12] }, third],
    ["all 8-10: report 2", "all 12-15: report 3"],
  ],
  [
    "a report with a filter in the middle",
    [first, { ...second, filters: { owner: "alice" } }, third],
    ["all 8-15: report 2"],
  ],
  [
    "a report with a filter at the end",
    [first, second, { ...third, filters: { session: "alice-0" } }],
    ["all 15-22: report 3"],
  ],
  [
    "a report with a filter whose time another one has",
    [first, { ...second, filters: { owner: "alice" } }, { days: [8, 22] }],
    [],
  ],
  [
    "reports that all have the same filter",
    [first, second, third].map((one) => ({ ...one, filters: { owner: "alice" } })),
    [],
  ],
  [
    "reports with different filters",
    [
      { ...first, filters: { owner: "alice" } },
      { ...second, filters: { owner: "bob" } },
    ],
    ["all 1-15: report 1"],
  ],
  [
    "a target that could not be read in the middle",
    [first, { ...second, targets: ["!a"] }, third],
    ["a 8-15: report 2"],
  ],
  ["a target that a later report could read", [first, { ...second, targets: ["!a"] }, { days: [8, 22] }], []],
  [
    "a target that no report could read",
    [first, second].map((one) => ({ ...one, targets: ["!a", "b"] })),
    [],
  ],
  [
    "two targets that could not be read",
    [first, second, third].map((one, index) => ({
      ...one,
      targets: index === 1 ? ["!a", "!b", "c"] : ["a", "b", "c"],
    })),
    ["a and b 8-15: report 2"],
  ],
  [
    "a report of chosen accounts in the middle",
    [
      { ...first, targets: ["a", "b"] },
      { ...second, filters: { account: "a" } },
      { ...third, targets: ["a", "b"] },
    ],
    ["b 8-15: report 2"],
  ],
  [
    "a report of chosen accounts at the end",
    [
      { ...first, targets: ["a", "b"] },
      { ...second, filters: { region: "eu-west-1" } },
    ],
    ["b 8-15: report 2"],
  ],
  [
    "a report of chosen accounts at the beginning",
    [
      { ...first, filters: { wave: "canary" } },
      { ...second, targets: ["a", "b"] },
    ],
    ["b 1-8: report 1"],
  ],
  [
    "reports of the same chosen account",
    [first, second].map((one) => ({ ...one, filters: { account: "a" } })),
    [],
  ],
  [
    "a target that is missing from a report in the middle, which does not say why",
    [{ ...first, targets: ["a", "b"] }, second, { ...third, targets: ["a", "b"] }],
    ["b 8-15: report 2"],
  ],
  ["a target that the map got later", [first, { ...second, targets: ["a", "b"] }], []],
  ["a target that the map has lost", [{ ...first, targets: ["a", "b"] }, second], []],
  [
    "a report that reaches further back than the session history",
    [first, { days: [1, 45] }],
    ["all 8-15: report 2"],
  ],
  [
    "a report about a time that is over for the session history",
    [first, { days: [8, 10], on: 41 }, { days: [10, 41], on: 41 }],
    ["all 8-11: report 2"],
  ],
  ["a report that reaches into the future", [{ days: [1, 60], on: 8 }, third], ["all 8-15: report 2"]],
])("%s", (_what, made, gaps) => {
  expect(gapsIn(made)).toEqual(gaps);
});

it("names five targets of a gap, and says how many more there are", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const reach = (key: string, days: readonly [number, number], covered: boolean): Reach => ({
    key,
    manifest: { generatedAt: at(days[1]), period: { since: at(days[0]), until: at(days[1]) }, filters: {} },
    coverage: names.map((name) => target(covered ? name : `!${name}`)),
  });
  const [gap] = gapsOf([reach("one", [1, 8], true), reach("two", [8, 15], false)]);
  expect(gap!.words).toBe(
    "No report has the sessions of a eu-west-1, b eu-west-1, c eu-west-1, d eu-west-1, e eu-west-1 and 2 more targets " +
      `from ${at(8)} to ${at(15)}: two could not read them to the end.`,
  );
});

it.each([
  [[], {}],
  [[{ owner: "alice" }], { owner: "alice" }],
  [[{ owner: "alice", status: "Failed" }, { owner: "alice" }], { owner: "alice" }],
  [[{ owner: "alice" }, { owner: "bob" }], {}],
  [[{}, { owner: "alice" }], {}],
])("the filters that %j share are %j", (filters, shared) => {
  expect(sharedFilters((filters as Record<string, string>[]).map((one) => ({ filters: one })))).toEqual(
    shared,
  );
});
