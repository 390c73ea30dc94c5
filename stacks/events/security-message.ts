import { consoleSessionsUrl, type Place } from "../names";

/** Paths into the CloudTrail record. What a record does not have stays empty in the message. */
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

/** A session call that was refused (then it has an error), or a session that leaves no transcript. */
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

/** A change to what records. The event id leads to the whole call in CloudTrail. */
export const tamperingTemplate = (place: Place): string =>
  message({
    summary: "<who> called <action> (<service>) on what records sessions in account <account>, <region>",
    action: "<action>",
    service: "<service>",
    who: "<who>",
    ...COMMON,
    console: consoleSessionsUrl(place),
  });
