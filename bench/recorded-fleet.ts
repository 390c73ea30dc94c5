import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recorded } from "../__tests__/fixtures/plans/trim";
import { sha256Of } from "../files/checksum";
import { filesOf, MANIFEST, type Manifest } from "../fleet/plan-folder";
import { AWS_PROVIDER_VERSION } from "../toolchain/aws-provider";
import { version as program } from "../package.json";
import type { PlannedStack } from "../review/model";

/** Recorded scenarios whose stacks are multiplied: a new account, changes of every size, drift, and no change. */
const SCENARIOS = [
  ...["new-account", "retention-shortened", "enforcement-off", "guard-off", "key-given-up"],
  ...["notifications-off", "subscriber-removed", "region-taken-out", "drift", "unchanged"],
];

/** The accounts in the recorded plans, by name. Each copy of a plan has others in their place. */
const ACCOUNTS = { payments: "444444444444", sandbox: "222222222222" } as const;

/** A recorded plan as text, and which account it is of. */
interface Original {
  readonly stack: PlannedStack;
  readonly text: string;
  readonly account: keyof typeof ACCOUNTS;
}

const originals = (): Original[] =>
  SCENARIOS.flatMap(recorded).flatMap((stack) => {
    const { account } = stack;
    return account in ACCOUNTS
      ? [{ stack, text: JSON.stringify(stack.plan), account: account as keyof typeof ACCOUNTS }]
      : [];
  });

const waveOf = (name: string): Manifest["waves"][number] => ({
  name,
  maxConcurrent: null,
  failureTolerance: 0,
  approve: false,
  bakeMinutes: 0,
  doctor: false,
  probeRole: null,
});

/**
 * Writes a plan folder with recorded plans, each under the name and the id of an account of its own.
 * @returns the size of all plans in bytes
 */
export function writeRecordedFleet(folder: string, count: number): number {
  const all = originals();
  let bytes = 0;
  const stacks = Array.from({ length: count }, (_, index): Manifest["stacks"][number] => {
    const { stack, text, account } = all[index % all.length]!;
    const name = `account-${index}`;
    const accountId = String(500000000000 + index);
    const own = (value: string) => value.replaceAll(ACCOUNTS[account], accountId).replaceAll(account, name);
    const id = own(stack.id);
    const json = own(text);
    bytes += json.length;
    mkdirSync(filesOf(folder, id).directory, { recursive: true });
    writeFileSync(filesOf(folder, id).json, json);
    return {
      id,
      kind: stack.kind as Manifest["stacks"][number]["kind"],
      account: name,
      accountId,
      region: stack.region,
      wave: stack.wave,
      dependsOn: [],
      stateKey: `${id}.tfstate`,
      result: "changes",
      state: null,
      planSha256: null,
      jsonSha256: sha256Of(json),
      configurationSha256: null,
      lockFileSha256: null,
      summary: "",
      seconds: 1,
      attempts: 1,
    };
  });
  const manifest: Manifest = {
    version: 2,
    plannedAt: "2026-11-26T12:00:00Z",
    program,
    provider: AWS_PROVIDER_VERSION,
    terraform: { product: "Terraform", version: "1.11.4" },
    source: { commit: null, dirty: false },
    map: "accounts/index.ts",
    organization: "acme",
    shard: null,
    changedSince: null,
    unchanged: [],
    waves: [...new Set(stacks.flatMap(({ wave }) => wave ?? []))].map(waveOf),
    warnings: [],
    profiles: null,
    stacks,
  };
  writeFileSync(join(folder, MANIFEST), JSON.stringify(manifest));
  return bytes;
}
