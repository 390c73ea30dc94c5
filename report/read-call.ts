import type { Time, Transcript } from "./model";

/** Somebody who opened a transcript, or tried to. */
export interface ReadCall {
  readonly time: Time;
  /** ARN of the caller; null: a service of AWS, or unknown. */
  readonly by: string | null;
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  /** null: the call named no version, so it got the newest one. */
  readonly versionId: string | null;
  /** Error code of S3; null: the caller got the text. */
  readonly refused: string | null;
  readonly eventId: string;
  /**
   * Id of the call where CloudTrail recorded it in two accounts: that of the caller and that of the bucket's owner. Each of
   * the two events has an id of its own. null: it is in one account.
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
   */
  readonly sharedEventId: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};
const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** Calls that give the content of an object to their caller or copy it. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html */
const READS = ["GetObject", "CopyObject", "UploadPartCopy", "SelectObjectContent", "RestoreObject"];

/** Whether a CloudTrail record is a data event of a bucket. Only such a record proves that the trail records them. */
export function isDataEvent(record: unknown, bucket: string): boolean {
  const event = fieldsOf(record);
  return (
    event["eventSource"] === "s3.amazonaws.com" &&
    event["managementEvent"] === false &&
    bucketsOf(event).includes(bucket)
  );
}

/**
 * The read of an object that a CloudTrail record describes; null: the record is about another call or another object. No
 * field is assumed to have the right type.
 */
export function readCall(
  record: unknown,
  { bucket, key }: Pick<Transcript, "bucket" | "key">,
): ReadCall | null {
  const event = fieldsOf(record);
  const time = new Date(textOf(event["eventTime"]) ?? "");
  const name = textOf(event["eventName"]) ?? "";
  if (event["eventSource"] !== "s3.amazonaws.com" || !READS.includes(name) || Number.isNaN(time.getTime()))
    return null;
  const request = fieldsOf(event["requestParameters"]);
  // A copy names the object that it reads in a header.
  const source = textOf(request["x-amz-copy-source"]);
  const isIt =
    source === null
      ? request["bucketName"] === bucket && request["key"] === key
      : decoded(source)
          .replace(/^\//, "")
          .replace(/\?versionId=.*$/, "") === `${bucket}/${key}`;
  if (!isIt) return null;
  return {
    time: time.toISOString(),
    by:
      textOf(fieldsOf(event["userIdentity"])["arn"]) ?? textOf(fieldsOf(event["userIdentity"])["invokedBy"]),
    sourceIp: textOf(event["sourceIPAddress"]),
    userAgent: textOf(event["userAgent"]),
    versionId: textOf(request["versionId"]) ?? /[?&]versionId=([^&]+)/.exec(source ?? "")?.[1] ?? null,
    refused: textOf(event["errorCode"]),
    eventId: textOf(event["eventID"]) ?? "",
    sharedEventId: textOf(event["sharedEventID"]),
  };
}

/** The name of the bucket is in the request, and in the list of resources. */
const bucketsOf = (event: Fields): readonly unknown[] => [
  fieldsOf(event["requestParameters"])["bucketName"],
  ...(Array.isArray(event["resources"]) ? event["resources"] : []).map((resource) =>
    (textOf(fieldsOf(resource)["ARN"]) ?? "").replace(/^arn:[^:]*:s3:::/, ""),
  ),
];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
