import type { AwsResponse, Handler, Rewrite } from "../gateway/protocol";
import { bucketItselfOf, bucketOfPolicy } from "../gateway/bucket-urls";

interface Document {
  readonly Statement?: readonly { readonly Effect?: string }[];
}

/**
 * Keeps the policies of buckets as they were set, and passes only their Allow statements to moto. Observed with moto
 * 5.2.1: moto refuses every call that a Deny statement names, whatever its conditions. The policy simulator judges calls
 * by the whole policy.
 */
export class BucketPolicies {
  private readonly texts = new Map<string, string>();

  /** The policy of a bucket as it was set, as JSON; undefined when the bucket has none. */
  of(bucket: string): string | undefined {
    return this.texts.get(bucket);
  }

  /** Remembers a policy on its way to moto, and removes its Deny statements. */
  readonly keep: Rewrite = (request) => {
    const bucket = bucketOfPolicy(request);
    if (bucket === undefined || request.method !== "PUT") return request;
    const text = request.body.toString("utf8");
    let document: Document;
    try {
      document = JSON.parse(text) as Document;
    } catch {
      return request; // Moto answers with the error.
    }
    this.texts.set(bucket, text);
    const Statement = (document.Statement ?? []).filter(({ Effect }) => Effect !== "Deny");
    return { ...request, body: Buffer.from(JSON.stringify({ ...document, Statement })) };
  };

  /** Answers reads with the policy as it was set. Forgets a policy when it or its bucket is deleted, which moto answers. */
  readonly answer: Handler = async (request) => {
    if (request.service === "s3" && request.method === "DELETE") {
      const bucket = bucketOfPolicy(request) ?? bucketItselfOf(request);
      if (bucket !== undefined) this.texts.delete(bucket);
    }
    const bucket = bucketOfPolicy(request);
    const text = bucket === undefined ? undefined : this.texts.get(bucket);
    return request.method === "GET" && text !== undefined ? json(text) : undefined;
  };
}

const json = (body: string): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body,
});
