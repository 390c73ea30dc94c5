import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { CallSeen } from "../../review/model";

/** The account and the region in which a call was recorded. */
export interface Site {
  readonly accountId: string;
  readonly region: string;
}

/** A call from CloudTrail's event history, with its parameters. */
export interface HistoryEvent extends CallSeen {
  readonly parameters: unknown;
}

/** What a lookup has found, newest first, and whether older events were left out. */
export interface HistoryPart {
  readonly events: readonly HistoryEvent[];
  readonly cut: boolean;
}

/** Pages of 50 events that one lookup reads. */
const PAGES = 4;

/** The parts of CloudTrail's record of a call that tell who made it. */
interface Record {
  readonly userIdentity?: {
    readonly type?: string;
    readonly arn?: string;
    readonly principalId?: string;
    readonly invokedBy?: string;
    readonly userName?: string;
  };
  readonly eventTime?: string;
  readonly eventSource?: string;
  readonly sourceIPAddress?: string;
  readonly errorCode?: string;
  readonly requestParameters?: unknown;
}

/**
 * CloudTrail's event history of one account and region: the calls of the last 90 days, with or without a trail. Each lookup
 * is made once. AWS allows two lookups a second for each account and region, which the client waits for.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export class CallHistory {
  private readonly known = new Map<string, Promise<HistoryPart>>();

  constructor(
    private readonly client: () => Promise<CloudTrailClient>,
    private readonly signal?: AbortSignal,
  ) {}

  /** The successful calls that an attribute selects and that may have changed something. */
  lookup(key: "ResourceName" | "EventName", value: string): Promise<HistoryPart> {
    const asked = `${key} ${value}`;
    const found = this.known.get(asked) ?? this.ask(key, value);
    this.known.set(asked, found);
    return found;
  }

  private async ask(
    AttributeKey: "ResourceName" | "EventName",
    AttributeValue: string,
  ): Promise<HistoryPart> {
    const { LookupEventsCommand } = await import("@aws-sdk/client-cloudtrail");
    const client = await this.client();
    const events: HistoryEvent[] = [];
    let NextToken: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const answer = await client.send(
        new LookupEventsCommand({ LookupAttributes: [{ AttributeKey, AttributeValue }], NextToken }),
        { abortSignal: this.signal },
      );
      for (const { EventId = "", EventName = "", ReadOnly, CloudTrailEvent = "{}" } of answer.Events ?? []) {
        const record = JSON.parse(CloudTrailEvent) as Record;
        if (ReadOnly === "true" || record.errorCode !== undefined) continue;
        events.push(seen(EventId, EventName, record));
      }
      ({ NextToken } = answer);
      if (NextToken === undefined) return { events, cut: false };
    }
    return { events, cut: true };
  }
}

const seen = (eventId: string, event: string, record: Record): HistoryEvent => ({
  event,
  source: record.eventSource ?? "",
  at: record.eventTime ?? "",
  by: callerOf(record),
  arn: record.userIdentity?.arn ?? null,
  sourceIp: record.sourceIPAddress ?? null,
  eventId,
  parameters: record.requestParameters ?? null,
});

/** Who made a call, in words. @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function callerOf({ userIdentity = {} }: Record): string {
  const { type, arn = "", invokedBy, userName } = userIdentity;
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role !== undefined) return `role ${role}, session ${session}`;
  if (type === "Root") return "the root user of the account";
  if (invokedBy !== undefined) return `the service ${invokedBy}`;
  const user = userName ?? /:user\/(.+)$/.exec(arn)?.[1];
  return user === undefined ? arn || (type ?? "somebody whom CloudTrail does not name") : `user ${user}`;
}
