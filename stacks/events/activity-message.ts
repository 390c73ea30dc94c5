import type { SESSION_EVENTS } from "../../accounts/schema/notifications";
import { consoleSessionsUrl, type Place } from "../names";

/** What EventBridge is told to match: session calls that succeeded. Refused ones are no activity. */
export const activityPattern = (events: readonly (typeof SESSION_EVENTS)[number][]) => ({
  // Without the source, other services' StartSession (Athena has one) would match too.
  source: ["aws.ssm"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ssm.amazonaws.com"],
    eventName: [...events],
    errorCode: [{ exists: false }],
  },
});

/** Paths into the CloudTrail event. What an event does not have stays empty in the message. */
export const ACTIVITY_PATHS = {
  action: "$.detail.eventName",
  who: "$.detail.userIdentity.arn",
  instance: "$.detail.requestParameters.target",
  document: "$.detail.requestParameters.documentName",
  reason: "$.detail.requestParameters.reason",
  // The answers to all three calls name the session; the request to start one can't.
  session: "$.detail.responseElements.sessionId",
  when: "$.detail.eventTime",
  from: "$.detail.sourceIPAddress",
  account: "$.detail.recipientAccountId",
  region: "$.detail.awsRegion",
} as const;

/**
 * The message: JSON, so that SNS filter policies can look into it, on a line for each thing, so that people
 * can read it in a mail.
 */
export const activityTemplate = (place: Place): string =>
  JSON.stringify(
    {
      summary: "<who> called <action> in account <account>, <region>",
      action: "<action>",
      who: "<who>",
      instance: "<instance>",
      session: "<session>",
      document: "<document>",
      reason: "<reason>",
      when: "<when>",
      from: "<from>",
      account: "<account>",
      region: "<region>",
      console: consoleSessionsUrl(place),
    },
    null,
    2,
  );
