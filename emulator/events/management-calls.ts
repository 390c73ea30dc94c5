import type { AwsRequest } from "../gateway/protocol";

/** A call that changes something, in the spelling of CloudTrail. */
export interface ManagementCall {
  readonly eventName: string;
  readonly requestParameters: Readonly<Record<string, unknown>>;
}

const READS =
  /^(Get|List|Describe|Head|BatchGet|Filter|Lookup|Search|Select|Test|Simulate|Verify|Generate|Assume)/;

/**
 * Calls on data, which CloudTrail does not record as management events, and calls on sessions, which the sessions room
 * records itself.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
const NOT_RECORDED =
  /^(PutLogEvents|PutEvents|PutMetricData|Publish|PublishBatch|SendMessage\w*|ReceiveMessage|DeleteMessage\w*|ChangeMessageVisibility\w*|(Put|Update|Delete)Item|Encrypt|Decrypt|ReEncrypt|Sign|(Start|Resume|Terminate)Session)$/;

/** The settings of a bucket, by the query parameter that names them in a URL. */
const BUCKET_SETTINGS: Readonly<Record<string, string>> = {
  acl: "BucketAcl",
  encryption: "BucketEncryption",
  lifecycle: "BucketLifecycle",
  logging: "BucketLogging",
  notification: "BucketNotification",
  "object-lock": "BucketObjectLockConfiguration",
  ownershipControls: "BucketOwnershipControls",
  policy: "BucketPolicy",
  publicAccessBlock: "BucketPublicAccessBlock",
  replication: "BucketReplication",
  tagging: "BucketTagging",
  versioning: "BucketVersioning",
};

/** The management call that a request makes; undefined when it only reads, is about data, or is of an unknown REST API. */
export function managementCall(request: AwsRequest): ManagementCall | undefined {
  if (request.protocol === "rest-xml") return bucketCall(request);
  if (
    request.protocol === "rest-json" ||
    READS.test(request.operation) ||
    NOT_RECORDED.test(request.operation)
  ) {
    return undefined;
  }
  const text = request.body.toString("utf8");
  const parameters =
    request.protocol === "json"
      ? (JSON.parse(text === "" ? "{}" : text) as unknown)
      : Object.fromEntries(
          [...new URLSearchParams(text)].filter(([name]) => name !== "Action" && name !== "Version"),
        );
  return {
    eventName: request.operation,
    requestParameters: lowerCamel(parameters) as Record<string, unknown>,
  };
}

function bucketCall({ method, url }: AwsRequest): ManagementCall | undefined {
  const { pathname, searchParams } = new URL(url, "http://gateway");
  const [bucketName, ...key] = pathname.split("/").slice(1);
  if ((method !== "PUT" && method !== "DELETE") || !bucketName || key.join("/") !== "") return undefined;
  const setting = [...searchParams.keys()].find((name) => name !== "x-id");
  if (setting === undefined) {
    return {
      eventName: method === "PUT" ? "CreateBucket" : "DeleteBucket",
      requestParameters: { bucketName },
    };
  }
  const noun = BUCKET_SETTINGS[setting];
  const eventName = `${method === "PUT" ? "Put" : "Delete"}${noun}`;
  return noun === undefined ? undefined : { eventName, requestParameters: { bucketName, [setting]: "" } };
}

/** CloudTrail starts the names of members with a lower-case letter: `logGroupName` for `LogGroupName` in the API. */
function lowerCamel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCamel);
  if (typeof value !== "object" || value === null) return value;
  const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [lower(name), lowerCamel(member)]));
}
