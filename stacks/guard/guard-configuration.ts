import type { GuardConfiguration } from "../../guard/configuration";
import type { Organization, Target } from "../../accounts/model/organization";
import { consoleSessionsUrl, guardNames, PREFERENCES_DOCUMENT } from "../names";
import type { GuardDuties } from "../policies/guard-policy";
import { recordPlaces } from "../policies/record-places";

/**
 * The configuration of a target's guard.
 * @example guardConfiguration(organization, target, guardDutiesOf(organization, target)!)
 */
export function guardConfiguration(
  organization: Organization,
  target: Target,
  { place, topicArn, chatTopicArn, central, endsSessions, looks }: GuardDuties,
): GuardConfiguration {
  const { guard, preferences } = target.settings;
  return {
    partition: place.account.partition,
    account: place.account.id,
    region: place.region,
    topicArn,
    chatTopicArn,
    ...(central !== null && { central }),
    table: guardNames(place).table,
    preferences: PREFERENCES_DOCUMENT,
    allowedDocuments: endsSessions ? guard.allowedDocuments : null,
    transcripts: looks
      ? {
          gracePeriodMinutes: guard.gracePeriodMinutes,
          maximumDurationMinutes: preferences.maximumDurationMinutes,
          ...recordPlaces(organization, target),
        }
      : null,
    console: consoleSessionsUrl(place),
  };
}
