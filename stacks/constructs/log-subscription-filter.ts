import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { arns, logsService, names } from "../names";
import type { LogSubscription } from "../policies/log-subscription";

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
              principal: logsService(place),
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
