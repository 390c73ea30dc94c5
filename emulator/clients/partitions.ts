import { dnsSuffix, globalRegion, PARTITIONS, type Partition, partitionOf as known } from "../../aws/regions";

/** The AWS partition of a region. Text that is not a region belongs to the partition `aws`, as in the AWS SDKs. */
export const partitionOf = (region: string): Partition => known(region) ?? "aws";

/**
 * `<service>.<region>.<DNS suffix>`, such as `s3.eu-central-1.amazonaws.com`: the value of `kms:ViaService`.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export const regionalService = (service: string, region: string): string =>
  `${service}.${region}.${dnsSuffix(partitionOf(region))}`;

/** The region to call for the IAM of a partition. Moto keeps an IAM of its own for each partition. */
export const iamRegion = (partition: string): string =>
  globalRegion(PARTITIONS.find((supported) => supported === partition) ?? "aws");

/** `arn:<partition>:<service>:<region>:<account>:<resource>`, with the partition of the region. */
export function regionalArn(service: string, region: string, accountId: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}

/** The ARN of an assumed-role session, with the partition of the region in which its credentials are used. */
export function assumedRoleArn(
  region: string,
  accountId: string,
  roleName: string,
  sessionName: string,
): string {
  return `arn:${partitionOf(region)}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
}
