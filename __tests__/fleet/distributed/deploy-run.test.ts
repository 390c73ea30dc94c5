import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Of } from "../../../files/checksum";
import { Journal } from "../../../fleet/deploy/journal";
import { stepsOf } from "../../../fleet/deploy/rollout";
import { deployByWorkers, type DeployRunProps } from "../../../fleet/distributed/deploy-run";
import type { Manifest } from "../../../fleet/plan-folder";
import { inMemory } from "../deploy/in-memory";
import { plannedStack } from "../deploy/planned";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "session-audit-run-"));
  mkdirSync(join(folder, "session"));
  writeFileSync(join(folder, "session", "cdk.tf.json"), "{}");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("asks doctor after the last wave, and tells what it finds although every stack is deployed", async () => {
  const unchanged = { result: "no changes", planSha256: null, jsonSha256: null } as const;
  const stacks = [plannedStack("session", { ...unchanged, configurationSha256: sha256Of("reviewed") })];
  const waves: Manifest["waves"] = [
    {
      name: "rest",
      maxConcurrent: null,
      failureTolerance: 0,
      approve: false,
      bakeMinutes: 0,
      doctor: true,
      probeRole: null,
    },
  ];
  const steps = stepsOf(stacks, waves);
  const signal = new AbortController().signal;
  const { reports, held } = await deployByWorkers({
    folder,
    steps,
    stored: "",
    journals: "",
    concurrency: 1,
    env: {},
    drain: signal,
    leave: signal,
    manifest: { organization: "acme", profiles: null, stacks, waves } as unknown as Manifest,
    engine: { newRun: () => "runs/one", bucket: "acme-pipeline" } as unknown as DeployRunProps["engine"],
    journal: await Journal.open(inMemory(), "origin"),
    approvals: { steps, approved: [], approvedBefore: new Set(), ask: undefined },
    settings: { reconcile: false, convergeCheck: true, lockTimeout: "60s" },
    screen: { status: () => {}, print: () => {} } as unknown as DeployRunProps["screen"],
    note: () => undefined,
  });
  expect(reports.map(({ outcome }) => outcome.result)).toEqual(["no changes"]);
  expect(held).toContain("session: the configuration has the checksum");
});
