import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CONFIGURATION_VARIABLE, inEnvironment, type GuardConfiguration } from "../../guard/configuration";
import { acceptFindings } from "../kit/accepted-findings";
import { guardCode } from "./guard-code";
import { toJson } from "../kit/json";
import { arns, guardNames, principalOf } from "../names";
import { guardTrust, guardPolicy, type GuardDuties } from "../policies/guard-policy";
import { StackFile } from "./stack-file";

/** What the guard's function may do, how it is configured, and what invokes it. */
export interface GuardFunctionProps {
  /** Duties of the guard, from which the policy of its role is derived. */
  readonly duties: GuardDuties;
  /** Configuration that the function reads from its environment. */
  readonly configuration: GuardConfiguration;
  /**
   * ARN of a customer managed key whose policy lets CloudWatch Logs encrypt the guard's log; null: CloudWatch Logs
   * encrypts with a key of its own.
   */
  readonly keyArn: string | null;
  /** ARN of the role's permissions boundary; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
  /** Number of concurrent executions that are reserved for the function; null: none are reserved. */
  readonly reservedConcurrency: number | null;
  /** Names of the rules that invoke the function, by construct id of the rule. */
  readonly rules: Readonly<Record<string, string>>;
  /** The SQS queue for events that the function fails on: its ARN, and what must exist before it is used. */
  readonly deadLetters: { readonly arn: string; readonly ready: readonly ITerraformDependable[] };
}

/**
 * Days for which the guard's log is kept. What the guard did is part of the record, and Checkov's CKV_AWS_338 asks for
 * at least a year.
 */
const LOG_RETENTION_DAYS = 365;

/** Seconds, enough for an estimated ten thousand sessions. The next run continues where a run was stopped. */
const TIMEOUT_SECONDS = 300;

/**
 * The guard's Lambda function, its role, its log group, and the permissions of the rules that invoke it.
 * @example
 * new GuardFunction(this, "Function", {
 *   duties, configuration: guardConfiguration(organization, target, duties), keyArn: key.arn,
 *   permissionsBoundaryArn: null, reservedConcurrency: null,
 *   rules: { Sessions: guardNames(duties.place).sessions },
 *   deadLetters: { arn: arns.queue(duties.place, queue), ready: deadLetterQueue.ready },
 * });
 */
export class GuardFunction extends Construct {
  /** ARN of the function as a plain string, computed from its name. */
  readonly arn: string;
  /** The guard's log group. */
  readonly log: ITerraformDependable;
  /** The permissions, without which the rules cannot invoke the function. */
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
    const code = guardCode();
    const fn = new LambdaFunction(this, "Default", {
      functionName: names.function,
      description: "Ends sessions that leave no record, and tells of those that left none",
      role: role.arn,
      // This runtime includes the AWS SDK, which the bundle leaves out.
      runtime: "nodejs22.x",
      // Lambda has arm64 in most regions, but not in all.
      // @see https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
      architectures: ["x86_64"],
      handler: "index.handler",
      filename: new StackFile(this, "Code", { name: "guard.zip", content: code.zip }).path,
      sourceCodeHash: code.sha256,
      timeout: TIMEOUT_SECONDS,
      memorySize: 256,
      ...(props.reservedConcurrency !== null && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: { variables: { [CONFIGURATION_VARIABLE]: toJson(inEnvironment(props.configuration)) } },
      deadLetterConfig: { targetArn: props.deadLetters.arn },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logFormat: "JSON",
        logGroup: names.logGroup,
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
      },
      // When Lambda creates the function, it checks that the role may send messages to the queue.
      // @see https://github.com/elastic/beats/issues/13963
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
