import type { Handler } from "../gateway/protocol";
import { bucketOfLifecycle } from "../gateway/bucket-urls";
import { KeptSettings } from "./kept-settings";

/** The header with the size of the smallest objects that move by default. */
const DEFAULT_SIZE = "x-amz-transition-default-minimum-object-size";

/**
 * Keeps the lifecycles of buckets as they were set. Observed with moto 5.2.1: moto drops the sizes of objects from the
 * filters of rules, and the AWS provider waits until it reads what it has written.
 */
export class BucketLifecycles {
  private readonly kept = new KeptSettings(bucketOfLifecycle);

  /** Remembers a lifecycle that is set, and forgets one that is deleted, alone or with its bucket. */
  readonly observe = this.kept.observe;

  /** Answers reads with the lifecycle as it was set. */
  readonly answer: Handler = async (request) => {
    const kept = this.kept.readBy(request);
    if (kept === undefined) return undefined;
    const size = [kept.headers[DEFAULT_SIZE] ?? "all_storage_classes_128K"].flat()[0]!;
    return {
      status: 200,
      headers: { "content-type": "application/xml", [DEFAULT_SIZE]: size },
      body: kept.text,
    };
  };
}
