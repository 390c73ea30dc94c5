import type { Organization, Target } from "../../accounts/model/organization";
import { archivePlace, names, placeOf, transcriptPrefix, type Place } from "../names";
import { movesToArchives } from "./cold-storage";
import type { OwnedBucket } from "./owned-buckets";

/** Where the sessions of one target are recorded. Policies of instances, operators and reviewers derive from it. */
export interface Destinations {
  readonly place: Place;
  /** null: the target keeps no transcripts in S3. */
  readonly transcripts: TranscriptDestination | null;
  /** Name of the log group; null: the target keeps no session logs in CloudWatch Logs. */
  readonly logGroup: string | null;
  /** Whether a data protection policy masks secrets in the log group. */
  readonly masked: boolean;
  /** The KMS key that encrypts the data channel of sessions in addition to TLS; null: TLS alone. */
  readonly sessionKey: KeyReference | null;
}

/** The bucket that transcripts of a target are written to: the target's own, an archive's, or one that exists. */
export interface TranscriptDestination extends OwnedBucket {
  readonly bucket: string;
  /** Whether the bucket is created: the target's own, or an archive's. false: it existed before. */
  readonly created: boolean;
  /** Key prefix `<prefix>/<account>/<region>`, without slash at either end. */
  readonly prefix: string;
  /**
   * The KMS key of the bucket. AWS makes up the id of a key that is created, so that policies know only its owner; an
   * existing key is known by its ARN. null: the bucket has no KMS key (SSE-S3).
   */
  readonly key: { readonly owner: Place } | { readonly arn: string } | null;
  /**
   * Whether the bucket's lifecycle moves transcripts to where they must be restored before they are read. false for an
   * existing bucket, whose lifecycle the map does not know.
   */
  readonly archived: boolean;
}

/**
 * Identifies a KMS key: a key that is created by its alias, because AWS makes up its id; an existing key by its
 * ARN.
 */
export type KeyReference = { readonly alias: string } | { readonly arn: string };

/** Where the map records the sessions of a target. */
export function destinationsOf(organization: Organization, target: Target): Destinations {
  const place = placeOf(organization, target);
  const { logs, preferences } = target.settings;
  return {
    place,
    transcripts: transcriptsOf(organization, target, place),
    logGroup: logGroupOf(place, logs.group),
    masked: logs.masking.enabled,
    sessionKey: preferences.encryptSessionData ? targetKey(target, place) : null,
  };
}

function logGroupOf(place: Place, group: Target["settings"]["logs"]["group"]): string | null {
  switch (group.kind) {
    case "created":
      return names.logGroup(place);
    case "existing":
      return group.name;
    case "none":
      return null;
  }
}

/** The key that the map gives a target; null: the target's `encryption.mode` is `s3-managed`. */
export function targetKey({ settings: { encryption } }: Target, place: Place): KeyReference | null {
  switch (encryption.mode) {
    case "customer-managed":
      return { alias: names.keyAlias(place) };
    case "existing":
      return { arn: encryption.keyArn };
    case "s3-managed":
      return null;
  }
}

function transcriptsOf(
  organization: Organization,
  target: Target,
  place: Place,
): TranscriptDestination | null {
  const { bucket } = target.settings.transcripts;
  switch (bucket.kind) {
    case "created":
      return createdBucket(organization, target, place);
    case "existing":
      return {
        bucket: bucket.name,
        created: false,
        owner: bucket.accountId,
        prefix: transcriptPrefix(place, target.settings.transcripts.prefix),
        key: bucket.keyArn === null ? null : { arn: bucket.keyArn },
        archived: false,
      };
    case "none":
      return null;
  }
}

/** The archive's bucket, or the target's own. */
function createdBucket(organization: Organization, target: Target, place: Place): TranscriptDestination {
  const owner = target.usesArchive ? archivePlace(organization, target.region) : place;
  // These are settings of the bucket's owner: an archive lets members write below its own prefix alone.
  const { encryption, transcripts } = target.usesArchive
    ? organization.archives.find(({ region }) => region === target.region)!.settings
    : target.settings;
  return {
    bucket: names.transcriptBucket(owner),
    created: true,
    owner: owner.account.id,
    prefix: transcriptPrefix(place, transcripts.prefix),
    key: keyOfBucket(encryption, owner),
    archived: movesToArchives(transcripts.lifecycle),
  };
}

/** The key of a bucket that is created, as policies identify it; null: the bucket has no KMS key. */
export function keyOfBucket(
  encryption: Target["settings"]["encryption"],
  owner: Place,
): TranscriptDestination["key"] {
  switch (encryption.mode) {
    case "customer-managed":
      return { owner };
    case "existing":
      return { arn: encryption.keyArn };
    case "s3-managed":
      return null;
  }
}
