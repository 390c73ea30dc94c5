import { reasonOf } from "../../../fleet/deploy/wave-in-force";
import type { Line, Verdict } from "../../../fleet/doctor/model";

const line = (verdict: Verdict): Line => ({
  ...{ stack: "session-a", account: "a", region: "eu-west-1", check: "rule", subject: "r", verdict },
  ...{ found: "disabled", why: "Nobody hears of it.", remedy: null },
});

it.each([
  [["ok", "warning"], null, []],
  [["fault"], "1 thing", ["session-a: rule r: disabled (Nobody hears of it.)"]],
  [
    ["ok", "not-looked-at", "fault"],
    "2 things",
    Array(2).fill("session-a: rule r: disabled (Nobody hears of it.)"),
  ],
] as const)("of %j, says %s", (verdicts, things, printed) => {
  const notes: string[] = [];
  const reason = reasonOf("canary", { lines: verdicts.map(line) }, (text) => notes.push(text));
  expect(reason).toBe(things && `doctor found ${things} in wave canary not in force, or could not look`);
  expect(notes).toEqual(printed);
});
