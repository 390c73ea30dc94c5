/** A session that was started, as CloudTrail records the call of `StartSession`. Text without a value is "". */
export interface StartedSession {
  readonly sessionId: string;
  /** Name or ARN of the session's document, or undefined for the preferences. */
  readonly document: string | undefined;
  /** Id of the managed node. */
  readonly instance: string;
  /** ARN of the principal that started the session. */
  readonly who: string;
  /** Time of the call, in ISO 8601. */
  readonly when: string;
  /** Source address of the call. */
  readonly from: string;
  /** Id of the CloudTrail event, with which the whole call can be found. */
  readonly event: string;
}

/** The fields that the guard reads in the `detail` of an "AWS API Call via CloudTrail" event. */
interface StartSessionCall {
  readonly eventName?: string;
  readonly errorCode?: string;
  readonly eventTime?: string;
  readonly eventID?: string;
  readonly sourceIPAddress?: string;
  readonly userIdentity?: { readonly arn?: string } | null;
  readonly requestParameters?: { readonly target?: string; readonly documentName?: string } | null;
  readonly responseElements?: { readonly sessionId?: string } | null;
}

/** The session that an EventBridge event reports as started, or null for an event of another call or a failed call. */
export function startedSession(event: unknown): StartedSession | null {
  const { detail } = event as { readonly detail?: StartSessionCall };
  const sessionId = detail?.responseElements?.sessionId;
  if (detail?.eventName !== "StartSession" || detail.errorCode !== undefined || !sessionId) return null;
  return {
    sessionId,
    document: detail.requestParameters?.documentName,
    instance: detail.requestParameters?.target ?? "",
    who: detail.userIdentity?.arn ?? "",
    when: detail.eventTime ?? "",
    from: detail.sourceIPAddress ?? "",
    event: detail.eventID ?? "",
  };
}
