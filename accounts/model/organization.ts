import type { Partition } from "../../aws/regions";
import type { ParsedMap } from "../schema";
import type { OncePerAccount, Settings } from "./settings";

/** An account id and what its ARNs need. */
export interface AccountIdentity {
  /** Name in the map. */
  readonly name: string;
  /** 12 digits. */
  readonly id: string;
  readonly partition: Partition;
}

/** The account of the map behind an identity in it. */
export const accountBehind = <S>(
  { accounts }: Pick<Organization<S>, "accounts">,
  { id }: Pick<AccountIdentity, "id">,
): Account<S> => accounts.find((account) => account.id === id)!;

/**
 * One account in one region.
 * @typeParam S the form of its settings: resolved for the stacks, or merged, in the words of the map, for the rules
 */
export interface Target<S = Settings> {
  readonly account: AccountIdentity;
  readonly region: string;
  readonly wave: string;
  readonly settings: S;
  /** Whether transcripts go to the archive account's bucket in this region. */
  readonly usesArchive: boolean;
}

/** One account, with its targets in the order of the map. */
export interface Account<S = Settings> extends AccountIdentity {
  readonly homeRegion: string;
  readonly wave: string;
  readonly settings: S & OncePerAccount;
  readonly targets: readonly Target<S>[];
}

/** The archive account in one region that targets write to. */
export interface ArchiveSite<S = Settings> {
  readonly account: AccountIdentity;
  readonly region: string;
  readonly settings: S;
}

/** A bucket that is replicated, and where to: one replica for each bucket of transcripts that asks for it. */
export interface Replica<S = Settings> {
  readonly source: ReplicaSource<S>;
  /** Owner of the replica. */
  readonly account: AccountIdentity;
  readonly region: string;
  /** Of the owner: its key, its security channel and its tags. What is kept follows the source. */
  readonly settings: S;
}

/** The bucket that is replicated: an archive's, or a target's own. */
export interface ReplicaSource<S = Settings> {
  readonly kind: "archive" | "target";
  readonly account: AccountIdentity;
  readonly region: string;
  /** null: an archive belongs to every wave. */
  readonly wave: string | null;
  readonly settings: S;
}

/** A map, fully defaulted and frozen: everything that the stacks are made from. */
export interface Organization<S = Settings> {
  readonly name: string;
  /** AWS Organizations id; null: the archive trusts the accounts of the map one by one. */
  readonly id: string | null;
  readonly state: ParsedMap["state"];
  readonly deployment: ParsedMap["deployment"];
  /** Names of the rollout's steps, in order. */
  readonly waves: readonly string[];
  readonly accounts: readonly Account<S>[];
  readonly targets: readonly Target<S>[];
  /** One for each region in which a target uses the archive; empty without an archive. */
  readonly archives: readonly ArchiveSite<S>[];
  /** Service control policies; null: the map wants none. */
  readonly guardrails: Guardrails | null;
  /** One for each archive, and each bucket of a target, whose settings ask for a replica. */
  readonly replicas: readonly Replica<S>[];
}

/** What the service control policies of an organization are made from. */
export interface Guardrails {
  readonly managementAccount: AccountIdentity & {
    readonly homeRegion: string;
    /** Role to take there; null: `deployment.role`. */
    readonly role: string | null;
  };
  /** Ids of organizational units, of the root, or of accounts. */
  readonly organizationalUnits: readonly string[];
  /** ARNs that `*` may stand in. */
  readonly breakGlassRoles: readonly string[];
  /** ARNs that `*` may stand in: those of the map, else what follows from `deployment`. */
  readonly deploymentRoles: readonly string[];
  readonly refuseUnrecordedSessions: boolean;
  /** Names of Session documents. */
  readonly allowedDocuments: readonly string[];
  readonly protectExisting: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
