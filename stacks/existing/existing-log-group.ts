import { DataAwsCloudwatchLogGroup } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-group";
import { DataAwsCloudwatchLogGroups } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-groups";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { addressOf, stopUnless, warnUnless } from "./expectation";

/** Which log group is examined, and how the map uses it. */
export interface ExistingLogGroupProps {
  /** What messages begin with: account, region and setting, as in `payments in eu-central-1: logs.group`. */
  readonly label: string;
  /** Name of the log group. */
  readonly name: string;
  /** The setting `logs` of the target: retention in days, masking and subscription. */
  readonly settings: Settings["logs"];
  /** Whether SSM Agent refuses every session if the log group does not exist or has no customer managed key. */
  readonly enforced: boolean;
}

/**
 * Examines an existing log group that the map names, in the account and region of the target. The plan stops if the
 * log group does not exist or cannot be used as the map says. Weaker protection than the map has causes a warning.
 * @see docs/decisions/0012-what-exists-is-looked-at.md
 * @example
 * new ExistingLogGroup(this, "ExistingLogGroup", {
 *   label: "payments in eu-central-1: logs.group",
 *   name: "central-sessions",
 *   settings: settings.logs,
 *   enforced: settings.preferences.enforce.cloudWatch,
 * });
 */
export class ExistingLogGroup extends Construct {
  constructor(scope: Construct, id: string, { label, name, settings, enforced }: ExistingLogGroupProps) {
    super(scope, id);
    // Observed: the data source for one log group fails with the provider's own error if the group does not exist. This
    // one finds nothing instead, so that the message below says what to do.
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
        holds: keepsAsLong(kept, settings.retentionDays),
        otherwise:
          settings.retentionDays === null
            ? `${label}: the log group ${name} deletes logs after some time, and logs.retentionDays is null, which means never. Let it keep logs forever.`
            : `${label}: the log group ${name} keeps logs for fewer than the ${settings.retentionDays} days of logs.retentionDays. Raise its retention.`,
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

/**
 * Terraform expression: whether a log group keeps logs for as long as the map says. 0 means forever.
 * @param kept expression of the days that it keeps logs
 * @param days what the map says; null: forever
 */
const keepsAsLong = (kept: string, days: number | null): string =>
  days === null ? `${kept} == 0` : `${kept} == 0 || ${kept} >= ${days}`;
