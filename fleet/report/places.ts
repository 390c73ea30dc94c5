import type { AccountIdentity, Organization, Target } from "../../accounts/model/organization";
import { PREFERENCES_DOCUMENT, names, placeOf } from "../../stacks/names";
import { destinationsOf } from "../../stacks/policies/destinations";
import { recordPlaces } from "../../stacks/policies/record-places";
import type { RecordingRules } from "../../guard/expected-records";
import type { StreamPlace } from "./log-streams";
import type { Transcript } from "../../report/model";

/** A bucket that holds transcripts of a target, and the account whose role reads it. */
export interface TranscriptPlace {
  readonly bucket: string;
  /** Key prefix of the target, without a slash at either end. */
  readonly prefix: string;
  readonly place: Transcript["place"];
  /** The account whose role reads the bucket: its owner, or the target's account if the map does not name the owner. */
  readonly account: AccountIdentity;
  readonly region: string;
}

/** Where the records of a target are. */
export interface TargetPlaces {
  readonly rules: RecordingRules;
  readonly transcripts: TranscriptPlace | null;
  readonly replica: TranscriptPlace | null;
  readonly logGroup: StreamPlace | null;
}

/**
 * The places of a target's records according to the map.
 * @example placesOf(organization, organization.targets[0]!).transcripts?.bucket
 */
export function placesOf(organization: Organization, target: Target): TargetPlaces {
  const { account, region, settings } = target;
  const { transcripts, logGroup, masked } = destinationsOf(organization, target);
  const choice = settings.transcripts.bucket.kind;
  const owner = organization.accounts.find(({ id }) => id === transcripts?.owner) ?? account;
  const source = target.usesArchive && choice === "created" ? "archive" : "target";
  const place = transcripts && {
    bucket: transcripts.bucket,
    prefix: transcripts.prefix,
    place:
      choice === "existing"
        ? ("existing" as const)
        : source === "archive"
          ? ("archive" as const)
          : ("own" as const),
    account: owner,
    region,
  };
  const replica = organization.replicas.find(
    (one) => one.source.kind === source && one.source.account.id === owner.id && one.source.region === region,
  );
  return {
    rules: {
      partition: account.partition,
      account: account.id,
      region,
      preferences: PREFERENCES_DOCUMENT,
      transcripts: {
        gracePeriodMinutes: settings.guard.gracePeriodMinutes,
        maximumDurationMinutes: settings.preferences.maximumDurationMinutes,
        ...recordPlaces(organization, target),
      },
    },
    transcripts: place,
    replica:
      place === null || replica === undefined
        ? null
        : {
            bucket: names.replicaBucket(placeOf(organization, replica.source)),
            prefix: place.prefix,
            place: "replica",
            account: replica.account,
            region: replica.region,
          },
    logGroup:
      logGroup === null ? null : { name: logGroup, masked, shared: settings.logs.group.kind === "existing" },
  };
}
