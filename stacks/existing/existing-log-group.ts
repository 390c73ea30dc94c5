import { DataAwsCloudwatchLogGroup } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-group";
import { DataAwsCloudwatchLogGroups } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-groups";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { addressOf, stopUnless, warnUnless } from "./expectation";

export interface ExistingLogGroupProps {
  /** Account, region and setting, as messages name them: `payments in eu-central-1: logs.group`. */
  readonly label: string;
  readonly name: string;
  readonly settings: Settings["logs"];
  /** Whether a session is refused unless the group is there and has a customer key. */
  readonly enforced: boolean;
}

/** Looks at the log group that a map names, which lies in the target's own account and region. */
export class ExistingLogGroup extends Construct {
  constructor(scope: Construct, id: string, { label, name, settings, enforced }: ExistingLogGroupProps) {
    super(scope, id);
    // Asked for by prefix, since a group that is not there is no error of this one.
    const there = new DataAwsCloudwatchLogGroups(this, "ByPrefix", {
      logGroupNamePrefix: name,
      lifecycle: stopUnless({
        holds: `contains(self.log_group_names, ${JSON.stringify(name)})`,
        otherwise: `${label}: there is no log group ${name}, and sessions would ${enforced ? "all be refused" : "leave no log"}. Create it, or say logs.group: "create".`,
      }),
    });
    const hasKey = {
      holds: 'self.kms_key_id != ""',
      otherwise: `${label}: the log group ${name} has no customer key, and preferences.enforce.cloudWatch refuses every session without one. Associate a KMS key with it, or set preferences.enforce.cloudWatch: false.`,
    };
    const isStandard = {
      holds: 'self.log_group_class == "STANDARD"',
      otherwise: `${label}: the log group ${name} is not of class STANDARD, and can be neither masked nor sent on. Name another group, or leave logs.masking and logs.subscription out.`,
    };
    const wantsStandard = settings.masking.enabled || settings.subscription.destinationArn !== null;
    const group = new DataAwsCloudwatchLogGroup(this, "Default", {
      name,
      lifecycle: stopUnless(...(enforced ? [hasKey] : []), ...(wantsStandard ? [isStandard] : [])),
      dependsOn: [there],
    });
    const found = addressOf(group);
    const kept = `${found}.retention_in_days`;
    warnUnless(this, id, [
      {
        holds: `${kept} == 0 || ${kept} >= ${settings.retentionDays}`,
        otherwise: `${label}: the log group ${name} keeps logs for fewer than the ${settings.retentionDays} days of logs.retentionDays. Raise its retention.`,
      },
      ...(enforced
        ? []
        : [
            {
              holds: `${found}.kms_key_id != ""`,
              otherwise: `${label}: the log group ${name} has no customer key: whoever may read logs in the account reads it. Associate a KMS key with it.`,
            },
          ]),
    ]);
  }
}
