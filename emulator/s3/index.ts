import { bucketAndKey } from "../gateway/bucket-urls";
import type { Room, Stamp } from "../gateway/protocol";
import type { Core } from "../iam/core";
import { BucketOwners } from "./bucket-owners";
import { BucketLifecycles } from "./bucket-lifecycles";
import type { BucketPolicies } from "./bucket-policies";
import { BucketReplications } from "./bucket-replications";
import { objectRetention } from "./object-retention";
import { Replicator } from "./replicator";

export type { ReplicationOutcome } from "./replicator";

/** The parts of S3 that moto lacks: the owners, policies, replication and lifecycles of buckets. */
export interface S3Room extends Room {
  readonly owners: BucketOwners;
  readonly replicator: Replicator;
}

/** @param policies the bucket policies that the authorizer reads */
export function s3Room({ accounts, identities, authorizer }: Core, policies: BucketPolicies): S3Room {
  const owners = new BucketOwners(identities);
  const replications = new BucketReplications();
  const replicator = new Replicator(accounts, authorizer, owners, replications);
  const lifecycles = new BucketLifecycles();
  return {
    observers: [owners.observe, policies.observe, replications.observe, lifecycles.observe],
    handlers: [policies.answer, replications.answer, lifecycles.answer, objectRetention(accounts, owners)],
    rewrites: [policies.strip],
    stamps: [replicationStatus(replicator)],
    owners,
    replicator,
  };
}

/** Moto does not say of an object whether it was replicated. */
const replicationStatus =
  (replicator: Replicator): Stamp =>
  ({ service, method, url }) => {
    const isRead = service === "s3" && (method === "GET" || method === "HEAD");
    const { bucket, key } = bucketAndKey({ url });
    const status = isRead && key !== "" ? replicator.statusOf(bucket, key) : undefined;
    return status && { "x-amz-replication-status": status };
  };
