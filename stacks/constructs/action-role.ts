import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { InvokingRule } from "../events/actions";
import { toJson } from "../kit/json";
import { arns, principalOf, type Place } from "../names";
import { actionTrust } from "../policies/action-policy";
import type { Policy } from "../policies/policy";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";

/** Which rules may invoke which function. */
export interface FunctionPermissionProps {
  /** Account and region of the rules and the function. */
  readonly place: Place;
  /** Name of the function. */
  readonly name: string;
  /** Alias or version that is invoked; null: the unqualified function. */
  readonly qualifier: string | null;
  /** Rules that may invoke the function. */
  readonly rules: readonly InvokingRule[];
  /**
   * Name of the custom event bus that has the rules.
   * @default the default bus of the account
   */
  readonly bus?: string | null;
}

/**
 * Lets rules invoke a function that the stack does not manage. The function's policy gets one statement for each rule,
 * with the name of the rule as its id.
 * @example
 * new FunctionPermission(this, "Function-enrich", {
 *   place,
 *   name: "enrich",
 *   qualifier: "live",
 *   rules: [{ id: "Activity", name: "session-audit-acme-activity" }],
 * });
 */
export class FunctionPermission extends Construct {
  /** The permissions, without which EventBridge cannot invoke the function. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FunctionPermissionProps) {
    super(scope, id);
    const { place, name, qualifier, rules, bus = null } = props;
    this.ready = rules.map(
      ({ id: ruleId, name: rule }) =>
        new LambdaPermission(this, ruleId, {
          statementId: rule,
          action: "lambda:InvokeFunction",
          functionName: name,
          ...(qualifier !== null && { qualifier }),
          principal: principalOf("events", place),
          sourceArn: arns.rule(place, rule, bus),
          sourceAccount: place.account.id,
        }),
    );
  }
}

/** What a role may invoke, and for which rules EventBridge can assume it. */
export interface ActionRoleProps {
  /** Account and region of the rules. */
  readonly place: Place;
  /** Name of the role. */
  readonly name: string;
  /** Description that the console shows with the role. */
  readonly description: string;
  /** Policy of the role, which allows it to invoke one target. */
  readonly policy: Policy;
  /** Rules for which EventBridge can assume the role. */
  readonly rules: readonly Pick<InvokingRule, "name">[];
  /**
   * Name of the custom event bus that has the rules.
   * @default the default bus of the account
   */
  readonly bus?: string | null;
  /** ARN of the role's permissions boundary; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
}

/**
 * The role that EventBridge assumes to invoke one target for some rules.
 * @example
 * new ActionRole(this, "Pipeline-lock-down", {
 *   place, name: names.actionRole(place, "security", "0f0f0f0f"),
 *   description: "EventBridge starts the pipeline lock-down",
 *   policy: invocationPolicy(place, invocation, pipelineArn, null),
 *   rules: [{ id: "Tampering", name: "session-audit-acme-security-tampering" }], permissionsBoundaryArn: null,
 * });
 */
export class ActionRole extends Construct {
  /** ARN of the role as a plain string, computed from its name. */
  readonly arn: string;
  /** The policy of the role, without which EventBridge can assume the role but invoke nothing. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ActionRoleProps) {
    super(scope, id);
    this.arn = arns.role(props.place.account, props.name);
    const role = new IamRole(this, "Default", {
      name: props.name,
      description: props.description,
      assumeRolePolicy: toJson(
        actionTrust(
          props.place,
          props.rules.map(({ name: rule }) => rule),
          props.bus,
        ),
      ),
      ...(props.permissionsBoundaryArn !== null && { permissionsBoundary: props.permissionsBoundaryArn }),
    });
    this.ready = [
      new IamRolePolicy(this, "Policy", { name: "invoke", role: role.name, policy: toJson(props.policy) }),
    ];
  }
}
