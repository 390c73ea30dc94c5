import { describeWarnings, warningSentences } from "../../../accounts/warnings/text";
import { warningsOf } from "./warnings-of";

it("has the place, what was found, what follows and the remedy", () => {
  expect(describeWarnings("map.yaml", warningsOf({ "transcripts.objectLock": { days: 1 } })))
    .toBe(`map.yaml: 1 warning about the map.

  transcripts.objectLock (lock-of-days)
    found    {"mode":"governance","days":1}
    why      After 1 day, an administrator can delete a transcript. AWS keeps the history of sessions for 30 days.
    remedy   lock transcripts for at least 30 days

`);
});

it("says how many other places there are", () => {
  const text = describeWarnings(
    "map.yaml",
    warningsOf({
      "accounts.sandbox.notifications": { activity: { subscribers: [] } },
      "accounts.payments.notifications": { activity: { subscribers: [] } },
    }),
  );
  expect(text).toContain("(activity-unheard), and 1 more place\n");
  expect(text).toMatch(/\n {4}also {5}accounts\.\w+\.notifications\.activity\.subscribers\n/);
});

it("names three of many other places", () => {
  const accounts = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `accounts.a${index}`,
      {
        id: String(500_000_000_000 + index),
        homeRegion: "eu-central-1",
        regions: ["eu-central-1"],
        notifications: { activity: { subscribers: [] } },
      },
    ]),
  );
  const [, also] = /also {5}([^]*?)\n\n/.exec(describeWarnings("map.yaml", warningsOf(accounts))) ?? [];
  expect(also!.split("\n").map((line) => line.trim())).toEqual([
    expect.stringMatching(/^accounts\./),
    expect.stringMatching(/^accounts\./),
    expect.stringMatching(/^accounts\./),
    "and 6 more",
  ]);
});

it("leaves accepted warnings out", () => {
  const accept = [{ warning: "lock-of-days", because: "This is a playground.", until: "2027-01-31" }];
  expect(describeWarnings("map.yaml", warningsOf({ "transcripts.objectLock": { days: 1 }, accept }))).toBe(
    "",
  );
});

it("has a paragraph for each warning in a review, with the reason of an accepted one", () => {
  const accept = [{ warning: "lock-of-days", because: "This is a playground.", until: "2027-01-31" }];
  expect(
    warningSentences(warningsOf({ "transcripts.objectLock": { days: 1 }, protect: false, accept })),
  ).toEqual([
    expect.stringMatching(/^protect \(nothing-protected\): Terraform may destroy .*What to do: set protect/),
    expect.stringMatching(
      /^transcripts.objectLock \(lock-of-days\): After 1 day.* Accepted until 2027-01-31: This is a playground.$/,
    ),
  ]);
});

it("is empty without warnings", () => {
  expect(describeWarnings("map.yaml", warningsOf({}))).toBe("");
});
