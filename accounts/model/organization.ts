import type { OtherAccess } from "../../aws/other-access";
import type { Partition } from "../../aws/regions";
import type { ParsedMap } from "../schema";
import { oncePer } from "./once-per";
import type { OncePerAccount, Settings } from "./settings";
import type { Warning } from "./warnings";
import type { Wave } from "./waves";

/** The id and the partition of an account, from which ARNs are computed, and its name. */
export interface AccountIdentity {
  /** Name in the map. */
  readonly name: string;
  /** Name that the account was deployed with, if the map has renamed it since. Ids and state keys of stacks keep it. */
  readonly formerName?: string;
  /** 12 digits. */
  readonly id: string;
  readonly partition: Partition;
}

/** Accounts by id: each of a thousand targets asks for its account several times. */
const byId = oncePer(
  (accounts: readonly AccountIdentity[]) => new Map(accounts.map((account) => [account.id, account])),
);

/** How the account with an id is found in organizations that know it without their lists of accounts. */
const finders = new WeakMap<object, (id: string) => AccountIdentity | undefined>();

/**
 * Lets {@link accountBehind} find the accounts of an organization by a function. An organization that notes what is read
 * of it thereby tells a look at one account from a look at all of them.
 */
export const findAccountsBy = (organization: object, find: (id: string) => Account | undefined): void =>
  void finders.set(organization, find);

/**
 * The account of the map that an identity belongs to. The identity must come from the same organization, whose list of
 * accounts does not change.
 */
export const accountBehind = <S>(
  organization: Pick<Organization<S>, "accounts">,
  { id }: Pick<AccountIdentity, "id">,
): Account<S> => {
  const find = finders.get(organization) ?? ((key) => byId(organization.accounts).get(key));
  return find(id) as Account<S>;
};

/**
 * One account in one region.
 * @typeParam S form of the settings: resolved for the stacks, or merged in the form of the map for the rules
 */
export interface Target<S = Settings> {
  readonly account: AccountIdentity;
  readonly region: string;
  readonly wave: string;
  readonly settings: S;
  /** Whether transcripts go to the archive account's bucket in this region. */
  readonly usesArchive: boolean;
}

/** One account of the map, with its targets in the order of the map. */
export interface Account<S = Settings> extends AccountIdentity {
  /** The region of resources that the account has once, such as IAM policies and the trail. */
  readonly homeRegion: string;
  readonly wave: string;
  readonly settings: S & OncePerAccount;
  readonly targets: readonly Target<S>[];
}

/**
 * The path in a map of an account's settings for a region: `regions` if the account has a target there, `otherRegions` if
 * it has an archive or replicas alone.
 * @example regionLevelOf(account, "eu-west-1") // ["accounts", "log-archive", "otherRegions", "eu-west-1"]
 */
export const regionLevelOf = <S>({ name, targets }: Pick<Account<S>, "name" | "targets">, region: string) => [
  "accounts",
  name,
  targets.some((target) => target.region === region) ? "regions" : "otherRegions",
  region,
];

/** The archive account in one region to which targets write. */
export interface ArchiveSite<S = Settings> {
  /** The archive account. */
  readonly account: AccountIdentity;
  readonly region: string;
  readonly settings: S;
}

/** The account and region of the central topics that a map names, and how these are set. */
export interface CentralSite<S = Settings> {
  readonly account: AccountIdentity;
  readonly region: string;
  /** The notifications of the organization's level, and for everything else the settings of the account. */
  readonly settings: S;
}

/** The replica of one bucket of transcripts whose settings ask for one. */
export interface Replica<S = Settings> {
  /** The bucket that is replicated. */
  readonly source: ReplicaSource<S>;
  /** Owner of the replica. */
  readonly account: AccountIdentity;
  readonly region: string;
  /**
   * Settings of the owner in this region, for the key, the security channel and the tags. Object Lock, lifecycle and
   * readers follow the source.
   */
  readonly settings: S;
}

