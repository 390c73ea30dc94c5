import { Aggregation } from "../../report/aggregate";
import { KeptRows, withFewerRows } from "../../report/kept-rows";
import { localTimes } from "../../report/local-time";
import type { SessionRow } from "../../report/model";
import { Counter, SHOWN } from "../../report/ranking";
import type { VerdictKind } from "../../report/verdicts";
import { history, rowsOf, stream, transcript } from "./evidence";
import { reportOf } from "./reports";

const [BASE] = rowsOf({ history: history(), transcripts: [transcript()], stream: stream() });
const row = (
  start: string,
  kind: VerdictKind = "recorded",
  change: Partial<SessionRow> = {},
): SessionRow => ({
  ...BASE!,
  start,
  verdict: { kind, words: [] },
  ...change,
});

const numbers = (timeZone: string, ...rows: readonly SessionRow[]) => {
  const aggregation = new Aggregation({
    period: { since: new Date("2026-10-24T00:00:00Z"), until: new Date("2026-10-27T00:00:00Z") },
    timeZone,
    workingHours: { weekdays: [1, 2, 3, 4, 5], from: 8, to: 18 },
  });
  for (const one of rows) aggregation.add(one);
  return aggregation.result();
};

it("has each day of the period once, also where a day has 25 hours", () => {
  const { perDay } = numbers("Europe/Berlin");
  expect(perDay.map(({ key }) => key)).toEqual(["2026-10-24", "2026-10-25", "2026-10-26", "2026-10-27"]);
});

it.each`
  timeZone              | time                      | day             | weekday | hour
  ${"UTC"}              | ${"2026-11-26T23:30:00Z"} | ${"2026-11-26"} | ${4}    | ${23}
  ${"Europe/Berlin"}    | ${"2026-11-26T23:30:00Z"} | ${"2026-11-27"} | ${5}    | ${0}
  ${"Asia/Kathmandu"}   | ${"2026-11-26T18:14:00Z"} | ${"2026-11-26"} | ${4}    | ${23}
  ${"Asia/Kathmandu"}   | ${"2026-11-26T18:15:00Z"} | ${"2026-11-27"} | ${5}    | ${0}
  ${"America/New_York"} | ${"2026-11-01T05:30:00Z"} | ${"2026-11-01"} | ${7}    | ${1}
  ${"America/New_York"} | ${"2026-11-01T06:30:00Z"} | ${"2026-11-01"} | ${7}    | ${1}
`("$time is $day, $hour h in $timeZone", ({ timeZone, time, day, weekday, hour }) => {
  expect(localTimes(timeZone as string)(new Date(time as string))).toEqual({ day, weekday, hour });
});

it("counts hours of the week and what is out of hours in the time zone", () => {
  // A Monday: 07:30 in UTC is 08:30 in Berlin.
  const time = "2026-10-26T07:30:00.000Z";
  const berlin = numbers("Europe/Berlin", row(time));
  expect(berlin.heatMap[0]![8]).toBe(1);
  expect(berlin.outOfHours).toBe(0);
  expect(numbers("UTC", row(time)).outOfHours).toBe(1);
});

it("counts alarms and warnings of days, people, targets and instances", () => {
  const time = "2026-10-26T10:00:00.000Z";
  const result = numbers(
    "UTC",
    row(time),
    row(time, "unrecorded"),
    row(time, "in-part"),
    row(time, "unread"),
  );
  const tally = { sessions: 4, alarms: 1, warnings: 2, seconds: 4 * 3000 };
  expect(result.perDay.at(-1)).toEqual({ key: "2026-10-26", ...tally });
  expect(result.people.top).toEqual([{ key: "alice", ...tally }]);
  expect(result.targets.top).toEqual([{ key: "payments eu-west-1", ...tally }]);
  expect(result.instances.top).toEqual([{ key: "i-0123456789abcdef0 payments eu-west-1", ...tally }]);
  expect(result.byVerdict).toMatchObject({ recorded: 1, unrecorded: 1, "in-part": 1, unread: 1, open: 0 });
  expect(result.durations.find(({ label }) => label === "15 to 60 min")!.count).toBe(4);
});

it("counts a record without a session as a row, and in no hour", () => {
  const result = numbers("UTC", row("2026-10-26T10:00:00.000Z", "record-only", { person: null }));
  expect(result.rows).toBe(1);
  expect(result.heatMap.flat().every((count) => count === 0)).toBe(true);
});

it("keeps sums exact when there are more keys than it remembers", () => {
  const counter = new Counter(100);
  const unit = { sessions: 1, alarms: 0, warnings: 0, seconds: 1 };
  for (let index = 0; index < 1000; index++) counter.add(`person-${index}`, unit);
  counter.add("mallory", { ...unit, alarms: 1 });
  const { top, others } = counter.ranking();
  expect(top).toHaveLength(SHOWN);
  expect(top[0]).toMatchObject({ key: "mallory", alarms: 1 });
  expect(top.reduce((sum, { sessions }) => sum + sessions, 0) + others!.sessions).toBe(1001);
});

it("shows fewer rows of a report, the same as if it had kept no more, and counts the others as left out", () => {
  const all = Array.from({ length: 9 }, (_, index) =>
    row(`2026-10-0${index + 1}T10:00:00.000Z`, index === 1 ? "unrecorded" : "recorded", {
      id: `s${index + 1}`,
    }),
  );
  const [few, more] = [new KeptRows(2), new KeptRows(3)];
  for (const one of all) for (const kept of [few, more]) kept.add(one);
  const { rows, omitted } = withFewerRows({ ...reportOf([]), ...more.result() }, 2);
  expect({ rows, omitted }).toEqual(few.result());
});

it("keeps the worst and the newest rows, each once and the worst first", () => {
  const kept = new KeptRows(2);
  for (let day = 1; day <= 9; day++) {
    kept.add(row(`2026-10-0${day}T10:00:00.000Z`, day === 2 ? "unrecorded" : "recorded", { id: `s${day}` }));
  }
  const { rows, omitted } = kept.result();
  expect(rows.map(({ id }) => id)).toEqual(["s2", "s9", "s8"]);
  expect(omitted).toBe(6);
});
