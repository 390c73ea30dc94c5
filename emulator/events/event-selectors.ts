import type { AdvancedEventSelector, AdvancedFieldSelector, EventSelector } from "@aws-sdk/client-cloudtrail";
import type { CloudTrailEvent } from "./cloudtrail-event";

/** The event selectors of a trail, of which CloudTrail keeps one kind. */
export interface Selectors {
  readonly EventSelectors?: readonly EventSelector[] | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
}

/**
 * Whether a trail records an event. A trail without selectors records management events. Setting selectors of one kind
 * removes those of the other, but moto keeps the advanced ones beside new basic ones: the basic ones are the later ones.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 */
export function selects(
  { EventSelectors = [], AdvancedEventSelectors = [] }: Selectors,
  event: CloudTrailEvent,
): boolean {
  if (EventSelectors.length > 0) return EventSelectors.some((selector) => isBasic(selector, event));
  if (AdvancedEventSelectors.length > 0)
    return AdvancedEventSelectors.some(({ FieldSelectors = [] }) =>
      FieldSelectors.every((field) => isField(field, event)),
    );
  return isManagement(event);
}

const isManagement = (event: CloudTrailEvent): boolean => event["managementEvent"] !== false;

function isBasic(selector: EventSelector, event: CloudTrailEvent): boolean {
  const { ReadWriteType = "All", IncludeManagementEvents = true } = selector;
  const { DataResources = [], ExcludeManagementEventSources = [] } = selector;
  if (ReadWriteType !== "All" && (ReadWriteType === "ReadOnly") !== (event.readOnly === true)) return false;
  if (isManagement(event))
    return IncludeManagementEvents && !ExcludeManagementEventSources.includes(event.eventSource);
  // Each value is an ARN that others begin with: of a bucket with a slash, of a prefix, or `arn:aws:s3` for all.
  return DataResources.some(({ Type, Values = [] }) =>
    resourcesIn(event).some(
      ({ type, ARN }) => type === Type && ARN !== undefined && Values.some((value) => ARN.startsWith(value)),
    ),
  );
}

interface Resource {
  readonly type?: string;
  readonly ARN?: string;
}

const resourcesIn = (event: CloudTrailEvent): readonly Resource[] =>
  (event["resources"] as readonly Resource[] | undefined) ?? [];

/** The values of a field that advanced event selectors name. */
function valuesOf(field: string | undefined, event: CloudTrailEvent): readonly string[] {
  const [resource] = resourcesIn(event);
  switch (field) {
    case "eventCategory":
      return [isManagement(event) ? "Management" : "Data"];
    case "readOnly":
      return [String(event.readOnly === true)];
    case "resources.type":
      return resource?.type === undefined ? [] : [resource.type];
    case "resources.ARN":
      return resource?.ARN === undefined ? [] : [resource.ARN];
    case "eventName":
    case "eventSource":
      return [event[field]];
    default:
      throw new Error(`The field ${field} of an advanced event selector is not emulated.`);
  }
}

function isField({ Field, ...operators }: AdvancedFieldSelector, event: CloudTrailEvent): boolean {
  const values = valuesOf(Field, event);
  const some = (expected: readonly string[], fits: (value: string, expected: string) => boolean) =>
    values.some((value) => expected.some((one) => fits(value, one)));
  const { Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith } = operators;
  const equals = (value: string, one: string) => value === one;
  const starts = (value: string, one: string) => value.startsWith(one);
  const ends = (value: string, one: string) => value.endsWith(one);
  return (
    (Equals === undefined || some(Equals, equals)) &&
    (StartsWith === undefined || some(StartsWith, starts)) &&
    (EndsWith === undefined || some(EndsWith, ends)) &&
    !some(NotEquals ?? [], equals) &&
    !some(NotStartsWith ?? [], starts) &&
    !some(NotEndsWith ?? [], ends)
  );
}
