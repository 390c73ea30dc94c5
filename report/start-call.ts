import { documentOf } from "../guard/documents";
import type { TrailSession } from "./evidence";

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};
const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/**
 * The session that a CloudTrail record of `StartSession` describes; null: the record is about another call or a failed
 * call, or has no session. No field is assumed to have the right type.
 * @param record a CloudTrail record: the parsed `CloudTrailEvent` of `LookupEvents`, or a record of a trail's file
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function startCall(record: unknown): TrailSession | null {
  const event = fieldsOf(record);
  const isStart = event["eventSource"] === "ssm.amazonaws.com" && event["eventName"] === "StartSession";
  if (!isStart || event["errorCode"] !== undefined) return null;
  const id = textOf(fieldsOf(event["responseElements"])["sessionId"]);
  const time = new Date(textOf(event["eventTime"]) ?? "");
  if (id === null || Number.isNaN(time.getTime())) return null;
  const identity = fieldsOf(event["userIdentity"]);
  const context = fieldsOf(identity["sessionContext"]);
  const request = fieldsOf(event["requestParameters"]);
  return {
    id,
    document: documentOf(textOf(request["documentName"]) ?? undefined) ?? null,
    parameters: parametersOf(request["parameters"]),
    instance: textOf(request["target"]),
    owner: textOf(identity["arn"]),
    reason: textOf(request["reason"]),
    sourceIdentity: textOf(context["sourceIdentity"]),
    identityCenterUser: textOf(fieldsOf(identity["onBehalfOf"])["userId"]),
    event: {
      eventId: textOf(event["eventID"]) ?? "",
      time: time.toISOString(),
      sourceIp: textOf(event["sourceIPAddress"]),
      userAgent: textOf(event["userAgent"]),
      mfa: mfaOf(fieldsOf(context["attributes"])["mfaAuthenticated"]),
      issuer: textOf(fieldsOf(context["sessionIssuer"])["arn"]) ?? textOf(identity["arn"]),
    },
  };
}

/** CloudTrail writes the value as text. */
const mfaOf = (value: unknown): boolean | null =>
  value === "true" || value === true ? true : value === "false" || value === false ? false : null;

function parametersOf(value: unknown): Readonly<Record<string, readonly string[]>> | null {
  const entries = Object.entries(fieldsOf(value)).flatMap(([name, values]) => {
    const texts = (Array.isArray(values) ? values : [values]).filter((one) => typeof one === "string");
    return texts.length > 0 ? [[name, texts] as const] : [];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}
