import { centralActivityOf, centralSiteOf } from "../accounts/model/central";
import { chatUsesOf } from "../accounts/model/chat";
import type {
  Account,
  ArchiveSite,
  CentralSite,
  Guardrails,
  Organization,
  Pipeline,
  Replica,
  Target,
} from "../accounts/model/organization";
import { accountListenerOf } from "./events/account-listener";
import { stackIds, stackOfChat } from "./names";
import { wavesOfStacks } from "./stack-waves";

/**
 * This file is the one place that says which stacks an organization has, and which stack depends on which. The buckets
 * of records and their replicas come first, then the permissions to write there, then the preferences that make
 * sessions depend on both.
 */

/** The kinds of stack, in the order of deployment. A replica comes after the stack of the bucket that it copies. */
export const STACK_KINDS = [
  "central",
  "archive",
  "replica",
  "account",
  "session",
  "chat",
  "guardrails",
  "pipeline",
] as const;

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
   * The wave of the rollout that deploys the stack. null: no wave. The central topics, archives, their replicas and the stack of an account
   * without targets belong to all waves, and the guardrails come after the last wave.
   */
  readonly wave: string | null;
  /**
   * Names of the waves that the stack goes with when a command selects waves, in order: its own wave, or those that
   * need a stack without a wave. Empty for the guardrails.
   */
  readonly waves: readonly string[];
  /** Ids of all stacks that must be deployed before, indirect dependencies included, in the order of deployment. */
  readonly dependsOn: readonly string[];
}

/** The part of an organization from which the stack of each kind is made. */
interface Subjects {
  readonly central: CentralSite;
  readonly archive: ArchiveSite;
  readonly replica: Replica;
  readonly account: Account;
  readonly session: Target;
  readonly chat: Account;
  readonly guardrails: Guardrails;
  readonly pipeline: Pipeline;
}

/** The part of an organization from which a stack of a kind is made. */
export type SubjectOf<K extends StackKind> = Subjects[K];

