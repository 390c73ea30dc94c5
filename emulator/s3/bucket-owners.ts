import type { Identities } from "../clients/identities";
import { bucketItselfOf } from "../gateway/bucket-urls";
import type { Observer } from "../gateway/protocol";

/** Remembers which account created each bucket: neither the ARN of a bucket nor moto's answers name it. */
export class BucketOwners {
  private readonly owners = new Map<string, Promise<string>>();

  constructor(private readonly identities: Identities) {}

  /** Watches buckets being created and deleted. */
  readonly observe: Observer = (request) => {
    const bucket = bucketItselfOf(request);
    const before = bucket === undefined ? undefined : this.owners.get(bucket);
    if (bucket === undefined) return () => undefined;
    if (request.method === "DELETE") {
      return (status) => {
        if (status < 300 && this.owners.get(bucket) === before) this.owners.delete(bucket);
      };
    }
    if (request.method !== "PUT" || before !== undefined) return () => undefined;
    const owner = this.identities.of(request.accessKeyId, request.region).then(({ accountId }) => accountId);
    // A failure is reported to the caller of `of`. Without this line, Node.js would end the process first.
    owner.catch(() => undefined);
    this.owners.set(bucket, owner);
    return (status) => {
      if (status >= 300 && this.owners.get(bucket) === owner) this.owners.delete(bucket);
    };
  };

  /** The account that created a bucket; undefined when there is no such bucket. */
  async of(bucket: string): Promise<string | undefined> {
    return this.owners.get(bucket);
  }
}
