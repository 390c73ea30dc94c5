import {
  accountBehind,
  type Account,
  type Organization,
  type Target,
} from "../../accounts/model/organization";
import { stackIds } from "../../stacks/names";
import type { StackRef } from "../../stacks/stack-graph";
import type { LookedAt } from "../generated-map";
import { stateKey } from "../states";
import { judgeTarget } from "./judge";
import { judgeAccount, wrongAccount } from "./judge-account";
import { judgeState } from "./judge-state";
import { seenOf } from "./looked-at";
import type { AccountResult, Adoption, Line, TargetResult } from "./model";
import { bucketArn } from "./read-state";
import { accountsOf, stacksIn, type Reading } from "./reading";

/** What a reading is judged by. */
export interface AdoptionProps {
  readonly organization: Organization;
  readonly targets: readonly Target[];
  /** The selected stacks, and those that they depend on. */
  readonly stacks: readonly StackRef[];
  /** Contents that somebody has looked at. */
  readonly seen: LookedAt;
  /** When AWS was read. */
  readonly now: Date;
}

/** What stands in the way of a rollout, and what it would change. */
export function adoptionOf(reading: Reading, props: AdoptionProps): Adoption {
  const targets = props.targets.map((target) => targetResult(target, reading, props));
  return {
    version: 1,
    organization: props.organization.name,
    lookedAt: props.now.toISOString(),
    shared: sharedLines(reading, props),
    accounts: accountsOf(props).map((account) => accountResult(account, targets, reading, props)),
    targets,
  };
}

function targetResult(target: Target, reading: Reading, { organization, seen }: AdoptionProps): TargetResult {
  const { region } = target;
  const stack = stackIds.session(target);
  const account = accountBehind(organization, target.account);
  const { adopt } = target.settings.preferences;
  const place = { stack, account: account.name, accountId: account.id, region };
  const { caller, regions } = reading.accounts.get(account.id)!;
  const facts = reading.targets.get(stack);
  if (facts === undefined) {
    const lines = [wrongAccount(caller, account.id)!];
    return { ...place, adopt, exists: null, document: null, seen: false, changes: [], lines };
  }
  // The trail is in the account's stack, whose region is the home region.
  const accountStack =
    region === account.homeRegion ? reading.wanted.get(stackIds.account(account)) : undefined;
  return judgeTarget({
    place,
    organization: organization.name,
    adopt,
    seen: seenOf(seen, place),
    regions,
    facts,
    trail: account.settings.trail,
    wanted: { session: reading.wanted.get(stack)!, account: accountStack ?? null },
  });
}

function accountResult(
  { id, name }: Account,
  targets: readonly TargetResult[],
  { accounts, wanted }: Reading,
  { stacks }: AdoptionProps,
): AccountResult {
  const lines = judgeAccount({
    accountId: id,
    facts: accounts.get(id)!,
    stacks: stacksIn(stacks, id).map((stack) => wanted.get(stack.id)!),
    isDeployed: targets.some(({ accountId, document }) => accountId === id && document?.isOwn === true),
  });
  return { account: name, accountId: id, lines };
}

function sharedLines({ state }: Reading, { organization, stacks }: AdoptionProps): Line[] {
  const backend = organization.state;
  const note = (text: string): Line[] => [{ subject: "state", verdict: "note", text }];
  if (backend.backend !== "s3" || state === null) {
    return note(
      backend.backend === "local"
        ? "The map keeps the states in files on this machine."
        : "HCP Terraform keeps the states, and was not looked at.",
    );
  }
  return judgeState(state, {
    bucket: backend.bucket,
    bucketArn: bucketArn(backend),
    stateKey: stateKey(backend, stacks[0]!.id).slice(`s3://${backend.bucket}/`.length),
  });
}
