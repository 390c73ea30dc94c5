import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account, Organization, Target } from "../../accounts/model/organization";
import { inTemporaryFolder } from "../../processes/temporary-folder";
import { stackIds } from "../../stacks/names";
import type { StackRef } from "../../stacks/stack-graph";
import { inParallel } from "../in-parallel";
import type { FleetProgress } from "../progress";
import type { TargetClients } from "../target-clients";
import { wrongAccount } from "./judge-account";
import type { AccountFacts, StateFacts, TargetFacts } from "./model";
import { readAccount } from "./read-account";
import { readState } from "./read-state";
import { readTarget } from "./read-target";
import { wantedOf, type Configuration, type WantedStack } from "./wanted";

/** What to look at, and with what. */
export interface ReadingProps {
  readonly organization: Organization;
  readonly targets: readonly Target[];
  /** The selected stacks, and those that they depend on. */
  readonly stacks: readonly StackRef[];
  readonly clients: TargetClients;
  /** Number of accounts, and of targets, that are read at the same time. */
  readonly parallel: number;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: FleetProgress;
  readonly signal?: AbortSignal;
}

/** What the stacks would deploy, and what AWS says about the places. */
export interface Reading {
  /** By the id of the stack. */
  readonly wanted: ReadonlyMap<string, WantedStack>;
  /** By the id of the account. */
  readonly accounts: ReadonlyMap<string, AccountFacts>;
  /** By the id of the target's stack. Targets without credentials are absent. */
  readonly targets: ReadonlyMap<string, TargetFacts>;
  /** null: the map does not keep its states in S3. */
  readonly state: StateFacts | null;
}

/**
 * Looks at every target, its account and the bucket of the states through AWS's APIs. It changes nothing.
 * @throws the reason of an aborted signal
 */
export async function readAll(props: ReadingProps): Promise<Reading> {
  const { organization, targets, parallel, env, signal } = props;
  const { state } = organization;
  const wanted = await synthesized(props);
  const accounts = new Map<string, AccountFacts>();
  const ofAccount = async (account: Account) => ({
    id: account.id,
    facts: await read(account, props, wanted),
  });
  for await (const { id, facts } of inParallel(accountsOf(props), parallel, ofAccount, signal))
    accounts.set(id, facts);
  const reachable = targets.filter(
    ({ account: { id } }) => wrongAccount(accounts.get(id)!.caller, id) === null,
  );
  return {
    wanted,
    accounts,
    targets: await readTargets(reachable, props),
    state: state.backend === "s3" ? await readState(state, env, signal) : null,
  };
}

/** What AWS says about targets, by the ids of their stacks. */
export async function readTargets(
  targets: readonly Target[],
  { clients, parallel, progress, signal }: ReadingProps,
): Promise<Map<string, TargetFacts>> {
  const found = new Map<string, TargetFacts>();
  const one = async (target: Target) => {
    const id = stackIds.session(target);
    progress.start(id);
    const facts = await readTarget(clients.configOf(target.account, target.region), signal);
    progress.finish(id, summaryOf(facts), { failed: !facts.document.looked });
    return { id, facts };
  };
  for await (const { id, facts } of inParallel(targets, parallel, one, signal)) found.set(id, facts);
  return found;
}

/** One result, for a line of progress. */
const summaryOf = ({ document }: TargetFacts): string =>
  !document.looked ? document.reason : document.value === null ? "no preferences" : "has preferences";

/** The accounts in which a selected stack is. Guardrails are in the management account, and meet no preferences. */
export const accountsOf = ({
  organization,
  stacks,
}: Pick<ReadingProps, "organization" | "stacks">): readonly Account[] =>
  organization.accounts.filter(({ id }) => stacksIn(stacks, id).length > 0);

/** The selected stacks of an account. */
export const stacksIn = (stacks: readonly StackRef[], id: string): readonly StackRef[] =>
  stacks.filter(({ accountId, kind }) => accountId === id && kind !== "guardrails");

/** What the stacks would deploy, by their ids. */
function synthesized({ organization, stacks, signal }: ReadingProps): Promise<Map<string, WantedStack>> {
  return inTemporaryFolder("session-audit-adopt-", async (directory) => {
    // Loaded here, because cdktf takes half a second to load.
    const { synthesizeStacks } =
      require("../../stacks/synthesize") as typeof import("../../stacks/synthesize");
    const ids = stacks.map(({ id }) => id);
    await synthesizeStacks(organization, directory, { only: new Set(ids), signal });
    const wanted = new Map<string, WantedStack>();
    for (const id of ids) {
      const text = await readFile(join(directory, "stacks", id, "cdk.tf.json"), "utf8");
      wanted.set(id, wantedOf(JSON.parse(text) as Configuration));
    }
    return wanted;
  });
}

function read(
  account: Account,
  { clients, stacks, signal }: ReadingProps,
  wanted: Reading["wanted"],
): Promise<AccountFacts> {
  const roles = stacksIn(stacks, account.id).flatMap(({ id }) => [...wanted.get(id)!.attachments.keys()]);
  return readAccount(clients.configOf(account, account.homeRegion), [...new Set(roles)], signal);
}
