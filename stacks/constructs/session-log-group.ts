import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { acceptFindings } from "../kit/accepted-findings";
import type { MaskingPolicy } from "../policies/masking-policy";
import { CloudwatchLogDataProtectionPolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-data-protection-policy";
import { literal, toJson } from "../kit/json";
import type { LogSubscription } from "../policies/log-subscription";
import { newerProviderFor } from "../../aws/regions";
import { names, principalOf, arns } from "../names";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";

/** Which log events are forwarded, and to which destination. */
export interface LogSubscriptionFilterProps {
  /** The log group, the destination, the filter pattern and the distribution. */
  readonly subscription: LogSubscription;
  /** Resources that must exist before log events are forwarded: the log group and its masking. */
  readonly ready: readonly ITerraformDependable[];
}

/**
 * A subscription filter that forwards the events of a log group to a destination. If the destination needs a role, it
 * is the role of the account, which the stack of the account creates.
 * @example
 * new LogSubscriptionFilter(this, "LogSubscription", { subscription, ready: masking.ready });
 */
export class LogSubscriptionFilter extends Construct {
  constructor(scope: Construct, id: string, { subscription, ready }: LogSubscriptionFilterProps) {
    super(scope, id);
    const { place, logGroup, destinationArn } = subscription;
    const name = names.subscription(place);
    const permissions =
      subscription.function === null
        ? []
        : [
            new LambdaPermission(this, "Permission", {
              statementId: name,
              action: "lambda:InvokeFunction",
              // The provider stores an alias or version apart from the function, and replaces the permission in each plan if
              // the function's name has it. Without one, the ARN stays what it was in states.
              // @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/permission.go
              ...(subscription.function.qualifier === null
                ? { functionName: destinationArn }
                : { functionName: subscription.function.name, qualifier: subscription.function.qualifier }),
              principal: principalOf("logs", place),
              sourceArn: `${arns.logGroup(place, logGroup)}:*`,
              sourceAccount: place.account.id,
            }),
          ];
    new CloudwatchLogSubscriptionFilter(this, "Default", {
      name,
      logGroupName: logGroup,
      // Terraform evaluates nothing in what the map says.
      destinationArn: literal(destinationArn),
      filterPattern: literal(subscription.filterPattern),
      distribution: subscription.distribution,
      ...(subscription.wantsRole && { roleArn: arns.role(place.account, name) }),
      dependsOn: [...ready, ...permissions],
    });
  }
}

/** What is masked in which log group. */
export interface LogMaskingProps {
  /** Name of the log group. */
  readonly logGroup: string;
  /** Data protection policy. */
  readonly policy: MaskingPolicy;
  /** Resources that must exist before the policy: the log group, unless it is an existing one. */
  readonly ready: readonly ITerraformDependable[];
}

/**
 * Masks secrets in a log group with a data protection policy. Log events from before the policy are not masked.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDataProtectionPolicy.html
 * @example
 * new LogMasking(this, "LogMasking", {
 *   logGroup: names.logGroup(place),
 *   policy: maskingPolicy(place, settings.logs.masking),
 *   ready: group.ready,
 * });
 */
export class LogMasking extends Construct {
  /** The data protection policy, which must exist before sessions write to the log group. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { logGroup, policy, ready }: LogMaskingProps) {
    super(scope, id);
    const masking = new CloudwatchLogDataProtectionPolicy(this, "Default", {
      logGroupName: logGroup,
      policyDocument: toJson(policy),
      dependsOn: [...ready],
    });
    this.ready = [masking];
  }
}

/**
 * Whether the provider of stacks in a region knows the deletion protection of log groups: from version 6.25.0. It is
 * version 6 if the region needs it, or if the bindings with which the project is built are of that version.
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/45298
 */
export const hasDeletionProtection = (region: string): boolean =>
  newerProviderFor(region) !== undefined || "deletionProtectionEnabled" in CloudwatchLogGroup.prototype;

/** How a log group encrypts and keeps session logs. */
export interface SessionLogGroupProps {
  /** Name of the log group. */
  readonly name: string;
  /** Region of the log group, which decides about the version of the AWS provider. */
  readonly region: string;
  /** The setting `logs` of the target: retention in days, and log class. */
  readonly settings: Settings["logs"];
  /**
   * ARN of a customer managed key whose policy lets CloudWatch Logs use it for this log group; null: CloudWatch Logs
   * encrypts with a key of its own.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly keyArn: string | null;
  /**
   * Whether Terraform refuses to destroy the log group, and all session logs with it. With AWS provider 6.25.0 or newer,
   * the log group also has deletion protection: CloudWatch Logs refuses to delete it until somebody switches this off.
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html
   */
  readonly protect: boolean;
}

/**
 * The log group that SSM Agent writes session logs to.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html
 * @example
 * new SessionLogGroup(this, "LogGroup", {
 *   name: names.logGroup(place),
 *   region: place.region,
 *   settings: settings.logs,
 *   keyArn: key.arn,
 *   protect: settings.protect,
 * });
 */
export class SessionLogGroup extends Construct {
  /** The log group, which must exist before the preferences name it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    { name, region, settings, keyArn, protect }: SessionLogGroupProps,
  ) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, "Default", {
      name,
      // The provider's 0 keeps logs forever, which is also the default of CloudWatch Logs.
      retentionInDays: settings.retentionDays ?? 0,
      logGroupClass: settings.class,
      ...(keyArn !== null && { kmsKeyId: keyArn }),
      lifecycle: { preventDestroy: protect },
    });
    if (hasDeletionProtection(region)) group.addOverride("deletion_protection_enabled", protect);
    acceptFindings(group, {
      CKV_AWS_158: keyArn === null && "The map says encryption.mode: s3-managed.",
      CKV_AWS_338:
        (settings.retentionDays ?? Infinity) < 365 && "The map says logs.retentionDays: less than a year.",
    });
    this.ready = [group];
  }
}
