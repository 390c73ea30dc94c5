import { chatUsesOf } from "../accounts/model/chat";
import type {
  Account,
  ArchiveSite,
  Guardrails,
  Organization,
  Replica,
  Target,
} from "../accounts/model/organization";
import { stackIds, stackOfChat } from "./names";

/**
 * Which stacks an organization has, and which of them must be deployed before which: first where records go and are
 * copied to, then who may write there, then the preferences that make sessions depend on both.
 */

/** The kinds of stack, in the order of deployment; a replica comes after the stack of the bucket that it copies. */
export const STACK_KINDS = ["archive", "replica", "account", "session", "chat", "guardrails"] as const;

export type StackKind = (typeof STACK_KINDS)[number];

/** A stack of an organization as commands show it: what it is for, and what it waits for. */
export interface StackRef {
  readonly id: string;
  readonly kind: StackKind;
  /** Name of the account in the map; `(management)`, if the map does not describe the management account. */
  readonly account: string;
  readonly region: string;
  /** null: archives, their replicas, and what the archive account has once, belong to every wave; guardrails come after the last. */
  readonly wave: string | null;
  /** Ids of all stacks that must be deployed before, directly or not, in the order of deployment. */
  readonly dependsOn: readonly string[];
}

/** What the stack of each kind is made from. */
interface Subjects {
  readonly archive: ArchiveSite;
  readonly replica: Replica;
  readonly account: Account;
  readonly session: Target;
  readonly chat: Account;
  readonly guardrails: Guardrails;
}

export type SubjectOf<K extends StackKind> = Subjects[K];

/** A stack with what it is made from. */
export type DeclaredStack<K extends StackKind = StackKind> = {
  readonly [Kind in K]: Omit<StackRef, "kind" | "dependsOn"> & {
    readonly kind: Kind;
    readonly subject: SubjectOf<Kind>;
    /** Ids of the stacks that it waits for directly. */
    readonly after: readonly string[];
  };
}[K];

/** Every stack, in an order in which each comes after all that it waits for, wave by wave. */
export function declaredStacks(organization: Organization): DeclaredStack[] {
  const { archives, replicas, accounts, waves } = organization;
  const rank = (wave: string | null) => (wave === null ? -1 : waves.indexOf(wave));
  const recording = [
    ...archives.map(archiveStack),
    ...replicas.filter(({ source }) => source.kind === "archive").map(replicaStack),
    ...accounts.flatMap((account) => [
      accountStack(account),
      ...account.targets.flatMap((target) => [
        sessionStack(organization, account, target),
        ...replicas.filter((replica) => copies(replica, target)).map(replicaStack),
      ]),
    ]),
  ];
  const chats = accounts.flatMap((account) => chatStack(organization, account, recording, rank));
  const inWaves = [...recording, ...chats].sort((a, b) => rank(a.wave) - rank(b.wave));
  return [...inWaves, ...guardrailsStack(organization)];
}

/** Every stack as commands show it, in the order of {@link declaredStacks}. */
export function stacksOf(organization: Organization): StackRef[] {
  const stacks = declaredStacks(organization);
  const position = new Map(stacks.map(({ id }, index) => [id, index]));
  const behind = new Map<string, ReadonlySet<string>>();
  return stacks.map(({ id, kind, account, region, wave, after }) => {
    const all = new Set(after.flatMap((before) => [...behind.get(before)!, before]));
    behind.set(id, all);
    const dependsOn = [...all].sort((a, b) => position.get(a)! - position.get(b)!);
    return { id, kind, account, region, wave, dependsOn };
  });
}

const archiveStack = (site: ArchiveSite): DeclaredStack => ({
  id: stackIds.archive(site),
  kind: "archive",
  account: site.account.name,
  region: site.region,
  wave: null,
  subject: site,
  after: [],
});

/** The stack of a replica is selected with its source, wherever the copy lies. */
const replicaStack = (replica: Replica): DeclaredStack => ({
  id: stackIds.replica(replica.source),
  kind: "replica",
  account: replica.source.account.name,
  region: replica.source.region,
  wave: replica.source.wave,
  subject: replica,
  after: [
    replica.source.kind === "archive" ? stackIds.archive(replica.source) : stackIds.session(replica.source),
  ],
});

const accountStack = (account: Account): DeclaredStack => ({
  id: stackIds.account(account),
  kind: "account",
  account: account.name,
  region: account.homeRegion,
  wave: account.targets.length === 0 ? null : account.wave,
  subject: account,
  after: [],
});

/** Sessions need the archive of their region, and its replica, so that the first transcript is copied. */
function sessionStack({ archives, replicas }: Organization, account: Account, target: Target): DeclaredStack {
  const inRegion = ({ region }: { readonly region: string }) =>
    target.usesArchive && region === target.region;
  return {
    id: stackIds.session(target),
    kind: "session",
    account: account.name,
    region: target.region,
    wave: account.wave,
    subject: target,
    after: [
      stackIds.account(account),
      ...archives.filter(inRegion).map(stackIds.archive),
      ...replicas
        .filter(({ source }) => source.kind === "archive" && inRegion(source))
        .map(({ source }) => stackIds.replica(source)),
    ],
  };
}

const copies = ({ source }: Replica, target: Target) =>
  source.kind === "target" && source.account.id === target.account.id && source.region === target.region;

/** The chat channels of an account wait for the topics that they subscribe to, and belong to the latest of their waves. */
function chatStack(
  organization: Organization,
  account: Account,
  recording: readonly DeclaredStack[],
  rank: (wave: string | null) => number,
): DeclaredStack[] {
  const after = [...new Set(chatUsesOf(organization, account).map(stackOfChat))];
  if (after.length === 0) return [];
  const waves = recording.filter(({ id }) => after.includes(id)).map(({ wave }) => wave);
  const [latest = null] = waves.sort((a, b) => rank(b) - rank(a));
  return [
    {
      id: stackIds.chat(account),
      kind: "chat",
      account: account.name,
      region: account.homeRegion,
      wave: latest,
      subject: account,
      after,
    },
  ];
}

/** Service control policies wait for nothing: attaching one to another unit does not deploy every account. */
function guardrailsStack({ guardrails }: Organization): DeclaredStack[] {
  if (guardrails === null) return [];
  const { name: account, homeRegion: region } = guardrails.managementAccount;
  return [
    {
      id: stackIds.guardrails(),
      kind: "guardrails",
      account,
      region,
      wave: null,
      subject: guardrails,
      after: [],
    },
  ];
}
