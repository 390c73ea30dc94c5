/**
 * The AWS partitions that this program supports. An organization is in one partition.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export type Partition = "aws" | "aws-us-gov" | "aws-cn";

/**
 * The regions of each partition.
 *
 * @see https://github.com/boto/botocore/blob/develop/botocore/data/endpoints.json
 */
const REGIONS: Readonly<Record<Partition, readonly string[]>> = {
  aws: [
    ...["af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
    ...["ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4"],
    ...["ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1"],
    ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
    ...["eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1"],
    ...["mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
  ],
  "aws-us-gov": ["us-gov-east-1", "us-gov-west-1"],
  "aws-cn": ["cn-north-1", "cn-northwest-1"],
};

const PARTITION_OF = new Map(
  Object.entries(REGIONS).flatMap(([partition, regions]) =>
    regions.map((region) => [region, partition as Partition] as const),
  ),
);

/**
 * The region of a partition in which services without regions, such as IAM, record their calls. EventBridge delivers
 * the events of these calls there and nowhere else.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
 */
const GLOBAL_REGION: Readonly<Record<Partition, string>> = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
};

/** The region of a partition in which the calls of IAM are recorded. @example globalRegion("aws") // "us-east-1" */
export const globalRegion = (partition: Partition): string => GLOBAL_REGION[partition];

/** All regions, for error messages and for completion in editors. */
export const ALL_REGIONS: readonly string[] = [...PARTITION_OF.keys()];

/**
 * The partition of a region; `undefined` for a text that is not a region.
 *
 * @example partitionOf("cn-north-1") // "aws-cn"
 */
export const partitionOf = (region: string): Partition | undefined => PARTITION_OF.get(region);
