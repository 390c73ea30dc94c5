import { createHash } from "node:crypto";
import { arnParts } from "../../aws/arn";
import type { Identities } from "../clients/identities";
import { AwsError, jsonResponse, type Handler } from "../gateway/protocol";
import type { CloudTrailEvent } from "./cloudtrail-event";
import { resourcesOf } from "./event-resources";

/** An event as `LookupEvents` returns it. Times are seconds since 1970. */
interface FoundEvent {
  readonly EventId: string;
  readonly EventName: string;
  readonly ReadOnly: "true" | "false";
  readonly AccessKeyId: string | undefined;
  readonly EventTime: number;
  readonly EventSource: string;
  readonly Username: string | undefined;
  readonly Resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  /** The whole record as JSON. */
  readonly CloudTrailEvent: string;
}

type Filter = (event: FoundEvent, value: string) => boolean;

const FILTERS: Readonly<Record<string, Filter>> = {
  EventId: ({ EventId }, value) => EventId === value,
  EventName: ({ EventName }, value) => EventName === value,
  ReadOnly: ({ ReadOnly }, value) => ReadOnly === value,
  Username: ({ Username }, value) => Username === value,
  ResourceType: ({ Resources }, value) => Resources.some(({ ResourceType }) => ResourceType === value),
  ResourceName: ({ Resources }, value) => Resources.some(({ ResourceName }) => ResourceName === value),
  EventSource: ({ EventSource }, value) => EventSource === value,
  AccessKeyId: ({ AccessKeyId }, value) => AccessKeyId === value,
};

/** The parameters of `LookupEvents`. */
interface Lookup {
  readonly LookupAttributes?: readonly { readonly AttributeKey?: string; readonly AttributeValue?: string }[];
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly EventCategory?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const MOST = 50;

/**
 * CloudTrail's event history, which every account and region has without a trail. Here it holds the calls that the gateway
 * has seen and that change something.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export class EventHistory {
  private readonly events = new Map<string, FoundEvent[]>();

  /** @param told receives each record as well */
  constructor(
    private readonly told: (accountId: string, region: string, record: CloudTrailEvent) => void = () =>
      undefined,
  ) {}

  /** Adds a record of an account in a region. */
  add(accountId: string, region: string, record: CloudTrailEvent): void {
    const place = `${accountId}/${region}`;
    const here = this.events.get(place) ?? [];
    here.push(found(record));
    this.events.set(place, here);
    this.told(accountId, region, record);
  }

  /**
   * The records that match, newest first, page by page.
   * @throws {@link AwsError} for parameters that CloudTrail refuses
   */
  lookup(
    accountId: string,
    region: string,
    parameters: Lookup,
  ): { readonly Events: readonly FoundEvent[]; readonly NextToken?: string } {
    const { StartTime = -Infinity, EndTime = Infinity, NextToken, ...same } = parameters;
    const { LookupAttributes = [], EventCategory, MaxResults = MOST } = parameters;
    const [attribute, ...more] = LookupAttributes;
    const filter = attribute && FILTERS[attribute.AttributeKey ?? ""];
    if (more.length > 0 || (attribute && (!filter || !attribute.AttributeValue)))
      throw new AwsError("InvalidLookupAttributesException", "A lookup attribute is not valid.");
    if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > MOST)
      throw new AwsError("InvalidMaxResultsException", `MaxResults must be from 1 to ${MOST}.`);
    if (StartTime > EndTime)
      throw new AwsError("InvalidTimeRangeException", "The start time is after the end time.");
    if (EventCategory !== undefined && EventCategory !== "insight")
      throw new AwsError("InvalidEventCategoryException", "The event category is not valid.");
    const matching = (EventCategory === "insight" ? [] : (this.events.get(`${accountId}/${region}`) ?? []))
      .filter(({ EventTime }) => EventTime >= StartTime && EventTime <= EndTime)
      .filter((event) => filter?.(event, attribute!.AttributeValue!) ?? true)
      .reverse();
    // A token continues the lookup for which it was given, after an event: new events come before it.
    const lookup = JSON.stringify([accountId, region, StartTime, EndTime, same]);
    const from =
      NextToken === undefined ? 0 : 1 + matching.findIndex((event) => tokenOf(lookup, event) === NextToken);
    if (NextToken !== undefined && from === 0)
      throw new AwsError("InvalidNextTokenException", "The token is not valid for these parameters.");
    const Events = matching.slice(from, from + MaxResults);
    const isLast = from + MaxResults >= matching.length;
    return { Events, ...(!isLast && { NextToken: tokenOf(lookup, Events.at(-1)!) }) };
  }
}

const tokenOf = (lookup: string, { EventId }: FoundEvent): string =>
  createHash("sha256").update(`${lookup} ${EventId}`).digest("base64");

function found(record: CloudTrailEvent): FoundEvent {
  const { arn = "", accessKeyId } = (record["userIdentity"] ?? {}) as { arn?: string; accessKeyId?: string };
  return {
    EventId: String(record["eventID"]),
    EventName: record.eventName,
    ReadOnly: record.readOnly === true ? "true" : "false",
    AccessKeyId: accessKeyId,
    EventTime: Date.parse(record.eventTime ?? new Date().toISOString()) / 1000,
    EventSource: record.eventSource,
    // The name of a user, and for a role the name of its session.
    Username: arnParts(arn).resource.split("/").at(-1),
    Resources: resourcesOf(record),
    CloudTrailEvent: JSON.stringify(record),
  };
}

/** Answers `LookupEvents` for the caller's account. */
export function lookupEvents(
  history: EventHistory,
  identities: Identities,
  settled: () => Promise<void>,
): Handler {
  return async ({ service, operation, accessKeyId, region, body }) => {
    if (service !== "cloudtrail" || operation !== "LookupEvents") return undefined;
    // CloudTrail needs minutes. Here every call before this one is in the history.
    await settled();
    const { accountId } = await identities.of(accessKeyId, region);
    return jsonResponse(
      history.lookup(accountId, region, JSON.parse(body.toString("utf8") || "{}") as Lookup),
    );
  };
}
