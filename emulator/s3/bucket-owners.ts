import type { Identities } from "../clients/identities";
import type { Handler } from "../gateway/protocol";

/** Remembers who made which bucket: bucket ARNs and moto's answers do not say which account owns one. */
export class BucketOwners {
  private readonly owners = new Map<string, string>();

  constructor(private readonly identities: Identities) {}

  /** Watches buckets come and go; answers nothing itself. */
  readonly watch: Handler = async ({ service, method, url, accessKeyId, region }) => {
    const bucket = /^\/([^/?]+)\/?(\?x-id=\w+)?$/.exec(url)?.[1];
    if (service !== "s3" || bucket === undefined) return undefined;
    if (method === "DELETE") this.owners.delete(bucket);
    if (method === "PUT" && !this.owners.has(bucket)) {
      this.owners.set(bucket, (await this.identities.of(accessKeyId, region)).accountId);
    }
    return undefined;
  };

  /** The account that made a bucket. */
  of(bucket: string): string | undefined {
    return this.owners.get(bucket);
  }
}