/** A bucket that is replicated: the bucket of an archive, or a target's own bucket. */
export interface ReplicaSource<S = Settings> {
  readonly kind: "archive" | "target";
  readonly account: AccountIdentity;
  readonly region: string;
  /** null: an archive belongs to every wave. */
  readonly wave: string | null;
  readonly settings: S;
}

/**
 * How Terraform reaches each account. `profiles`: by profiles of an AWS configuration file that the commands over many
 * stacks write, so that a saved plan names no role.
 */
export type Deployment = ParsedMap["deployment"] | { readonly mode: "profiles" };

/** Everything from which the stacks are made: a map with all defaults filled in, and frozen. */
export interface Organization<S = Settings> {
  readonly name: string;
  /** Id in AWS Organizations, like `o-a1b2c3d4e5`; null: the archive's policies list the accounts of the map. */
  readonly id: string | null;
  /** Where Terraform keeps the states. */
  readonly state: ParsedMap["state"];
  /** How Terraform gets credentials for each account. */
  readonly deployment: Deployment;
  /** Names of the rollout's steps, in order. */
  readonly waves: readonly string[];
  /** The same steps with their settings. */
  readonly rollout: readonly Wave[];
  readonly accounts: readonly Account<S>[];
  readonly targets: readonly Target<S>[];
  /** One archive for each region in which a target uses the archive account; empty if the map has no archive. */
  readonly archives: readonly ArchiveSite<S>[];
  /** The place of `notifications.central`; null: the map names none, and there may be central channels beside archives. */
  readonly central: CentralSite<S> | null;
  /** The service control policies; null: the map has none. */
  readonly guardrails: Guardrails | null;
  /** The state machine that distributes work; null: the map has none. */
  readonly pipeline: Pipeline | null;
  /** One replica for each archive, and each target's own bucket, whose settings ask for one. */
  readonly replicas: readonly Replica<S>[];
  /** The parts of the map that are probably not what its author means, accepted or not. */
  readonly warnings: readonly Warning[];
  /** The warnings that the map accepts. */
  readonly accept: NonNullable<ParsedMap["accept"]>;
}

/** The state machine that distributes plan, deploy and drift to workers, with its queue and its bucket. */
export interface Pipeline {
  readonly account: AccountIdentity & {
    /** Name of the role that Terraform assumes in the account; null: `deployment.role`. */
    readonly role: string | null;
  };
  readonly region: string;
  /** Days after which plan folders, items and results expire. */
  readonly planDays: number;
  /** Minutes after which an item fails from which no worker has been heard. */
  readonly heartbeatMinutes: number;
  /** The CodeBuild project that runs workers; null: there is none. */
  readonly workers: NonNullable<ParsedMap["pipeline"]>["workers"];
  readonly tags: Readonly<Record<string, string>>;
}

/** The settings from which the service control policies of an organization are made. */
export interface Guardrails {
  readonly managementAccount: AccountIdentity & {
    readonly homeRegion: string;
    /** Name or ARN of the role that Terraform assumes in the management account; null: `deployment.role`. */
    readonly role: string | null;
  };
  /** Ids of the organizational units, of the root, or of the accounts to which the policies are attached. */
  readonly organizationalUnits: readonly string[];
  /** ARNs of the roles that the policies do not bind, for emergencies. They may contain `*`. */
  readonly breakGlassRoles: readonly string[];
  /** ARNs of the roles that deploy the stacks, from the map or computed from `deployment`. They may contain `*`. */
  readonly deploymentRoles: readonly string[];
  readonly refuseUnrecordedSessions: boolean;
  /** Names of the Session documents that sessions may use in addition to the preferences. */
  readonly allowedDocuments: readonly string[];
  /** Ways into hosts that are refused, because they leave no transcript. */
  readonly refuseOtherAccess: readonly OtherAccess[];
  /** ARNs of the roles that may use these ways. They may contain `*`. */
  readonly otherAccessRoles: readonly string[];
  /** Whether the roles of instances stay as they are, in addition to their permissions boundaries. */
  readonly keepInstanceRoles: boolean;
  readonly protectExisting: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
