import type { Organization, Target } from "../../accounts/model/organization";
import { destinationsOf } from "./destinations";

/** Where the records of a target's sessions must be, and for how many days. */
export interface RecordPlaces {
  readonly bucket: {
    readonly name: string;
    /** Key prefix of this account and region, without a slash at either end. */
    readonly prefix: string;
    /** Days after which a transcript expires, or null if it never does, or if the map does not know. */
    readonly keptDays: number | null;
  } | null;
  /** The log group with its retention in days, or null if the map names none. */
  readonly logGroup: { readonly name: string; readonly keptDays: number | null } | null;
}

/**
 * The bucket and the log group in which the records of a target's sessions must be, and for how many days. The guard and
 * the report both use it.
 * @example recordPlaces(organization, target).bucket?.name
 */
export function recordPlaces(organization: Organization, target: Target): RecordPlaces {
  const { transcripts, logGroup } = destinationsOf(organization, target);
  const { settings } = target;
  const archive = organization.archives.find(({ region }) => target.usesArchive && region === target.region);
  const { bucket, lifecycle } = (archive ?? target).settings.transcripts;
  return {
    bucket: transcripts && {
      name: transcripts.bucket,
      prefix: transcripts.prefix,
      // The map does not know when objects of an existing bucket expire.
      keptDays: bucket.kind === "created" ? lifecycle.expireAfterDays : null,
    },
    logGroup:
      logGroup === null
        ? null
        : {
            name: logGroup,
            keptDays: settings.logs.group.kind === "created" ? settings.logs.retentionDays : null,
          },
  };
}
