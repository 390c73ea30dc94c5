import { chatUsesOf } from "../accounts/chat";
import type { Account, Organization } from "../accounts/organization";
import { stackIds } from "../stacks/names";

/** The kinds of stack, in the order of deployment. */
export const STACK_KINDS = ["archive", "account", "session", "chat", "guardrails"] as const;
export type StackKind = (typeof STACK_KINDS)[number];

/** A stack of an organization, as one sees it from outside: what it is for, and what it waits for. */
export interface StackRef {
  readonly id: string;
  readonly kind: StackKind;
  /** Name of the account in the map; `(management)`, if the map does not describe the management account. */
  readonly account: string;
  readonly region: string;
  /** null: archives, and what the archive account has once, belong to every wave; guardrails come after the last. */
  readonly wave: string | null;
  /** Ids of stacks that must be deployed before, what these depend on included. */
  readonly dependsOn: readonly string[];
}

/** Every stack, in an order in which each comes after all that it depends on, wave by wave. */
export function stacksOf(organization: Organization): StackRef[] {
  const archives = organization.archives.map((site): StackRef => {
    const { account, region } = site;
    return {
      id: stackIds.archive(site),
      kind: "archive",
      account: account.name,
      region,
      wave: null,
      dependsOn: [],
    };
  });
  const archiveIn = new Map(archives.map(({ region, id }) => [region, id]));
  const workloads = organization.accounts.flatMap((account): StackRef[] => {
    const { name, homeRegion } = account;
    const id = stackIds.account(account);
    const wave = account.targets.length === 0 ? null : account.wave;
    const accountStack: StackRef = {
      id,
      kind: "account",
      account: name,
      region: homeRegion,
      wave,
      dependsOn: [],
    };
    const sessions = account.targets.map((target): StackRef => {
      const archive = target.usesArchive ? [archiveIn.get(target.region)!] : [];
      const dependsOn = [...archive, id];
      return {
        id: stackIds.session(target),
        kind: "session",
        account: name,
        region: target.region,
        wave,
        dependsOn,
      };
    });
    return [accountStack, ...sessions, ...chatOf(organization, account, [...archives, ...sessions], wave)];
  });
  const rank = ({ wave }: StackRef) => (wave === null ? -1 : organization.waves.indexOf(wave));
  const inWaves = [...archives, ...workloads].sort((a, b) => rank(a) - rank(b));
  return [...inWaves, ...guardrailsOf(organization)];
}

/** Service control policies come last, and wait for nothing: they may be taken to one more unit at any time. */
function guardrailsOf({ guardrails }: Organization): StackRef[] {
  if (guardrails === null) return [];
  const { name: account, homeRegion: region } = guardrails.managementAccount;
  return [{ id: stackIds.guardrails(), kind: "guardrails", account, region, wave: null, dependsOn: [] }];
}

/** The chat channels of an account come after all whose topics they are told of. */
function chatOf(
  organization: Organization,
  account: Account,
  topics: readonly StackRef[],
  wave: string | null,
): StackRef[] {
  const { name, homeRegion: region } = account;
  const uses = chatUsesOf(organization, account);
  const kinds = { target: "session", archive: "archive" } as const;
  const before = topics.filter((stack) =>
    uses.some(({ of, at }) => stack.kind === kinds[of] && stack.region === at.region),
  );
  const dependsOn = [...new Set(before.flatMap((stack) => [...stack.dependsOn, stack.id]))];
  const chat = { id: stackIds.chat(account), kind: "chat", account: name, region, wave, dependsOn } as const;
  return uses.length > 0 ? [chat] : [];
}

/** What to deploy: everything, or what some waves, accounts or kinds of stack need. */
export interface Selection {
  readonly waves?: readonly string[];
  readonly accounts?: readonly string[];
  readonly kinds?: readonly StackKind[];
}

/** The stacks of a selection together with all that they depend on, in the order of deployment. */
export function select(
  stacks: readonly StackRef[],
  { waves, accounts, kinds = STACK_KINDS }: Selection,
): StackRef[] {
  // A stack without a wave is the archive account's: who reads and who is told belongs to every wave, guardrails to none.
  const inWaves = ({ wave, kind }: StackRef) =>
    waves === undefined || (wave === null ? kind === "account" || kind === "chat" : waves.includes(wave));
  const inAccounts = ({ account }: StackRef) => accounts === undefined || accounts.includes(account);
  const asked = stacks.filter((stack) => inWaves(stack) && inAccounts(stack) && kinds.includes(stack.kind));
  const needed = new Set(asked.flatMap(({ id, dependsOn }) => [id, ...dependsOn]));
  return stacks.filter(({ id }) => needed.has(id));
}
