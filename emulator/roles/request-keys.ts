import type { AwsRequest } from "../gateway/protocol";
import { parametersOf } from "./parameters";

/** The headers of a conditional request that S3 has as condition keys. The key has the name of the header. */
const CONDITIONAL = ["if-match", "if-none-match"] as const;

/** Whether a call that needs `s3:PutObject` creates the object: all but the beginning and the parts of an upload in parts. */
function createsObject({ method, url }: Pick<AwsRequest, "method" | "url">): boolean {
  const { searchParams } = new URL(url, "http://gateway");
  return !searchParams.has("uploads") && !(method === "PUT" && searchParams.has("partNumber"));
}

/** The calls that name a policy and a role, and have the policy as a condition key. */
const ATTACHING: ReadonlySet<string> = new Set(["iam:AttachRolePolicy", "iam:DetachRolePolicy"]);

/**
 * The condition keys that a call has from its headers and its parameters, beyond those of every request. Only these keys are
 * known: those by which a bucket demands conditional writes, and the policy that is attached to a role.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export function contextOf(
  request: Pick<AwsRequest, "method" | "url" | "headers" | "protocol" | "body">,
  action: string,
): Readonly<Record<string, string>> {
  if (ATTACHING.has(action)) return { "iam:PolicyARN": String(parametersOf(request)["PolicyArn"]) };
  if (action !== "s3:PutObject") return {};
  const keys = CONDITIONAL.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === "string" ? [[`s3:${name}`, value] as const] : [];
  });
  return { ...Object.fromEntries(keys), "s3:ObjectCreationOperation": String(createsObject(request)) };
}
