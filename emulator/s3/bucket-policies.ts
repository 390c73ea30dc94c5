import type { AwsResponse, Handler, Rewrite } from "../gateway/protocol";
import { bucketOfPolicy } from "../gateway/bucket-urls";
import { KeptSettings } from "./kept-settings";

interface Document {
  readonly Statement?: readonly { readonly Effect?: string }[];
}

/**
 * Keeps the policies of buckets as they were set, and passes only their Allow statements to moto. Observed with moto
 * 5.2.1: moto refuses every call that a Deny statement names, whatever its conditions. iam-simulate judges calls
 * by the whole policy.
 */
export class BucketPolicies {
  private readonly kept = new KeptSettings(bucketOfPolicy);

  /** The policy of a bucket as it was set, as JSON; undefined when the bucket has none. */
  of(bucket: string): string | undefined {
    return this.kept.of(bucket)?.text;
  }

  /** Remembers a policy that is set, and forgets one that is deleted, alone or with its bucket; unless S3 refuses. */
  readonly observe = this.kept.observe;

  /** Removes the Deny statements of a policy on its way to moto. */
  readonly strip: Rewrite = (request) => {
    if (bucketOfPolicy(request) === undefined || request.method !== "PUT") return request;
    let document: Document;
    try {
      document = JSON.parse(request.body.toString("utf8")) as Document;
    } catch {
      return request; // Moto answers with the error.
    }
    const Statement = (document.Statement ?? []).filter(({ Effect }) => Effect !== "Deny");
    return { ...request, body: Buffer.from(JSON.stringify({ ...document, Statement })) };
  };

  /** Answers reads with the policy as it was set. */
  readonly answer: Handler = async (request) => {
    const kept = this.kept.readBy(request);
    return kept && json(kept.text);
  };
}

const json = (body: string): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body,
});
