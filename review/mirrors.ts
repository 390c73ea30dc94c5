import type { ModuleValues, PlanJson, PlanResourceChange, ResourceValues } from "./plan-json";

/** Where AWS also returns what another resource of Terraform manages. */
interface Mirror {
  /** Type of the resource that manages it. */
  readonly managedBy: string;
  /** Attribute by which that resource names the object, and the attribute of the object that it names. */
  readonly key: string;
  readonly names: string;
}

const ofBucket = (managedBy: string): Mirror => ({ managedBy, key: "bucket", names: "bucket" });

/** By type and attribute. When a stack is refreshed for the first time, all of them look like drift. */
const MIRRORS: Readonly<Record<string, Readonly<Record<string, Mirror>>>> = {
  aws_sns_topic: { policy: { managedBy: "aws_sns_topic_policy", key: "arn", names: "arn" } },
  aws_sqs_queue: { policy: { managedBy: "aws_sqs_queue_policy", key: "queue_url", names: "url" } },
  aws_iam_role: {
    inline_policy: { managedBy: "aws_iam_role_policy", key: "role", names: "name" },
    managed_policy_arns: { managedBy: "aws_iam_role_policy_attachment", key: "role", names: "name" },
  },
  aws_s3_bucket: {
    lifecycle_rule: ofBucket("aws_s3_bucket_lifecycle_configuration"),
    logging: ofBucket("aws_s3_bucket_logging"),
    object_lock_configuration: ofBucket("aws_s3_bucket_object_lock_configuration"),
    policy: ofBucket("aws_s3_bucket_policy"),
    replication_configuration: ofBucket("aws_s3_bucket_replication_configuration"),
    server_side_encryption_configuration: ofBucket("aws_s3_bucket_server_side_encryption_configuration"),
    versioning: ofBucket("aws_s3_bucket_versioning"),
  },
};

/** What the resources of a stack manage of other objects: `<type of the resource> <name of the object>`. */
export type Mirrors = ReadonlySet<string>;

/** The objects of a plan that other resources of the same stack manage in part. */
export function mirrorsOf(plan: PlanJson): Mirrors {
  const keys = new Map(
    Object.values(MIRRORS).flatMap((byAttribute) =>
      Object.values(byAttribute).map(({ managedBy, key }) => [managedBy, key] as const),
    ),
  );
  const managed = resourcesIn(plan.prior_state?.values?.root_module).flatMap(({ type, values }) => {
    const key = keys.get(type);
    return key === undefined ? [] : [`${type} ${String(values?.[key])}`];
  });
  return new Set(managed);
}

/**
 * What an attribute repeats, if another resource manages it: an entry of {@link Mirrors} in the plan of its stack. It may
 * be another stack: the replication of a bucket belongs to the stack of the replica.
 */
export function mirrorOf({ type, change }: PlanResourceChange, attribute: unknown): string | undefined {
  const mirror = MIRRORS[type]?.[String(attribute)];
  if (mirror === undefined) return undefined;
  const object = (change.before ?? change.after) as ResourceValues["values"];
  return `${mirror.managedBy} ${String(object?.[mirror.names])}`;
}

/** All resources of a module and of the modules in it. */
export const resourcesIn = (module: ModuleValues | undefined): readonly ResourceValues[] =>
  module === undefined
    ? []
    : [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(resourcesIn)];
