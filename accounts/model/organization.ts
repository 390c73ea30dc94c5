import type { OtherAccess } from "../../aws/other-access";
import type { Partition } from "../../aws/regions";
import type { ParsedMap } from "../schema";
import type { OncePerAccount, Settings } from "./settings";
import type { Wave } from "./waves";

/** The id and the partition of an account, from which ARNs are computed, and its name. */
export interface AccountIdentity {
  /** Name in the map. */
  readonly name: string;
  /** 12 digits. */
  readonly id: string;
  readonly partition: Partition;
}

/** Accounts by id, for each list of accounts: each of a thousand targets asks for its account several times. */
const byId = new WeakMap<readonly object[], ReadonlyMap<string, object>>();

/**
 * The account of the map that an identity belongs to. The identity must come from the same organization, whose list of
 * accounts does not change.
 */
export function accountBehind<S>(
  { accounts }: Pick<Organization<S>, "accounts">,
  { id }: Pick<AccountIdentity, "id">,
): Account<S> {
  const known = byId.get(accounts) ?? new Map(accounts.map((account) => [account.id, account]));
  byId.set(accounts, known);
  return known.get(id) as Account<S>;
}

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

/** The archive account in one region to which targets write. */
export interface ArchiveSite<S = Settings> {
  /** The archive account. */
  readonly account: AccountIdentity;
  readonly region: string;
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
  /** The service control policies; null: the map has none. */
  readonly guardrails: Guardrails | null;
  /** One replica for each archive, and each target's own bucket, whose settings ask for one. */
  readonly replicas: readonly Replica<S>[];
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
  readonly protectExisting: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
