import type { GuardConfiguration } from "../../guard/configuration";
import type { Organization, Target } from "../../accounts/model/organization";
import { consoleSessionsUrl, guardNames, PREFERENCES_DOCUMENT } from "../names";
import { destinationsOf } from "../policies/destinations";
import type { GuardDuties } from "../policies/guard-policy";

/**
 * The configuration of a target's guard.
 * @example guardConfiguration(organization, target, guardDutiesOf(organization, target)!)
 */
export function guardConfiguration(
  organization: Organization,
  target: Target,
  { place, topicArn, chatTopicArn, endsSessions, looks }: GuardDuties,
): GuardConfiguration {
  const { guard, preferences } = target.settings;
  return {
    partition: place.account.partition,
    account: place.account.id,
    region: place.region,
    topicArn,
    chatTopicArn,
    table: guardNames(place).table,
    preferences: PREFERENCES_DOCUMENT,
    allowedDocuments: endsSessions ? guard.allowedDocuments : null,
    transcripts: looks
      ? {
          gracePeriodMinutes: guard.gracePeriodMinutes,
          maximumDurationMinutes: preferences.maximumDurationMinutes,
          ...whereRecordsAre(organization, target),
        }
      : null,
    console: consoleSessionsUrl(place),
  };
}

/** The bucket and the log group in which the records of a target's sessions must be, and for how many days. */
function whereRecordsAre(organization: Organization, target: Target) {
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
