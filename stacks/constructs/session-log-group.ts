import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { acceptFindings } from "../kit/accepted-findings";
import type { MaskingPolicy } from "../policies/masking-policy";
import { CloudwatchLogDataProtectionPolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-data-protection-policy";
import { toJson } from "../kit/json";
import type { LogSubscription } from "../policies/log-subscription";
import { names, principalOf, arns } from "../names";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";

export interface LogSubscriptionFilterProps {
  readonly subscription: LogSubscription;
  /** What must be in place before: the log group, and that it is masked. */
  readonly ready: readonly ITerraformDependable[];
}

/** Sends what is written to a log group on. The role that some destinations want is the account's. */
export class LogSubscriptionFilter extends Construct {
  constructor(scope: Construct, id: string, { subscription, ready }: LogSubscriptionFilterProps) {
    super(scope, id);
    const { place, logGroup, kind, destinationArn } = subscription;
    const name = names.subscription(place);
    const permissions =
      kind === "function"
        ? [
            new LambdaPermission(this, "Permission", {
              statementId: name,
              action: "lambda:InvokeFunction",
              functionName: destinationArn,
              principal: principalOf("logs", place),
              sourceArn: `${arns.logGroup(place, logGroup)}:*`,
              sourceAccount: place.account.id,
            }),
          ]
        : [];
    new CloudwatchLogSubscriptionFilter(this, "Default", {
      name,
      logGroupName: logGroup,
      destinationArn,
      filterPattern: subscription.filterPattern,
      distribution: subscription.distribution,
      ...(subscription.wantsRole && { roleArn: arns.role(place.account, name) }),
      dependsOn: [...ready, ...permissions],
    });
  }
}

export interface LogMaskingProps {
  readonly logGroup: string;
  readonly policy: MaskingPolicy;
  /** What must be in place before: the log group, if it is created. */
  readonly ready: readonly ITerraformDependable[];
}

/** Masks secrets in what is written to a log group from now on. */
export class LogMasking extends Construct {
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

export interface SessionLogGroupProps {
  readonly name: string;
  readonly settings: Settings["logs"];
  /** ARN of the key, whose policy must let CloudWatch Logs use it for this group; null: AWS's own. */
  readonly keyArn: string | null;
  readonly protect: boolean;
}

/** The log group that sessions stream to. */
export class SessionLogGroup extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, settings, keyArn, protect }: SessionLogGroupProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, "Default", {
      name,
      retentionInDays: settings.retentionDays,
      logGroupClass: settings.class,
      ...(keyArn !== null && { kmsKeyId: keyArn }),
      lifecycle: { preventDestroy: protect },
    });
    acceptFindings(group, {
      CKV_AWS_158: keyArn === null && "The map says encryption.mode: s3-managed.",
      CKV_AWS_338: settings.retentionDays < 365 && "The map says logs.retentionDays: less than a year.",
    });
    this.ready = [group];
  }
}
