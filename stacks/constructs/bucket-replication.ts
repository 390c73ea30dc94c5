import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import { arns, names } from "../names";
import { replicationPolicy, replicationTrust, type Replication } from "../policies/replication-policy";

/** What S3 replicates, with which key, and which topics learn of failures. */
export interface BucketReplicationProps {
  /** The source bucket, the replica, and the key prefix of the objects. */
  readonly replication: Replication;
  /** Provider for the account and region of the source bucket. */
  readonly provider: TerraformProvider;
  /**
   * ARN of the replica's KMS key; null: the replica has none. It must be the ARN of the key: AWS Support has answered
   * that S3 does not replicate with an alias, although it accepts one.
   * @see https://github.com/ministryofjustice/aws-root-account/pull/1015
   */
  readonly replicaKeyArn: string | null;
  /** ARN of the role's permissions boundary; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
  /** ARNs of topics in the source's account and region that the alarm about failures publishes to. */
  readonly topicArns: readonly string[];
  /** Resources that must exist before S3 replicates. */
  readonly ready: readonly ITerraformDependable[];
}

/** Id of the replication rule. The alarm selects the metrics of the rule by it. */
const RULE = "transcripts";

/**
 * Replication of a bucket of transcripts: the role that S3 assumes, the rule, and an alarm about objects that are not
 * replicated.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 * @example
 * new BucketReplication(this, "Replication", {
 *   replication: replicationOf(organization, replica), provider: sourceProvider, replicaKeyArn: key.arn,
 *   permissionsBoundaryArn: null, topicArns: [securityTopicArn], ready: bucket.ready,
 * });
 */
export class BucketReplication extends Construct {
  constructor(scope: Construct, id: string, props: BucketReplicationProps) {
    super(scope, id);
    const { replication, provider, replicaKeyArn, permissionsBoundaryArn } = props;
    const { source, replica, prefix } = replication;
    const isForeign = source.place.account.id !== replica.place.account.id;

    const role = new IamRole(this, "Role", {
      provider,
      name: names.replicationRole(source.place),
      description: `S3 replicates ${source.bucket} with it`,
      assumeRolePolicy: toJson(replicationTrust(replication)),
      ...(permissionsBoundaryArn !== null && { permissionsBoundary: permissionsBoundaryArn }),
    });
    const policy = new IamRolePolicy(this, "Policy", {
      provider,
      name: "replicate",
      role: role.name,
      policy: toJson(replicationPolicy(replication)),
    });
    new S3BucketReplicationConfigurationA(this, "Default", {
      provider,
      bucket: source.bucket,
      role: role.arn,
      rule: [
        {
          id: RULE,
          priority: 1,
          status: "Enabled",
          filter: { prefix },
          deleteMarkerReplication: { status: "Disabled" },
          ...(replicaKeyArn !== null && {
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          }),
          destination: {
            bucket: arns.bucket(replica.place, replica.bucket),
            ...(isForeign && {
              account: replica.place.account.id,
              accessControlTranslation: { owner: "Destination" },
            }),
            ...(replicaKeyArn !== null && { encryptionConfiguration: { replicaKmsKeyId: replicaKeyArn } }),
            // S3 counts failed replications only for rules with metrics.
            // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
            metrics: { status: "Enabled" },
          },
        },
      ],
      dependsOn: [policy, ...props.ready],
    });
    new CloudwatchMetricAlarm(this, "Failed", {
      provider,
      alarmName: names.replicationFailed(source.place),
      alarmDescription: `Transcripts in ${source.bucket} were not replicated to ${replica.bucket}: their replication status is FAILED.`,
      namespace: "AWS/S3",
      metricName: "OperationsFailedReplication",
      dimensions: { SourceBucket: source.bucket, DestinationBucket: replica.bucket, RuleId: RULE },
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      period: 300,
      evaluationPeriods: 1,
      // A metric that counts failures has no data points while nothing fails.
      treatMissingData: "notBreaching",
      alarmActions: [...props.topicArns],
    });
  }
}
