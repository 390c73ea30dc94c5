import type { AccountIdentity, ArchiveSite, Organization, Replica } from "../../accounts/model/organization";
import { arnParts } from "../../aws/arn";
import { names, placeOf, type Place } from "../names";
import { movesToArchives } from "./cold-storage";
import { keyOfBucket, type Destinations, type TranscriptDestination } from "./destinations";
import type { OwnedBucket } from "./owned-buckets";
import { replicationOf } from "./replication-policy";
import { ANY_REGION, everyKey, ownsEnd, sharedWith } from "./shared-buckets";

/** A bucket of transcripts that reviewers read, all of it or below a prefix. */
export interface ReviewedBucket extends OwnedBucket {
  /** `own`: every bucket of transcripts that is created in the account of the reviewers, and no replica. */
  readonly kind: "own" | "created" | "existing" | "replica";
  readonly place: Place;
  /** Name of the bucket. With `*` or `?` it stands for several buckets. */
  readonly bucket: string;
  /** Key prefix without slash at its end; null: the whole bucket. */
  readonly prefix: string | null;
  /** The keys with which what is in the bucket may be encrypted; none: SSE-S3. */
  readonly keys: readonly NonNullable<TranscriptDestination["key"]>[];
  /**
   * Ids of the owners, if the name stands for buckets of other accounts that name roles of this account.
   * @default undefined it is one bucket, or the buckets of `owner`
   */
  readonly owners?: readonly string[];
  /** Whether transcripts in it may be where they must be restored before they are read. */
  readonly archived: boolean;
}

const archivedBy = ({ settings }: Pick<ArchiveSite, "settings">) =>
  movesToArchives(settings.transcripts.lifecycle);

/** A replica. Its bucket policy decides which transcripts in it a reviewer reads. */
const reviewedReplica = (organization: Pick<Organization, "name">, replica: Replica): ReviewedBucket => {
  const { place, bucket, key } = replicationOf(organization, replica).replica;
  return {
    kind: "replica",
    place,
    bucket,
    owner: place.account.id,
    prefix: null,
    keys: everyKey(place, key),
    archived: archivedBy(replica.source),
  };
};

/**
 * The part of an archive's replica that belongs to one account of the archive. The name has `*` for the region, so that
 * the policy of an account with many regions stays below 6,144 characters.
 */
const ownPartOfReplica = (
  organization: Pick<Organization, "name">,
  account: AccountIdentity,
  replica: Replica,
): ReviewedBucket => {
  const { source, prefix } = replicationOf(organization, replica);
  const bucket = names.replicaBucket({ ...source.place, region: "*" });
  return { ...reviewedReplica(organization, replica), bucket, prefix: `${prefix}${account.id}` };
};

/** The bucket in which a target's sessions are recorded, below the target's prefix. */
function ownPart({ place, transcripts }: Destinations): ReviewedBucket[] {
  if (transcripts === null) return [];
  const { key, created, ...bucket } = transcripts;
  if (!created) return [{ kind: "existing", place, ...bucket, keys: key === null ? [] : [key] }];
  const owner = { ...place, account: { ...place.account, id: bucket.owner ?? place.account.id } };
  return [{ kind: "created", place, ...bucket, keys: everyKey(owner, key) }];
}

/**
 * The buckets that hold transcripts of an account now, and the archives and replicas that it owns or reads as a whole. A
 * report looks for transcripts in them.
 */
export function recordedIn(
  organization: Organization,
  account: AccountIdentity,
  destinations: readonly Destinations[],
): ReviewedBucket[] {
  const readsAll = ({ account: owner, settings }: Pick<ArchiveSite, "account" | "settings">) =>
    owner.id === account.id ||
    settings.transcripts.organizationReaders.some((role) => arnParts(role).accountId === account.id);
  const archives = organization.archives.filter(readsAll);
  const whole = archives.map((site): ReviewedBucket => {
    const place = placeOf(organization, site);
    return {
      kind: "created",
      place,
      bucket: names.transcriptBucket(place),
      owner: site.account.id,
      prefix: null,
      keys: everyKey(place, keyOfBucket(site.settings.encryption, place)),
      archived: archivedBy(site),
    };
  });
  const own = destinations
    .flatMap(ownPart)
    .filter(({ bucket }) => !whole.some((archive) => archive.bucket === bucket));
  const copies = organization.replicas.flatMap((replica): ReviewedBucket[] => {
    if (ownsEnd(replica, account.id) || (replica.source.kind === "archive" && readsAll(replica.source)))
      return [reviewedReplica(organization, replica)];
    const { source } = replicationOf(organization, replica);
    return own.some(({ bucket }) => bucket === source.bucket)
      ? [ownPartOfReplica(organization, account, replica)]
      : [];
  });
  return [...whole, ...own, ...copies];
}

/**
 * The buckets that the policy of an account's reviewers allows to read: those that hold its transcripts, the transcripts of
 * every account in the archive account and in accounts of `transcripts.organizationReaders`, the buckets of other accounts
 * that name roles of the account as readers, and the replicas of these.
 *
 * Of the buckets that are created in the account, it is all in any region, as a whole. Terraform forgets a bucket when the
 * map gets an archive, an existing bucket or none, or loses the region, and a bucket has transcripts below the prefix of
 * former days. Their policies, which Terraform forgets with them, still name the readers.
 */
export function reviewedIn(
  organization: Organization,
  account: AccountIdentity,
  destinations: readonly Destinations[],
): ReviewedBucket[] {
  const recorded = recordedIn(organization, account, destinations);
  const isOwn = ({ kind, owner }: ReviewedBucket) => kind === "created" && owner === account.id;
  const place: Place = { organization: organization.name, account, region: ANY_REGION };
  const own: ReviewedBucket = {
    kind: "own",
    place,
    bucket: names.transcriptBucket(place),
    owner: account.id,
    prefix: null,
    keys: [...everyKey(place, null), ...recorded.filter(isOwn).flatMap(({ keys }) => keys)],
    archived: recorded.some(({ archived }) => archived),
  };
  return [
    ...recorded.filter((bucket) => !isOwn(bucket)),
    own,
    ...sharedWith(organization, account).map((shared) => ({ ...shared, owner: null, prefix: null })),
  ];
}
