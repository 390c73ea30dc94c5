import { randomUUID } from "node:crypto";
import { arnParts } from "../../aws/arn";
import type { CallerIdentity } from "../clients/identities";

/** The `detail` of an event of type "AWS API Call via CloudTrail". */
export interface CloudTrailEvent {
  readonly eventSource: string;
  readonly eventName: string;
  readonly eventTime?: string;
  readonly readOnly?: boolean;
  readonly [field: string]: unknown;
}

/** A call that CloudTrail records. */
export interface RecordedCall {
  readonly caller: CallerIdentity;
  readonly region: string;
  /** Such as `ssm.amazonaws.com`. */
  readonly eventSource: string;
  readonly eventName: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly error?: { readonly code: string; readonly message: string };
  readonly sourceIp?: string;
  readonly readOnly?: boolean;
}

/**
 * CloudTrail's record of a call, in the form of a record from a real trail.
 * @see https://github.com/DataDog/stratus-red-team/blob/main/docs/detonation-logs/aws.execution.ssm-start-session.json
 */
export function cloudTrailEvent(call: RecordedCall): CloudTrailEvent {
  const time = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  return {
    eventVersion: "1.08",
    userIdentity: userIdentity(call.caller, time),
    eventTime: time,
    eventSource: call.eventSource,
    eventName: call.eventName,
    awsRegion: call.region,
    sourceIPAddress: call.sourceIp ?? "203.0.113.10",
    userAgent: "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13.7",
    ...(call.error === undefined ? {} : { errorCode: call.error.code, errorMessage: call.error.message }),
    requestParameters: call.requestParameters,
    responseElements: call.error === undefined ? call.responseElements : null,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: call.readOnly ?? false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: call.caller.accountId,
    eventCategory: "Management",
    tlsDetails: {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      clientProvidedHostHeader: call.eventSource.replace(
        /\.amazonaws\.com$/,
        `.${call.region}.amazonaws.com`,
      ),
    },
  };
}

function userIdentity(
  { arn, userId, accountId, accessKeyId }: CallerIdentity,
  time: string,
): Record<string, unknown> {
  const common = { principalId: userId, arn, accountId, accessKeyId };
  const [kind, role] = arnParts(arn).resource.split("/");
  if (kind !== "assumed-role")
    return { type: "IAMUser", ...common, userName: arnParts(arn).resource.split("/").at(-1) };
  const sessionIssuer = {
    type: "Role",
    principalId: userId.split(":")[0],
    arn: `arn:${arnParts(arn).partition}:iam::${accountId}:role/${role}`,
    accountId,
    userName: role,
  };
  return {
    type: "AssumedRole",
    ...common,
    sessionContext: { sessionIssuer, attributes: { creationDate: time, mfaAuthenticated: "false" } },
  };
}

/**
 * The event that arrives at EventBridge's default bus for a record of CloudTrail.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function eventBridgeEvent(
  accountId: string,
  region: string,
  detail: CloudTrailEvent,
): Record<string, unknown> {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${detail.eventSource.replace(/\.amazonaws\.com$/, "")}`,
    account: accountId,
    time: detail.eventTime ?? new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    region,
    resources: [],
    detail,
  };
}

/** An event that an AWS service sends to EventBridge. */
export interface ServiceEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly account: string;
  readonly region: string;
  readonly [field: string]: unknown;
}

/** An alarm whose state changes to ALARM. */
export interface ChangedAlarm {
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  readonly name: string;
  readonly description: string;
}

/**
 * The event that CloudWatch sends when the state of an alarm changes to ALARM.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function alarmEvent({ account, region, arn, name, description }: ChangedAlarm): ServiceEvent {
  const timestamp = new Date().toISOString().replace("Z", "+0000");
  const state = (value: string, reason: string) => ({ value, reason, timestamp });
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account,
    time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    region,
    resources: [arn],
    detail: {
      alarmName: name,
      state: state("ALARM", "Threshold Crossed: 1 datapoint [1.0] was greater than the threshold (0.0)."),
      previousState: state("OK", "Threshold Crossed: no datapoints were received for 1 period."),
      configuration: { description, metrics: [] },
    },
  };
}

/** The event that EventBridge sends to the targets of a rule with a schedule. */
export const scheduledEvent = (
  account: string,
  region: string,
  ruleArn: string,
): Record<string, unknown> => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account,
  time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  region,
  resources: [ruleArn],
  detail: {},
});
