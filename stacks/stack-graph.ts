import type { Organization, Account, Replica } from "../accounts/model/organization";
import { stackIds, stackOfChat } from "./names";
import { chatUsesOf } from "../accounts/model/chat";

/** The kinds of stack, in the order of deployment; a replica comes after the stack of the bucket that it copies. */
export const STACK_KINDS = ["archive", "replica", "account", "session", "chat", "guardrails"] as const;

export type StackKind = (typeof STACK_KINDS)[number];

/** A stack of an organization, as one sees it from outside: what it is for, and what it waits for. */
export interface StackRef {
  readonly id: string;
  readonly kind: StackKind;
  /** Name of the account in the map; `(management)`, if the map does not describe the management account. */
  readonly account: string;
  readonly region: string;
  /** null: archives, their replicas, and what the archive account has once, belong to every wave; guardrails come after the last. */
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
  const copies = organization.replicas
    .filter(({ source }) => source.kind === "archive")
    .map((replica) => replicaRef(replica, [archiveIn.get(replica.source.region)!]));
  // What the sessions of a region need: the archive, and its replica, so that the first one is copied.
  const neededIn = (place: string) => [
    archiveIn.get(place)!,
    ...organization.replicas
      .filter(({ source }) => source.kind === "archive" && source.region === place)
      .map(({ source }) => stackIds.replica(source)),
  ];
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
    const sessions = account.targets.flatMap((target): StackRef[] => {
      const dependsOn = [...(target.usesArchive ? neededIn(target.region) : []), id];
      const session: StackRef = {
        id: stackIds.session(target),
        kind: "session",
        account: name,
        region: target.region,
        wave,
        dependsOn,
      };
      const own = organization.replicas.filter(
        ({ source }) =>
          source.kind === "target" && source.account.id === account.id && source.region === target.region,
      );
      return [session, ...own.map((replica) => replicaRef(replica, [...dependsOn, session.id]))];
    });
    return [accountStack, ...sessions];
  });
  const rank = (wave: string | null) => (wave === null ? -1 : organization.waves.indexOf(wave));
  const made = [...archives, ...copies, ...workloads];
  const chats = organization.accounts.flatMap((account) => chatOf(organization, account, made, rank));
  const inWaves = [...made, ...chats].sort((a, b) => rank(a.wave) - rank(b.wave));
  return [...inWaves, ...guardrailsOf(organization)];
}

/** Service control policies come last, and wait for nothing: they may be taken to one more unit at any time. */
function guardrailsOf({ guardrails }: Organization): StackRef[] {
  if (guardrails === null) return [];
  const { name: account, homeRegion: region } = guardrails.managementAccount;
  return [{ id: stackIds.guardrails(), kind: "guardrails", account, region, wave: null, dependsOn: [] }];
}

/** The chat channels of an account come after all whose topics they are told of, in the latest of their waves. */
function chatOf(
  organization: Organization,
  account: Account,
  made: readonly StackRef[],
  rank: (wave: string | null) => number,
): StackRef[] {
  const uses = chatUsesOf(organization, account);
  if (uses.length === 0) return [];
  const ids = uses.map(stackOfChat);
  const before = made.filter(({ id }) => ids.includes(id));
  const dependsOn = [...new Set(before.flatMap((stack) => [...stack.dependsOn, stack.id]))];
  const waves = before.map(({ wave }) => wave).sort((a, b) => rank(b) - rank(a));
  const { name, homeRegion: region } = account;
  return [
    { id: stackIds.chat(account), kind: "chat", account: name, region, wave: waves[0] ?? null, dependsOn },
  ];
}

/** The stack of a replica is selected with its source, wherever the copy lies. */
const replicaRef = ({ source }: Replica, dependsOn: readonly string[]): StackRef => ({
  id: stackIds.replica(source),
  kind: "replica",
  account: source.account.name,
  region: source.region,
  wave: source.wave,
  dependsOn,
});
