import type { Organization, Target } from "../../accounts/model/organization";
import { archivePlace, names, placeOf, transcriptPrefix, type Place } from "../names";

/** Where the sessions of one target are recorded, by name: what writers and readers are granted is made from it. */
export interface Destinations {
  readonly place: Place;
  /** null: no transcripts in S3. */
  readonly transcripts: TranscriptDestination | null;
  /** null: no session logs in CloudWatch Logs. */
  readonly logGroup: string | null;
  /** Whether secrets in the log group are masked. */
  readonly masked: boolean;
  /** How the key of the session channel is found; null: the channel has TLS alone. */
  readonly sessionKey: KeyReference | null;
}

/** A bucket, and the place of its owner: the target itself, or the archive account. */
export interface TranscriptDestination {
  readonly bucket: string;
  /** `<prefix>/<account>/<region>`, no slash at its ends. */
  readonly prefix: string;
  /** The bucket's key: one of many in its account, known by the bucket; or by ARN. null: none (AES256). */
  readonly key: { readonly owner: Place } | { readonly arn: string } | null;
}

/** A key that is created is known by its alias, since AWS makes up its id; one that exists by its ARN. */
export type KeyReference = { readonly alias: string } | { readonly arn: string };

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

/** The key of a target; null where the map wants none. */
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
        prefix: transcriptPrefix(place, target.settings.transcripts.prefix),
        key: bucket.keyArn === null ? null : { arn: bucket.keyArn },
      };
    case "none":
      return null;
  }
}

/** The archive's bucket, or the target's own. */
function createdBucket(organization: Organization, target: Target, place: Place): TranscriptDestination {
  const owner = target.usesArchive ? archivePlace(organization, target.region) : place;
  // Of the bucket's owner: the archive admits writers under its own prefix, whatever a member's settings say.
  const { encryption, transcripts } = target.usesArchive
    ? organization.archives.find(({ region }) => region === target.region)!.settings
    : target.settings;
  return {
    bucket: names.transcriptBucket(owner),
    prefix: transcriptPrefix(place, transcripts.prefix),
    key: keyOfBucket(encryption, owner),
  };
}

/** How the key of a bucket that is created is known; null where the map wants none. */
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
