import type { Room } from "../gateway/protocol";
import type { Core } from "../iam/core";
import { BucketOwners } from "./bucket-owners";
import type { BucketPolicies } from "./bucket-policies";
import { BucketReplications } from "./bucket-replications";
import { Replicator } from "./replicator";

export type { ReplicationOutcome } from "./replicator";

/** S3 beyond moto: the owners, policies and replication of buckets. */
export interface S3Room extends Room {
  readonly owners: BucketOwners;
  readonly replicator: Replicator;
}

/** @param policies the bucket policies that the authorizer reads */
export function s3Room({ accounts, identities, authorizer }: Core, policies: BucketPolicies): S3Room {
  const owners = new BucketOwners(identities);
  const replications = new BucketReplications();
  return {
    observers: [owners.observe, policies.observe, replications.observe],
    handlers: [policies.answer, replications.answer],
    rewrites: [policies.strip],
    owners,
    replicator: new Replicator(accounts, authorizer, owners, replications),
  };
}
