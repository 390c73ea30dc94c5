import { Merge, replaces, settled } from "../../../report/chain/merge";
import type { SessionRow } from "../../../report/model";
import type { VerdictKind } from "../../../report/verdicts";
import { ROWS } from "../reports";

it.each<[VerdictKind, VerdictKind, boolean]>([
  ["recorded", "open", true],
  ["recorded", "grace", true],
  ["recorded", "unread", true],
  ["contradicted", "recorded", true],
  ["unrecorded", "grace", true],
  ["recorded", "unrecorded", false],
  ["in-part", "record-only", false],
  ["contradicted", "unrecorded", true],
  ["history-expired", "recorded", false],
  ["past-retention", "in-part", false],
  ["unread", "recorded", false],
  ["history-expired", "unread", false],
  ["past-retention", "unread", false],
  ["unread", "history-expired", true],
  ["unread", "unread", true],
  ["unread", "unrecorded", false],
  ["past-retention", "history-expired", true],
  ["before-recording", "recorded", false],
  ["before-recording", "open", false],
  ["before-recording", "unread", false],
  ["no-destination", "unread", false],
  ["no-destination", "in-part", false],
  ["recorded", "no-destination", true],
  ["before-recording", "history-expired", true],
])("a later %s after an earlier %s replaces it: %s", (later, earlier, expected) => {
  expect(replaces(later, earlier)).toBe(expected);
});

const row = (change: Partial<SessionRow>, kind: VerdictKind = "recorded"): SessionRow => ({
  ...ROWS[0]!,
  ...change,
  verdict: { kind, words: [] },
});

it("has a session of two reports once, and equal ids of two accounts or regions twice", () => {
  const merge = new Merge();
  const rows = [
    row({ id: "a" }),
    row({ id: "a", region: "us-east-1" }),
    row({ id: "a", accountId: "222222222222" }),
  ];
  for (const report of [0, 1]) for (const one of rows) merge.add(one, report);
  expect(merge.repeats).toBe(3);
  expect(rows.map((one) => [merge.isWinner(one, 0), merge.isWinner(one, 1)])).toEqual([
    [false, true],
    [false, true],
    [false, true],
  ]);
});

it("keeps the row of the report with the alarm", () => {
  const merge = new Merge();
  merge.add(row({ id: "a" }, "unrecorded"), 0);
  merge.add(row({ id: "a" }, "recorded"), 1);
  merge.add(row({ id: "a" }, "past-retention"), 2);
  expect([0, 1, 2].map((report) => merge.isWinner(row({ id: "a" }), report))).toEqual([true, false, false]);
});

it("counts each row that repeats a session", () => {
  const merge = new Merge();
  for (const report of [0, 1, 2]) merge.add(row({ id: "a" }), report);
  expect(merge.repeats).toBe(2);
});

it.each<[VerdictKind, number, VerdictKind]>([
  ["open", 48, "open"],
  ["open", 49, "unread"],
  ["grace", 48, "grace"],
  ["grace", 49, "unread"],
  ["recorded", 49, "recorded"],
  ["unrecorded", 49, "unrecorded"],
])(
  "a session that was %s %i hours before the newest report, and is in no later one, is %s",
  (kind, hours, is) => {
    const made = new Date("2026-11-24T12:00:00Z");
    const newest = new Date(made.getTime() + hours * 3_600_000);
    const { verdict } = settled(row({}, kind), made.toISOString(), newest.toISOString());
    expect(verdict.kind).toBe(is);
    if (is === "unread")
      expect(verdict.words.join(" ")).toContain(`the report of ${made.toISOString()} found`);
  },
);
