import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Of } from "../../../files/checksum";
import { reasonOf, waveInForce } from "../../../fleet/deploy/wave-in-force";
import type { Line, Verdict } from "../../../fleet/doctor/model";
import type { Screen } from "../../../processes/terminal";
import { plannedStack } from "./planned";

const line = (verdict: Verdict): Line => ({
  stack: "session-a",
  account: "a",
  region: "eu-west-1",
  check: "rule",
  subject: "r",
  verdict,
  found: "disabled",
  why: "Nobody hears of it.",
  remedy: null,
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

it("does not compare AWS with a configuration that was changed since the plan", async () => {
  const folder = mkdtempSync(join(tmpdir(), "session-audit-wave-"));
  try {
    mkdirSync(join(folder, "session"));
    writeFileSync(join(folder, "session", "cdk.tf.json"), "{}");
    const stacks = [plannedStack("session", { configurationSha256: sha256Of("reviewed") })];
    const settings = {
      maxConcurrent: null,
      failureTolerance: 0,
      approve: false,
      bakeMinutes: 0,
      probeRole: null,
    };
    const reason = await waveInForce(
      { name: "rest", doctor: true, ...settings, stacks },
      {
        folder,
        manifest: { organization: "acme", profiles: null, stacks },
        env: {},
        note: () => {},
        screen: { status: () => {}, print: () => {} } as unknown as Screen,
        signal: new AbortController().signal,
      },
    );
    expect(reason).toContain("session: the configuration has the checksum");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
