import { consoleSessionsUrl, type Place } from "../names";
import { PERSON_PATHS, placeholders, REQUEST_PATHS } from "./event-message";

/** Paths into the event of a CloudTrail record. A field that is missing in the event is empty in the message. */
export const SECURITY_PATHS = {
  action: "$.detail.eventName",
  service: "$.detail.eventSource",
  who: "$.detail.userIdentity.arn",
  ...PERSON_PATHS,
  instance: "$.detail.requestParameters.target",
  document: "$.detail.requestParameters.documentName",
  ...REQUEST_PATHS,
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
    ...placeholders(PERSON_PATHS),
    instance: "<instance>",
    document: "<document>",
    ...placeholders(REQUEST_PATHS),
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
    ...placeholders(PERSON_PATHS),
    ...COMMON,
    console: consoleSessionsUrl(place),
  });
