import type { SESSION_EVENTS } from "../../accounts/schema/notifications";
import { consoleSessionsUrl, type Place } from "../names";
import { PERSON_PATHS, placeholders, REQUEST_PATHS } from "./event-message";

/**
 * Event pattern of the activity channel: session calls that succeeded. CloudTrail records them, and EventBridge has
 * no other event of Session Manager: the end of a session by `exit` or by a timeout is not an API call.
 * @param events names of the calls to report, such as `StartSession`
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-auditing.html
 */
export const activityPattern = (events: readonly (typeof SESSION_EVENTS)[number][]) => ({
  // Other services have calls of the same name. StartSession is also a call of Athena.
  source: ["aws.ssm"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ssm.amazonaws.com"],
    eventName: [...events],
    errorCode: [{ exists: false }],
  },
});

/** Paths into the event of a CloudTrail record. A field that is missing in the event is empty in the message. */
export const ACTIVITY_PATHS = {
  action: "$.detail.eventName",
  who: "$.detail.userIdentity.arn",
  ...PERSON_PATHS,
  instance: "$.detail.requestParameters.target",
  document: "$.detail.requestParameters.documentName",
  ...REQUEST_PATHS,
  // The responses to all three calls have the session id. The request that starts a session has none yet.
  session: "$.detail.responseElements.sessionId",
  when: "$.detail.eventTime",
  from: "$.detail.sourceIPAddress",
  account: "$.detail.recipientAccountId",
  region: "$.detail.awsRegion",
} as const;

/**
 * Template of the message for people and programs. It is JSON, so that filter policies of SNS subscriptions can
 * match its fields, with a field on each line, so that people can read it in an e-mail.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
 */
export const activityTemplate = (place: Place): string =>
  JSON.stringify(
    {
      summary: "<who> called <action> in account <account>, <region>",
      action: "<action>",
      who: "<who>",
      ...placeholders(PERSON_PATHS),
      instance: "<instance>",
      session: "<session>",
      document: "<document>",
      ...placeholders(REQUEST_PATHS),
      when: "<when>",
      from: "<from>",
      account: "<account>",
      region: "<region>",
      console: consoleSessionsUrl(place),
    },
    null,
    2,
  );
