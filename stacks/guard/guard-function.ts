import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CONFIGURATION_VARIABLE, type GuardConfiguration } from "../../guard/configuration";
import { acceptFindings } from "../kit/accepted-findings";
import { guardCode } from "./guard-code";
import { toJson } from "../kit/json";
import { arns, guardNames, principalOf } from "../names";
import { guardTrust, guardPolicy, type GuardDuties } from "../policies/guard-policy";
import { StackFile } from "./stack-file";

export interface GuardFunctionProps {
  readonly duties: GuardDuties;
  readonly configuration: GuardConfiguration;
  /** ARN of a customer managed key that lets CloudWatch Logs use it; null: AWS's own. */
  readonly keyArn: string | null;
  /** ARN of the role's permissions boundary; null: none. */
  readonly permissionsBoundaryArn: string | null;
  /** Runs that are set aside for it; null: none. */
  readonly reservedConcurrency: number | null;
  /** Names of rules that invoke it, by construct id. */
  readonly rules: Readonly<Record<string, string>>;
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
}

/** As long as the longest that CloudWatch asks of anybody's audit: what the guard did is part of the record. */
const LOG_RETENTION_DAYS = 365;

/** Ten thousand sessions or so; the check goes on where it stopped. */
const TIMEOUT_SECONDS = 300;

/** The guard's function, its role and its log. */
export class GuardFunction extends Construct {
  readonly arn: string;
  readonly log: ITerraformDependable;
  /** What lets the rules invoke it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: GuardFunctionProps) {
    super(scope, id);
    const { place } = props.duties;
    const names = guardNames(place);
    this.arn = arns.function(place, names.function);

    const log = new CloudwatchLogGroup(this, "Log", {
      name: names.logGroup,
      retentionInDays: LOG_RETENTION_DAYS,
      ...(props.keyArn !== null && { kmsKeyId: props.keyArn }),
    });
    acceptFindings(log, {
      CKV_AWS_158: props.keyArn === null && "The map says encryption.mode: s3-managed.",
    });
    this.log = log;
    const role = new IamRole(this, "Role", {
      name: names.role,
      description: "The guard: ends sessions that leave no record, and looks whether records are there",
      assumeRolePolicy: toJson(guardTrust(place)),
      ...(props.permissionsBoundaryArn !== null && { permissionsBoundary: props.permissionsBoundaryArn }),
    });
    const policy = new IamRolePolicy(this, "RolePolicy", {
      name: names.role,
      role: role.name,
      policy: toJson(guardPolicy(props.duties)),
    });
    const traces = "X-Ray takes no resource, and a trace has names of AWS calls and no more.";
    acceptFindings(policy, { CKV_AWS_290: traces, CKV_AWS_355: traces });
    const code = guardCode();
    const fn = new LambdaFunction(this, "Default", {
      functionName: names.function,
      description: "Ends sessions that leave no record, and tells of those that left none",
      role: role.arn,
      // The AWS SDK that the code is bundled without is part of this runtime.
      runtime: "nodejs22.x",
      // In every region, which arm64 is not.
      architectures: ["x86_64"],
      handler: "index.handler",
      filename: new StackFile(this, "Code", { name: "guard.zip", content: code.zip }).path,
      sourceCodeHash: code.sha256,
      timeout: TIMEOUT_SECONDS,
      memorySize: 256,
      ...(props.reservedConcurrency !== null && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: { variables: { [CONFIGURATION_VARIABLE]: toJson(props.configuration) } },
      deadLetterConfig: { targetArn: props.deadLetters.arn },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logFormat: "JSON",
        logGroup: names.logGroup,
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
      },
      // Lambda tries the role on the queue when the function is made.
      dependsOn: [log, policy, ...props.deadLetters.ready],
    });
    acceptFindings(fn, {
      CKV_AWS_115:
        props.reservedConcurrency === null &&
        "AWS grants new accounts ten runs at a time and keeps them unreserved; guard.reservedConcurrency sets some aside.",
      CKV_AWS_117: "It calls AWS's own endpoints only, and an account need not have a network.",
      CKV_AWS_173:
        "Its variable holds names and ARNs. A key for it would need a grant, which the key gives nobody.",
      CKV_AWS_272: "The code is made from this repository at synth, and Terraform compares its digest.",
    });
    this.ready = Object.entries(props.rules).map(
      ([construct, rule]) =>
        new LambdaPermission(this, `Invoked-${construct}`, {
          statementId: construct,
          action: "lambda:InvokeFunction",
          functionName: fn.functionName,
          principal: principalOf("events", place),
          sourceArn: arns.rule(place, rule),
        }),
    );
  }
}
