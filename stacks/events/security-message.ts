import { consoleSessionsUrl, type Place } from "../names";

/** Paths into the event of a CloudTrail record. A field that is missing in the event is empty in the message. */
export const SECURITY_PATHS = {
  action: "$.detail.eventName",
  service: "$.detail.eventSource",
  who: "$.detail.userIdentity.arn",
  instance: "$.detail.requestParameters.target",
  document: "$.detail.requestParameters.documentName",
  session: "$.detail.responseElements.sessionId",
  error: "$.detail.errorCode",
  explanation: "$.detail.errorMessage",
  when: "$.detail.eventTime",
  from: "$.detail.sourceIPAddress",
  account: "$.detail.recipientAccountId",
  region: "$.detail.awsRegion",
  event: "$.detail.eventID",
} as const;

const message = (fields: Readonly<Record<string, string>>): string => JSON.stringify(fields, null, 2);

const COMMON = {
  error: "<error>",
  explanation: "<explanation>",
  when: "<when>",
  from: "<from>",
  account: "<account>",
  region: "<region>",
  event: "<event>",
};

/**
 * Template of the message about a session call that was refused, which has an error, or about a session without
 * transcript.
 */
export const sessionTemplate = (place: Place): string =>
  message({
    summary:
      "<who> called <action> in account <account>, <region>: refused, or with a document that records nothing",
    action: "<action>",
    who: "<who>",
    instance: "<instance>",
    document: "<document>",
    session: "<session>",
    ...COMMON,
    console: consoleSessionsUrl(place),
  });

/** Template of the message about a change to what records. By the event id one finds the whole call in CloudTrail. */
export const tamperingTemplate = (place: Place): string =>
  message({
    summary: "<who> called <action> (<service>) on what records sessions in account <account>, <region>",
    action: "<action>",
    service: "<service>",
    who: "<who>",
    ...COMMON,
    console: consoleSessionsUrl(place),
  });
