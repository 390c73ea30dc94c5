import { bucketAndKey } from "../gateway/bucket-urls";
import type { AwsRequest } from "../gateway/protocol";

type Rest = Pick<AwsRequest, "method" | "url">;

/** The settings of a bucket, by the query parameter that names them: the actions that read and that write each. */
const BUCKET_SETTINGS: Readonly<Record<string, readonly [read: string, write: string]>> = {
  accelerate: ["GetAccelerateConfiguration", "PutAccelerateConfiguration"],
  acl: ["GetBucketAcl", "PutBucketAcl"],
  analytics: ["GetAnalyticsConfiguration", "PutAnalyticsConfiguration"],
  cors: ["GetBucketCORS", "PutBucketCORS"],
  encryption: ["GetEncryptionConfiguration", "PutEncryptionConfiguration"],
  "intelligent-tiering": ["GetIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration"],
  inventory: ["GetInventoryConfiguration", "PutInventoryConfiguration"],
  lifecycle: ["GetLifecycleConfiguration", "PutLifecycleConfiguration"],
  location: ["GetBucketLocation", "CreateBucket"],
  logging: ["GetBucketLogging", "PutBucketLogging"],
  metrics: ["GetMetricsConfiguration", "PutMetricsConfiguration"],
  notification: ["GetBucketNotification", "PutBucketNotification"],
  "object-lock": ["GetBucketObjectLockConfiguration", "PutBucketObjectLockConfiguration"],
  ownershipControls: ["GetBucketOwnershipControls", "PutBucketOwnershipControls"],
  policy: ["GetBucketPolicy", "PutBucketPolicy"],
  policyStatus: ["GetBucketPolicyStatus", "PutBucketPolicy"],
  publicAccessBlock: ["GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock"],
  replication: ["GetReplicationConfiguration", "PutReplicationConfiguration"],
  requestPayment: ["GetBucketRequestPayment", "PutBucketRequestPayment"],
  tagging: ["GetBucketTagging", "PutBucketTagging"],
  uploads: ["ListBucketMultipartUploads", "PutObject"],
  versioning: ["GetBucketVersioning", "PutBucketVersioning"],
  versions: ["ListBucketVersions", "DeleteObjectVersion"],
  website: ["GetBucketWebsite", "PutBucketWebsite"],
};

/** Settings that have an action of their own for their deletion. All others are deleted with the action that writes them. */
const DELETED: Readonly<Record<string, string>> = {
  policy: "DeleteBucketPolicy",
  website: "DeleteBucketWebsite",
};

const OBJECTS: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "GetObject",
  PUT: "PutObject",
  POST: "PutObject",
  DELETE: "DeleteObject",
};

/**
 * The IAM action of a request to S3. undefined if it is not known.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export function s3Action({ method, url }: Rest): string | undefined {
  const { searchParams } = new URL(url, "http://gateway");
  const { bucket, key } = bucketAndKey({ url });
  if (bucket === "") return method === "GET" ? "s3:ListAllMyBuckets" : undefined;
  const setting = Object.keys(BUCKET_SETTINGS).find((name) => searchParams.has(name));
  if (key !== "") {
    const verb = OBJECTS[method];
    const part = searchParams.has("tagging")
      ? "Tagging"
      : searchParams.has("retention")
        ? "Retention"
        : searchParams.has("legal-hold")
          ? "LegalHold"
          : "";
    // The actions about locks are the same for each version.
    const version = searchParams.has("versionId") && ["", "Tagging"].includes(part) ? "Version" : "";
    return verb === undefined ? undefined : `s3:${verb}${version}${part}`;
  }
  if (setting === undefined) {
    if (method === "GET" || method === "HEAD") return "s3:ListBucket";
    if (method === "POST") return searchParams.has("delete") ? "s3:DeleteObject" : undefined;
    return method === "PUT" ? "s3:CreateBucket" : "s3:DeleteBucket";
  }
  const [read, write] = BUCKET_SETTINGS[setting]!;
  if (method === "GET") return `s3:${read}`;
  return `s3:${method === "DELETE" ? (DELETED[setting] ?? write) : write}`;
}

/** The IAM actions of Lambda by the method and the path after the version of the API. */
const LAMBDA: readonly (readonly [method: string, path: RegExp, action: string])[] = [
  ["GET", /^functions\/[^/]+$/, "GetFunction"],
  ["GET", /^functions\/[^/]+\/configuration$/, "GetFunctionConfiguration"],
  ["GET", /^functions\/[^/]+\/policy$/, "GetPolicy"],
  ["GET", /^functions\/[^/]+\/versions$/, "ListVersionsByFunction"],
  ["GET", /^functions\/[^/]+\/code-signing-config$/, "GetFunctionCodeSigningConfig"],
  ["GET", /^functions\/[^/]+\/concurrency$/, "GetFunctionConcurrency"],
  ["GET", /^functions\/[^/]+\/event-invoke-config$/, "GetFunctionEventInvokeConfig"],
  ["GET", /^tags\/.+$/, "ListTags"],
  ["POST", /^functions$/, "CreateFunction"],
  ["POST", /^functions\/[^/]+\/policy$/, "AddPermission"],
  ["POST", /^functions\/[^/]+\/invocations$/, "InvokeFunction"],
  ["POST", /^tags\/.+$/, "TagResource"],
  ["PUT", /^functions\/[^/]+\/code$/, "UpdateFunctionCode"],
  ["PUT", /^functions\/[^/]+\/configuration$/, "UpdateFunctionConfiguration"],
  ["PUT", /^functions\/[^/]+\/concurrency$/, "PutFunctionConcurrency"],
  ["PUT", /^functions\/[^/]+\/event-invoke-config$/, "PutFunctionEventInvokeConfig"],
  ["DELETE", /^functions\/[^/]+$/, "DeleteFunction"],
  ["DELETE", /^functions\/[^/]+\/policy\/[^/]+$/, "RemovePermission"],
  ["DELETE", /^functions\/[^/]+\/concurrency$/, "DeleteFunctionConcurrency"],
  ["DELETE", /^functions\/[^/]+\/event-invoke-config$/, "DeleteFunctionEventInvokeConfig"],
  ["DELETE", /^tags\/.+$/, "UntagResource"],
];

/** The path of a request to Lambda, without the version of the API. */
export const lambdaPath = ({ url }: Pick<AwsRequest, "url">): string =>
  decodeURIComponent(new URL(url, "http://gateway").pathname)
    .replace(/^\/\d{4}-\d{2}-\d{2}\//, "")
    .replace(/\/$/, "");

/**
 * The IAM action of a request to Lambda. undefined if it is not known.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export function lambdaAction({ method, url }: Rest): string | undefined {
  const path = lambdaPath({ url });
  const found = LAMBDA.find(([verb, pattern]) => verb === method && pattern.test(path));
  return found && `lambda:${found[2]}`;
}

/**
 * The IAM action of a request to Amazon Q Developer in chat applications, whose paths are the names of the operations
 * with hyphens, and with `ms-teams` for Microsoft Teams.
 * @see https://docs.aws.amazon.com/chatbot/latest/APIReference/API_Operations.html
 */
export function chatbotAction({ url }: Pick<AwsRequest, "url">): string {
  const words = new URL(url, "http://gateway").pathname.slice(1).replace("ms-teams", "microsoft-teams");
  return `chatbot:${words.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
}
