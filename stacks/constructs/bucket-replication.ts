import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../kit/json";
import { arns, names } from "../names";
import { replicationPolicy, replicationTrust, type Replication } from "../policies/replication-policy";

export interface BucketReplicationProps {
  readonly replication: Replication;
  /** Reaches the source's account, in its region. */
  readonly provider: TerraformProvider;
  /** ARN of the replica's key, in full: S3 takes an alias without a word, and then replicates nothing. null: none. */
  readonly replicaKeyArn: string | null;
  /** ARN of the role's permissions boundary; null: none. */
  readonly permissionsBoundaryArn: string | null;
  /** ARNs of topics in the source's account and region that are told when a transcript was not replicated. */
  readonly topicArns: readonly string[];
  /** What has to be there before S3 can replicate. */
  readonly ready: readonly ITerraformDependable[];
}

/** The id of the rule, which its metrics are found by. */
const RULE = "transcripts";

/** Replication of a bucket of transcripts: the role that S3 takes, the rule, and an alarm when it fails. */
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
            // Without it S3 counts no failures.
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
      // No data is the normal state of a metric that counts failures.
      treatMissingData: "notBreaching",
      alarmActions: [...props.topicArns],
    });
  }
}
