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
 * This file is the one place that says which stacks an organization has, and which stack depends on which. The buckets
 * of records and their replicas come first, then the permissions to write there, then the preferences that make
 * sessions depend on both.
 */

/** The kinds of stack, in the order of deployment. A replica comes after the stack of the bucket that it copies. */
export const STACK_KINDS = ["archive", "replica", "account", "session", "chat", "guardrails"] as const;

/** One of these kinds. */
export type StackKind = (typeof STACK_KINDS)[number];

/** A stack of an organization as commands show it. */
export interface StackRef {
  /** Id of the stack, like `session-payments-us-east-1`. */
  readonly id: string;
  readonly kind: StackKind;
  /** Name of the account in the map; `(management)` for a management account that the map does not describe. */
  readonly account: string;
  /** Id of that account: 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /**
   * The wave of the rollout that deploys the stack. null: no wave. Archives, their replicas and the stack of an account
   * without targets belong to all waves, and the guardrails come after the last wave.
   */
  readonly wave: string | null;
  /** Ids of all stacks that must be deployed before, indirect dependencies included, in the order of deployment. */
  readonly dependsOn: readonly string[];
}

/** The part of an organization from which the stack of each kind is made. */
interface Subjects {
  readonly archive: ArchiveSite;
  readonly replica: Replica;
  readonly account: Account;
  readonly session: Target;
  readonly chat: Account;
  readonly guardrails: Guardrails;
}

/** The part of an organization from which a stack of a kind is made. */
export type SubjectOf<K extends StackKind> = Subjects[K];

/** A stack of an organization, with the part of the organization from which it is made. */
export type DeclaredStack<K extends StackKind = StackKind> = {
  readonly [Kind in K]: Omit<StackRef, "kind" | "dependsOn"> & {
    readonly kind: Kind;
    readonly subject: SubjectOf<Kind>;
    /** Ids of the stacks that it depends on directly. */
    readonly after: readonly string[];
  };
}[K];

/**
 * Every stack of an organization, wave by wave. Each stack comes after all stacks that it depends on.
 * @example declaredStacks(organization).map(({ id }) => id)
 */
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

/**
 * Every stack of an organization as commands show it, in the order of {@link declaredStacks}.
 * @example stacksOf(organization).filter(({ kind }) => kind === "session")
 */
export function stacksOf(organization: Organization): StackRef[] {
  const stacks = declaredStacks(organization);
  const position = new Map(stacks.map(({ id }, index) => [id, index]));
  const behind = new Map<string, ReadonlySet<string>>();
  return stacks.map(({ id, kind, account, accountId, region, wave, after }) => {
    const all = new Set(after.flatMap((before) => [...behind.get(before)!, before]));
    behind.set(id, all);
    const dependsOn = [...all].sort((a, b) => position.get(a)! - position.get(b)!);
    return { id, kind, account, accountId, region, wave, dependsOn };
  });
}

const archiveStack = (site: ArchiveSite): DeclaredStack => ({
  id: stackIds.archive(site),
  kind: "archive",
  account: site.account.name,
  accountId: site.account.id,
  region: site.region,
  wave: null,
  subject: site,
  after: [],
});

/** The stack of a replica has the account, region and wave of the source, so that a command selects both together. */
const replicaStack = (replica: Replica): DeclaredStack => ({
  id: stackIds.replica(replica.source),
  kind: "replica",
  account: replica.source.account.name,
  accountId: replica.source.account.id,
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
  accountId: account.id,
  region: account.homeRegion,
  wave: account.targets.length === 0 ? null : account.wave,
  subject: account,
  after: [],
});

/**
 * The stack of a target depends on the archive of its region, and on the archive's replica, because S3 does not copy
 * transcripts that are older than the replication rule.
 */
function sessionStack({ archives, replicas }: Organization, account: Account, target: Target): DeclaredStack {
  const inRegion = ({ region }: { readonly region: string }) =>
    target.usesArchive && region === target.region;
  return {
    id: stackIds.session(target),
    kind: "session",
    account: account.name,
    accountId: account.id,
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

/** Whether a replica copies the target's own bucket. */
const copies = ({ source }: Replica, target: Target) =>
  source.kind === "target" && source.account.id === target.account.id && source.region === target.region;

/**
 * The stack of an account's chat channels depends on the stacks that create its topics, and belongs to the latest wave
 * of these stacks.
 */
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
      accountId: account.id,
      region: account.homeRegion,
      wave: latest,
      subject: account,
      after,
    },
  ];
}

/**
 * The stack of the service control policies depends on no other stack. Attaching the policies to another unit does not
 * require a deployment of the accounts.
 */
function guardrailsStack({ guardrails }: Organization): DeclaredStack[] {
  if (guardrails === null) return [];
  const { name: account, id: accountId, homeRegion: region } = guardrails.managementAccount;
  return [
    {
      id: stackIds.guardrails(),
      kind: "guardrails",
      account,
      accountId,
      region,
      wave: null,
      subject: guardrails,
      after: [],
    },
  ];
}
