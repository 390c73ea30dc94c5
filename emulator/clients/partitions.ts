/** The AWS partitions that accounts may lie in. */
export const PARTITIONS = ["aws", "aws-us-gov", "aws-cn"] as const;

/** The AWS partition that a region lies in. */
export function partitionOf(region: string): string {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return region.startsWith("cn-") ? "aws-cn" : "aws";
}

/** `<service>.<region>.amazonaws.com`, with China's suffix there: how a service is named in `kms:ViaService`. */
export const regionalService = (service: string, region: string): string =>
  `${service}.${region}.amazonaws.com${partitionOf(region) === "aws-cn" ? ".cn" : ""}`;

/** The region that answers for IAM in a partition; moto keeps the partitions' IAM apart. */
export function iamRegion(partition: string): string {
  return { "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1" }[partition] ?? "us-east-1";
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>` for a region's partition. */
export function regionalArn(service: string, region: string, accountId: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}

/** The session ARN of a role's credentials as used in a region. */
export function assumedRoleArn(
  region: string,
  accountId: string,
  roleName: string,
  sessionName: string,
): string {
  return `arn:${partitionOf(region)}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
}
