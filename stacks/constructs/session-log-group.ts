import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/settings";
import { acceptFindings } from "../accepted-findings";

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
