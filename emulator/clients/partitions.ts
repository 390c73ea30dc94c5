/** The AWS partitions that the emulator knows. */
export const PARTITIONS = ["aws", "aws-us-gov", "aws-cn"] as const;

/** The AWS partition of a region. */
export function partitionOf(region: string): string {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return region.startsWith("cn-") ? "aws-cn" : "aws";
}

/**
 * `<service>.<region>.amazonaws.com`, with the suffix `.cn` in China: the value of `kms:ViaService`.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export const regionalService = (service: string, region: string): string =>
  `${service}.${region}.amazonaws.com${partitionOf(region) === "aws-cn" ? ".cn" : ""}`;

/** The region to call for the IAM of a partition. Moto keeps an IAM of its own for each partition. */
export function iamRegion(partition: string): string {
  return { "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1" }[partition] ?? "us-east-1";
}

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
