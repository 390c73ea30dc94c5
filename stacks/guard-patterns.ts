import { PREFERENCES_DOCUMENT } from "./names";

/**
 * What the guard is told of: sessions that were started with a document that is not allowed by its name. The guard
 * looks again, since a name may come as an ARN. A session with the preferences names no document.
 */
export const guardedSessions = (allowedDocuments: readonly string[]) => ({
  source: ["aws.ssm"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ssm.amazonaws.com"],
    eventName: ["StartSession"],
    errorCode: [{ exists: false }],
    requestParameters: { documentName: [{ "anything-but": [PREFERENCES_DOCUMENT, ...allowedDocuments] }] },
  },
});
