import type { Wave } from "../../../accounts/model/waves";
import type { PlannedStack } from "../../../fleet/plan-folder";

/** A stack of a plan folder, for tests that need no real plan. @param change what differs from a session stack with changes */
export const plannedStack = (id: string, change: Partial<PlannedStack> = {}): PlannedStack => ({
  id,
  kind: "session",
  account: "payments",
  accountId: "444444444444",
  region: "eu-central-1",
  wave: "rest",
  dependsOn: [],
  stateKey: `state/${id}.tfstate`,
  result: "changes",
  state: null,
  planSha256: `plan of ${id}`,
  jsonSha256: "aa",
  configurationSha256: "bb",
  lockFileSha256: "cc",
  summary: "Plan: 1 to add.",
  seconds: 1,
  attempts: 1,
  ...change,
});

/** A wave without settings. @param settings what differs */
export const wave = (name: string, settings: Partial<Wave> = {}): Wave => ({
  name,
  maxConcurrent: null,
  failureTolerance: 0,
  approve: false,
  bakeMinutes: 0,
  doctor: false,
  probeRole: null,
  ...settings,
});
