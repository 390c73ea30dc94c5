import type { AwsResponse, Handler, Rewrite } from "../gateway/protocol";
import { bucketItselfOf, bucketOfPolicy } from "../gateway/bucket-urls";

interface Document {
  readonly Statement?: readonly { readonly Effect?: string }[];
}

/**
 * Keeps bucket policies as they were put, and shows moto only what they allow: moto refuses every call that a
 * Deny statement names, whatever its conditions say. Who may do what is judged by the policy simulator, with
 * the whole policy.
 */
export class BucketPolicies {
  private readonly texts = new Map<string, string>();

  /** The policy of a bucket, as it was put. */
  of(bucket: string): string | undefined {
    return this.texts.get(bucket);
  }

  /** On its way to moto, a policy is remembered and loses its denials. */
  readonly keep: Rewrite = (request) => {
    const bucket = bucketOfPolicy(request);
    if (bucket === undefined || request.method !== "PUT") return request;
    const text = request.body.toString("utf8");
    let document: Document;
    try {
      document = JSON.parse(text) as Document;
    } catch {
      return request; // moto says what is wrong with it
    }
    this.texts.set(bucket, text);
    const Statement = (document.Statement ?? []).filter(({ Effect }) => Effect !== "Deny");
    return { ...request, body: Buffer.from(JSON.stringify({ ...document, Statement })) };
  };

  /** Reads are answered with what was put; deletions are noted and left to moto. */
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