/** A stack of an organization, with the part of the organization from which it is made. */
export type DeclaredStack<K extends StackKind = StackKind> = {
  readonly [Kind in K]: Omit<StackRef, "kind" | "waves" | "dependsOn"> & {
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
  const { archives, central, replicas, accounts, waves } = organization;
  const rank = (wave: string | null) => (wave === null ? -1 : waves.indexOf(wave));
  const recording = [
    ...(central === null ? [] : [centralTopicsStack(central)]),
    ...archives.map((site) => archiveStack(organization, site)),
    ...replicas.filter(({ source }) => source.kind === "archive").map(replicaStackIn(organization)),
    ...accounts.flatMap((account) => [
      accountStack(organization, account),
      ...account.targets.flatMap((target) => [
        sessionStack(organization, account, target),
        ...replicas.filter((replica) => copies(replica, target)).map(replicaStackIn(organization)),
      ]),
    ]),
  ];
  const chats = accounts.flatMap((account) => chatStack(organization, account, recording, rank));
  const inWaves = [...recording, ...chats].sort((a, b) => rank(a.wave) - rank(b.wave));
  return [...inWaves, ...guardrailsStack(organization), ...pipelineStack(organization)];
}

/**
 * Every stack of an organization as commands show it, in the order of {@link declaredStacks}.
 * @example stacksOf(organization).filter(({ kind }) => kind === "session")
 */
export function stacksOf(organization: Organization): StackRef[] {
  const stacks = declaredStacks(organization);
  const position = new Map(stacks.map(({ id }, index) => [id, index]));
  const behind = new Map<string, ReadonlySet<string>>();
  const placed = stacks.map((stack) => {
    const all = new Set(stack.after.flatMap((before) => [...behind.get(before)!, before]));
    behind.set(stack.id, all);
    return { ...stack, dependsOn: [...all].sort((a, b) => position.get(a)! - position.get(b)!) };
  });
  const wavesOf = wavesOfStacks(organization, placed);
  return placed.map(({ id, kind, account, accountId, region, wave, dependsOn }) => {
    const waves = wavesOf.get(id)!;
    return { id, kind, account, accountId, region, wave, waves, dependsOn };
  });
}

/** The stack of `notifications.central` depends on no other stack: everything else sends there. */
const centralTopicsStack = (central: CentralSite): DeclaredStack => ({
  id: stackIds.central(central),
  kind: "central",
  account: central.account.name,
  accountId: central.account.id,
  region: central.region,
  wave: null,
  subject: central,
  after: [],
});

/** The stack of an archive has the central channel beside it, unless the map names the place of central topics. */
const archiveStack = (organization: Organization, site: ArchiveSite): DeclaredStack => ({
  id: stackIds.archive(site),
  kind: "archive",
  account: site.account.name,
  accountId: site.account.id,
  region: site.region,
  wave: null,
  subject: site,
  after: organization.central === null ? [] : centralStack(organization, site),
});

/**
 * The stack of a replica has the account, region and wave of the source, so that a command selects both together. It
 * depends on the stack of the source, and on the archive with the central channel of its own region.
 */
const replicaStackIn =
  (organization: Organization) =>
  (replica: Replica): DeclaredStack => ({
    id: stackIds.replica(replica.source),
    kind: "replica",
    account: replica.source.account.name,
    accountId: replica.source.account.id,
    region: replica.source.region,
    wave: replica.source.wave,
    subject: replica,
    after: withoutRepetition([
      replica.source.kind === "archive" ? stackIds.archive(replica.source) : stackIds.session(replica.source),
      ...centralStack(organization, replica),
    ]),
  });

const withoutRepetition = (ids: readonly string[]): string[] => [...new Set(ids)];

/** Id of the stack with the central channel to which a channel forwards; none if it forwards nothing. */
function centralStack(
  organization: Organization,
  from: Pick<Target | Replica, "region" | "settings">,
): string[] {
  const site = centralSiteOf(organization, from);
  if (site === null) return [];
  return [organization.central === null ? stackIds.archive(site) : stackIds.central(site)];
}

/** Id of the stack with the central channel to which a target forwards its sessions; none if it forwards none. */
function centralActivityStack(organization: Organization, target: Target): string[] {
  const site = centralActivityOf(organization, target);
  return site === null ? [] : [stackIds.central(site)];
}

/** The stack of an account depends on the archive with the central channel to which it forwards events, if it does. */
function accountStack(organization: Organization, account: Account): DeclaredStack {
  const listener = accountListenerOf(organization, account);
  return {
    id: stackIds.account(account),
    kind: "account",
    account: account.name,
    accountId: account.id,
    region: account.homeRegion,
    wave: account.targets.length === 0 ? null : account.wave,
    subject: account,
    after: listener === null || listener.forwardedFrom === null ? [] : centralStack(organization, listener),
  };
}

/**
 * The stack of a target depends on the archive of its region, on the archive with its central channel, and on the
 * archive's replica, because S3 does not copy transcripts that are older than the replication rule.
 */
function sessionStack(organization: Organization, account: Account, target: Target): DeclaredStack {
  const { archives, replicas } = organization;
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
    after: withoutRepetition([
      stackIds.account(account),
      ...archives.filter(inRegion).map(stackIds.archive),
      ...centralStack(organization, target),
      ...centralActivityStack(organization, target),
      ...replicas
        .filter(({ source }) => source.kind === "archive" && inRegion(source))
        .map(({ source }) => stackIds.replica(source)),
    ]),
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

/** The stack of the pipeline depends on no other stack, and no stack depends on it. */
function pipelineStack({ pipeline }: Organization): DeclaredStack[] {
  if (pipeline === null) return [];
  const { account, region } = pipeline;
  return [
    {
      id: stackIds.pipeline(),
      kind: "pipeline",
      account: account.name,
      accountId: account.id,
      region,
      wave: null,
      subject: pipeline,
      after: [],
    },
  ];
}
