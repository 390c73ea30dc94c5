import { bucketAndKey } from "../gateway/bucket-urls";
import type { AwsRequest } from "../gateway/protocol";

/** A call on an object of S3, in the spelling of CloudTrail. */
export interface ObjectCall {
  readonly eventName: string;
  readonly bucket: string;
  readonly key: string;
  readonly requestParameters: Readonly<Record<string, string>>;
}

type Request = Pick<AwsRequest, "method" | "url" | "service" | "headers">;

/** Query parameters that make another operation of a method: the first one that a request has. */
const OPERATIONS: Readonly<Record<string, readonly (readonly [parameter: string, operation: string])[]>> = {
  GET: [
    ["tagging", "GetObjectTagging"],
    ["retention", "GetObjectRetention"],
    ["legal-hold", "GetObjectLegalHold"],
    ["acl", "GetObjectAcl"],
    ["attributes", "GetObjectAttributes"],
    ["uploadId", "ListParts"],
    ["", "GetObject"],
  ],
  HEAD: [["", "HeadObject"]],
  PUT: [
    ["tagging", "PutObjectTagging"],
    ["retention", "PutObjectRetention"],
    ["legal-hold", "PutObjectLegalHold"],
    ["acl", "PutObjectAcl"],
    ["partNumber", "UploadPart"],
    ["", "PutObject"],
  ],
  POST: [
    ["uploads", "CreateMultipartUpload"],
    ["uploadId", "CompleteMultipartUpload"],
    ["restore", "RestoreObject"],
    ["select", "SelectObjectContent"],
  ],
  DELETE: [
    ["tagging", "DeleteObjectTagging"],
    ["uploadId", "AbortMultipartUpload"],
    ["", "DeleteObject"],
  ],
};

const COPIES: Readonly<Record<string, string>> = { PutObject: "CopyObject", UploadPart: "UploadPartCopy" };

/**
 * The call on an object that a request makes; undefined for every other request. Lists of objects, which are data events
 * as well, are not among them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
export function objectCall({ method, url, service, headers }: Request): ObjectCall | undefined {
  if (service !== "s3") return undefined;
  const { bucket, key } = bucketAndKey({ url });
  if (bucket === "" || key === "") return undefined;
  const { searchParams } = new URL(url, "http://gateway");
  const operation = OPERATIONS[method]?.find(([name]) => name === "" || searchParams.has(name))?.[1];
  if (operation === undefined) return undefined;
  const source = headers["x-amz-copy-source"];
  const version = searchParams.get("versionId");
  return {
    bucket,
    key,
    eventName: typeof source === "string" ? (COPIES[operation] ?? operation) : operation,
    requestParameters: {
      bucketName: bucket,
      key,
      ...(version !== null && { versionId: version }),
      ...(typeof source === "string" && { "x-amz-copy-source": source }),
    },
  };
}

/** Whether a call on an object changes nothing. */
export const isReadOnly = ({ eventName }: Pick<ObjectCall, "eventName">): boolean =>
  /^(Get|Head|List|Select)/.test(eventName);
