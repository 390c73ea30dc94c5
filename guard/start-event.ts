/** A session that somebody has started, as CloudTrail records it. */
export interface StartedSession {
  readonly sessionId: string;
  /** undefined: the preferences. */
  readonly document: string | undefined;
  readonly instance: string;
  /** ARN of who started it. */
  readonly who: string;
  readonly when: string;
  /** Source address. */
  readonly from: string;
  /** Id of the event, which leads to the whole call in CloudTrail; "" where there was none. */
  readonly event: string;
}

/** The `detail` of an "AWS API Call via CloudTrail" event, as far as it is looked into. */
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

/** The session of an event from EventBridge; null when it tells of none: another call, or one that failed. */
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
