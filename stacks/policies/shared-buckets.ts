import type { AccountIdentity, Organization, Replica, Target } from "../../accounts/model/organization";
import { oncePer } from "../../accounts/model/once-per";
import { arnParts } from "../../aws/arn";
import { names, placeOf, type Place } from "../names";
import { movesToArchives } from "./cold-storage";
import { keyOfBucket, type TranscriptDestination } from "./destinations";
import { unique } from "./policy";
import { replicationOf } from "./replication-policy";

/**
 * Stands for any region in the name of a bucket. Names of regions end with a hyphen and one digit, so the name of a bucket
 * for access logs, of a trail or of recordings, which goes on after the region, does not match.
 */
export const ANY_REGION = "*-?";

/** Stands for the id of any account in the name of a bucket: an id has 12 digits. */
const ANY_ACCOUNT = "?".repeat(12);

/** Buckets of one kind that name roles of another account as readers, in a form that does not grow with their number. */
interface Shared {
  /** Ids of the accounts after which the buckets are named. */
  readonly namedAfter: readonly string[];
  /** Ids of the accounts that own the buckets. */
  readonly owners: readonly string[];
  /** ARNs of the keys of other accounts that encrypt them. */
  readonly keyArns: readonly string[];
  /** Whether transcripts in them may be where they must be restored before they are read. */
  readonly archived: boolean;
}

/** One such bucket. */
interface SharedBucket {
  readonly namedAfter: string;
  readonly owner: string;
  /** ARN of a key of another account than the owner's; null: the key is the owner's, or there is none. */
  readonly keyArn: string | null;
  readonly archived: boolean;
}

const foreignKey = (owner: Place, key: TranscriptDestination["key"]): string | null =>
  everyKey(owner, key).flatMap((one) => ("arn" in one ? [one.arn] : []))[0] ?? null;

/**
 * Every key with which what is in a created bucket may be encrypted: any key of the account that owns the bucket, and an
 * existing key of another account. Terraform forgets the key of a bucket when the map names another one, and what the old
 * key has encrypted is decrypted with the old key, whatever the bucket has now. AWS makes up the ids of keys, so the
 * statements match every key of the account, and the encryption context limits them to the buckets.
 * @example everyKey(place, keyOfBucket(settings.encryption, place))
 */
export const everyKey = (
  owner: Place,
  key: TranscriptDestination["key"],
): NonNullable<TranscriptDestination["key"]>[] => [
  { owner },
  ...(key !== null && "arn" in key && arnParts(key.arn).accountId !== owner.account.id ? [key] : []),
];

const together = (buckets: readonly SharedBucket[]): Shared => ({
  namedAfter: unique(buckets.map(({ namedAfter }) => namedAfter)),
  owners: unique(buckets.map(({ owner }) => owner)),
  keyArns: unique(buckets.flatMap(({ keyArn }) => keyArn ?? [])),
  archived: buckets.some(({ archived }) => archived),
});

/** Ids of the accounts whose roles read every transcript of a target's own bucket. */
const readingAccounts = ({ settings: { transcripts } }: Pick<Target, "settings">): readonly string[] =>
  unique(
    [...transcripts.readers, ...transcripts.organizationReaders].map((role) => arnParts(role).accountId),
  );

/**
 * The targets' own buckets that name roles of other accounts as readers, and the copies of such buckets, by the account of
 * the roles. Access between accounts takes the policies of both sides, so the reviewer policy of that account names them.
 * Archives are left out: there is one in each region, and the policies name each.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
const sharedBuckets = oncePer((organization: Organization) => {
  const transcripts = new Map<string, SharedBucket[]>();
  const copies = new Map<string, SharedBucket[]>();
  const note = (found: Map<string, SharedBucket[]>, account: string, bucket: SharedBucket) => {
    const others = found.get(account) ?? [];
    others.push(bucket);
    found.set(account, others);
  };
  for (const target of organization.targets.filter(hasOwnBucket)) {
    const { account, settings } = target;
    const place = placeOf(organization, target);
    const bucket: SharedBucket = {
      namedAfter: account.id,
      owner: account.id,
      keyArn: foreignKey(place, keyOfBucket(settings.encryption, place)),
      archived: movesToArchives(settings.transcripts.lifecycle),
    };
    for (const reader of readingAccounts(target))
      if (reader !== account.id) note(transcripts, reader, bucket);
  }
  for (const replica of organization.replicas.filter(({ source }) => source.kind === "target")) {
    const { account, settings } = replica.source;
    const { place, key } = replicationOf(organization, replica).replica;
    const bucket: SharedBucket = {
      namedAfter: account.id,
      owner: replica.account.id,
      keyArn: foreignKey(place, key),
      archived: movesToArchives(settings.transcripts.lifecycle),
    };
    for (const reader of readingAccounts(replica.source))
      if (!ownsEnd(replica, reader)) note(copies, reader, bucket);
  }
  const readers = unique([...transcripts.keys(), ...copies.keys()]);
  return new Map(
    readers.map((reader) => [
      reader,
      {
        transcripts: together(transcripts.get(reader) ?? []),
        copies: together(copies.get(reader) ?? []),
      },
    ]),
  );
}, "shared buckets");

/** Whether a target has a bucket of transcripts that is created and not an archive's. */
export const hasOwnBucket = ({ usesArchive, settings }: Target): boolean =>
  !usesArchive && settings.transcripts.bucket.kind === "created";

/** Whether an account owns a replica, or the bucket that is replicated. */
export const ownsEnd = ({ account, source }: Replica, id: string): boolean =>
  account.id === id || source.account.id === id;

/** A name for buckets of other accounts, as a reviewer policy has it. */
export interface SharedName {
  readonly kind: "created" | "replica";
  readonly place: Place;
  readonly bucket: string;
  /** Ids of the accounts that own the buckets. */
  readonly owners: readonly string[];
  readonly keys: readonly NonNullable<TranscriptDestination["key"]>[];
  readonly archived: boolean;
}

/**
 * The buckets of other accounts that name roles of an account as readers: one name for all buckets of transcripts, and one
 * for all copies, so that the policy does not grow with the number of accounts. Such a name stands for buckets of the same
 * form that do not name the roles as well: their own policies refuse them (`RefuseUnnamedReaders`).
 * @example sharedWith(organization, account).map(({ bucket }) => bucket) // ["session-audit-acme-????????????-*-?"]
 */
export function sharedWith(organization: Organization, account: AccountIdentity): SharedName[] {
  const shared = sharedBuckets(organization).get(account.id);
  if (shared === undefined) return [];
  const { partition } = account;
  const nameOf = (
    kind: SharedName["kind"],
    buckets: Shared,
    name: (place: Place) => string,
  ): SharedName[] => {
    const { namedAfter, owners, keyArns, archived } = buckets;
    const [owner, ...others] = owners;
    if (owner === undefined) return [];
    const at = (id: string): Place => ({
      organization: organization.name,
      account: { id, partition },
      region: ANY_REGION,
    });
    const place = at(others.length === 0 ? owner : "*");
    const keys = [{ owner: place }, ...keyArns.map((arn) => ({ arn }))];
    const bucket = name(at(namedAfter.length === 1 ? namedAfter[0]! : ANY_ACCOUNT));
    return [{ kind, place, bucket, owners, keys, archived }];
  };
  return [
    ...nameOf("created", shared.transcripts, names.transcriptBucket),
    ...nameOf("replica", shared.copies, names.replicaBucket),
  ];
}
