/**
 * The regions that the S3 backend of Terraform 1.11 accepts. The list is meant never to grow: to skip the backend's own
 * check changes the configuration of the backend, and then Terraform asks for `init -reconfigure` in every stack whose
 * state is there already.
 */
const ACCEPTED: ReadonlySet<string> = new Set([
  ...["af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"],
  ...["ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"],
  ...["ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1"],
  ...["eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1"],
  ...["me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
  ...["us-gov-east-1", "us-gov-west-1", "cn-north-1", "cn-northwest-1"],
]);

/**
 * Whether the S3 backend must not check the region of its bucket, because a supported Terraform would refuse it. The map
 * has checked the region already.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export const skipsBackendCheck = (region: string): boolean => !ACCEPTED.has(region);
