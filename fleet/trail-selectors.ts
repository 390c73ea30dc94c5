import {
  GetEventSelectorsCommand,
  type AdvancedEventSelector,
  type CloudTrailClient,
  type EventSelector,
  type Trail,
} from "@aws-sdk/client-cloudtrail";

/**
 * Whether a trail records management events that write, such as StartSession. EventBridge gets the calls that a trail
 * records, so a trail for data events or for reads alone brings it nothing.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export async function recordsWrites(cloudtrail: CloudTrailClient, trail: Trail): Promise<boolean> {
  // Without selectors of its own, a trail records all management events.
  if (!trail.HasCustomEventSelectors) return true;
  const { EventSelectors = [], AdvancedEventSelectors = [] } = await cloudtrail.send(
    // A trail of another region or of the organization has to be named by its ARN.
    new GetEventSelectorsCommand({ TrailName: trail.TrailARN ?? trail.Name }),
  );
  return EventSelectors.some(selectsWrites) || AdvancedEventSelectors.some(selectsWritesAdvanced);
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html */
const selectsWrites = ({ IncludeManagementEvents = true, ReadWriteType = "All" }: EventSelector): boolean =>
  IncludeManagementEvents && ReadWriteType !== "ReadOnly";

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
const selectsWritesAdvanced = ({ FieldSelectors = [] }: AdvancedEventSelector): boolean =>
  FieldSelectors.some(({ Field, Equals }) => Field === "eventCategory" && Equals?.includes("Management")) &&
  !FieldSelectors.some(({ Field, Equals }) => Field === "readOnly" && Equals?.includes("true"));
