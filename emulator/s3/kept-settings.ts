import { bucketItselfOf } from "../gateway/bucket-urls";
import type { AwsRequest, Observer } from "../gateway/protocol";

/** A setting of a bucket as it was set: the body and the headers of the request. */
export type KeptSetting = Pick<AwsRequest, "headers"> & { readonly text: string };

/** Keeps one setting of each bucket as it was set, where moto drops a part of it. */
export class KeptSettings {
  private readonly settings = new Map<string, KeptSetting>();

  /** @param bucketOf the bucket whose setting a request reads, sets or deletes; undefined: it is another request */
  constructor(private readonly bucketOf: (request: AwsRequest) => string | undefined) {}

  /** The setting of a bucket; undefined when it has none. */
  of(bucket: string): KeptSetting | undefined {
    return this.settings.get(bucket);
  }

  /** The setting that a request reads; undefined when it reads none. */
  readBy(request: AwsRequest): KeptSetting | undefined {
    const bucket = request.method === "GET" ? this.bucketOf(request) : undefined;
    return bucket === undefined ? undefined : this.settings.get(bucket);
  }

  /** Remembers a setting that is set, and forgets one that is deleted, alone or with its bucket; unless S3 refuses. */
  readonly observe: Observer = (request) => {
    const { method, headers } = request;
    const bucket = this.bucketOf(request) ?? (method === "DELETE" ? bucketItselfOf(request) : undefined);
    if (bucket === undefined) return () => undefined;
    const text = request.body.toString("utf8");
    return (status) => {
      if (status >= 300) return;
      if (method === "PUT") this.settings.set(bucket, { text, headers });
      if (method === "DELETE") this.settings.delete(bucket);
    };
  };
}
