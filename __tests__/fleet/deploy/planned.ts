import type { Wave } from "../../../accounts/model/waves";
import type { Manifest, PlannedStack } from "../../../fleet/plan-folder";

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

/** A manifest without stacks, for tests that need no real plan. @param change what differs */
export const planManifest = (change: Partial<Manifest> = {}): Manifest => ({
  version: 2,
  plannedAt: "2026-01-01T00:00:00.000Z",
  program: "1.0.0",
  provider: "5.100.0",
  terraform: { product: "Terraform", version: "1.11.4" },
  source: { commit: "abc", dirty: false },
  map: "accounts/index.ts",
  organization: "acme",
  changedSince: null,
  unchanged: [],
  warnings: [],
  waves: [],
  profiles: null,
  shard: null,
  stacks: [],
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
