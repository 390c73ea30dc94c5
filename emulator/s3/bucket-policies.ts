import type { AwsResponse, Handler, Observer, Rewrite } from "../gateway/protocol";
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

  /** Remembers a policy that is set, and forgets one that is deleted, alone or with its bucket; unless S3 refuses. */
  readonly observe: Observer = (request) => {
    const { method } = request;
    const bucket = bucketOfPolicy(request) ?? (method === "DELETE" ? bucketItselfOf(request) : undefined);
    if (bucket === undefined) return () => undefined;
    const text = request.body.toString("utf8");
    return (status) => {
      if (status >= 300) return;
      if (method === "PUT") this.texts.set(bucket, text);
      if (method === "DELETE") this.texts.delete(bucket);
    };
  };

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
