import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { progressItem, readProgress } from "../../guard/progress";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
const days = (count: number) => minutes(count * 24 * 60);
const PROGRESS = { checkedUntil: minutes(-60), since: days(-7), destinations: "[]" };
const ITEM = progressItem(PROGRESS);
const text = (date: Date) => ({ S: date.toISOString() });
const read = (item: object) => readProgress(item as typeof ITEM, { now: NOW, destinations: "present" });

it("a sound note is read as it was written", () => {
  expect(read(ITEM)).toEqual({ progress: PROGRESS, faults: [] });
});

it("a progress whose destinations changed while it was catching up is sound", () => {
  const catchingUp = { ...PROGRESS, since: minutes(-1) };
  expect(read(progressItem(catchingUp))).toEqual({ progress: catchingUp, faults: [] });
});

it("a check that is older than all sessions which AWS lists goes on with the oldest of them", () => {
  const { progress, faults } = read({ ...ITEM, checkedUntil: text(days(-40)) });
  expect([progress.checkedUntil, faults]).toEqual([days(-30), []]);
});

it.each<[string, AttributeValue | undefined, string | null]>([
  ["the present time", text(NOW), null],
  ["4 minutes ahead", text(minutes(4)), null],
  ["6 minutes ahead", text(minutes(6)), "2026-11-24T12:06:00.000Z, which is in the future"],
  ["missing", undefined, "missing"],
  ["a number", { N: "1" }, "not text"],
  ["empty", { S: "" }, "not a time in UTC"],
  ["no time", { S: "never" }, "not a time in UTC"],
  ["a time without milliseconds", { S: "2026-11-24T12:00:00Z" }, "not a time in UTC"],
  ["a time in another zone", { S: "2026-11-24T12:00:00.000+09:00" }, "not a time in UTC"],
  ["a day", { S: "2026-11-24" }, "not a time in UTC"],
])("a time that is %s has the fault %s", (_what, attribute, fault) => {
  for (const name of ["checkedUntil", "since"]) {
    expect(read({ ...ITEM, [name]: attribute }).faults).toEqual(
      fault === null ? [] : [`${name} is ${fault}`],
    );
  }
});

it.each`
  unsound                      | checkedUntil    | since
  ${["checkedUntil"]}          | ${days(-7)}     | ${days(-7)}
  ${["since"]}                 | ${minutes(-60)} | ${days(-30)}
  ${["checkedUntil", "since"]} | ${days(-30)}    | ${days(-30)}
`("in place of an unsound $unsound, the earliest times that can matter are read", ({ unsound, ...times }) => {
  const item = {
    ...ITEM,
    ...Object.fromEntries((unsound as string[]).map((name) => [name, { S: "never" }])),
  };
  expect(read(item).progress).toEqual({ ...PROGRESS, ...times });
});

it("a time that is replaced goes back no further than the oldest session that AWS lists", () => {
  const item = { ...ITEM, since: text(days(-300)), checkedUntil: { S: "never" } };
  expect(read(item).progress.checkedUntil).toEqual(days(-30));
});

it("destinations that are no text are taken for the present ones, so that no session is left out", () => {
  const { progress, faults } = read({ ...ITEM, destinations: { N: "1" } });
  expect([progress.destinations, faults]).toEqual(["present", ["destinations is not text"]]);
});
