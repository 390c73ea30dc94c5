import type { Partition } from "./regions";

/** The name of a service in its principal, without the suffix of the partition. */
export type ServiceName =
  | "chatbot"
  | "cloudtrail"
  | "cloudwatch"
  | "codebuild"
  | "ec2"
  | "events"
  | "lambda"
  | "logging.s3"
  | "logs"
  | "s3"
  | "sns"
  | "ssm"
  | "ssm-guiconnect"
  | "states";

type ByPartition = Readonly<Record<Partition, string>>;

/**
 * A principal that is the same in all partitions. The AWS European Sovereign Cloud has the principals of the partition
 * `aws`, although its hosts are named `amazonaws.eu`: IAM there refuses a policy with `ec2.amazonaws.eu`.
 * @see https://github.com/pulumi/pulumi-eks/issues/2341
 * @see https://github.com/terraform-aws-modules/terraform-aws-eks/pull/3539
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/service_principal
 */
const everywhere = (principal: string): ByPartition => ({
  aws: principal,
  "aws-us-gov": principal,
  "aws-cn": principal,
  "aws-eusc": principal,
});

/** The principal with which a service makes calls and assumes roles. `{region}` is the region from which it calls. */
const SERVICE_PRINCIPALS: Readonly<Record<ServiceName, ByPartition>> = {
  /** @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-chatbot/lib/slack-channel-configuration.ts */
  chatbot: everywhere("chatbot.amazonaws.com"),
  /** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html */
  cloudtrail: everywhere("cloudtrail.amazonaws.com"),
  /** @see https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger */
  cloudwatch: everywhere("cloudwatch.amazonaws.com"),
  /** @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html */
  codebuild: everywhere("codebuild.amazonaws.com"),
  /**
   * IAM in China refuses a trust policy that names `ec2.amazonaws.com`, and EKS there requires the name with `.cn`.
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
   * @see https://github.com/hashicorp/packer/issues/10026
   * @see https://github.com/awslabs/cdk-eks-blueprints/issues/558
   */
  ec2: { ...everywhere("ec2.amazonaws.com"), "aws-cn": "ec2.amazonaws.com.cn" },
  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
  events: everywhere("events.amazonaws.com"),
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
  lambda: everywhere("lambda.amazonaws.com"),
  /** S3 delivers server access logs with this principal. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
  "logging.s3": everywhere("logging.s3.amazonaws.com"),
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
  logs: { ...everywhere("logs.{region}.amazonaws.com"), "aws-cn": "logs.{region}.amazonaws.com.cn" },
  /**
   * S3 assumes replication roles with this principal. The name in China is known from people who tried it.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
   * @see https://github.com/mapbox/cloudfriend/issues/56
   */
  s3: everywhere("s3.amazonaws.com"),
  /** @see https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html */
  sns: everywhere("sns.amazonaws.com"),
  /** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html */
  ssm: everywhere("ssm.amazonaws.com"),
  /**
   * Systems Manager writes recordings of connections by Remote Desktop with this principal.
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-just-in-time-node-access-rdp-recording.html
   */
  "ssm-guiconnect": everywhere("ssm-guiconnect.amazonaws.com"),
  /** @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html */
  states: everywhere("states.amazonaws.com"),
};

/**
 * The principal of a service in a partition.
 * @param region the region from which the service calls; only the principal of CloudWatch Logs contains it
 * @throws Error if the principal contains a region and none is given
 * @example servicePrincipal("logs", "aws-cn", "cn-north-1") // "logs.cn-north-1.amazonaws.com.cn"
 */
export function servicePrincipal(service: ServiceName, partition: Partition, region?: string): string {
  const principal = SERVICE_PRINCIPALS[service][partition];
  if (!principal.includes("{region}")) return principal;
  if (region === undefined)
    throw new Error(`the principal of ${service} contains a region, and none is given`);
  return principal.replace("{region}", region);
}
