import { CloudwatchLogDataProtectionPolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-data-protection-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toJson } from "../json";
import type { MaskingPolicy } from "../policies/masking-policy";

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
