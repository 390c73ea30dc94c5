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

export interface FunctionPermissionProps {
  readonly place: Place;
  /** Name of the function. */
  readonly name: string;
  /** The alias or version that is invoked; null: the function itself. */
  readonly qualifier: string | null;
  /** The rules that may invoke it. */
  readonly rules: readonly InvokingRule[];
}

/** Lets rules invoke a function that somebody else owns: a statement for each in its policy, named like the rule. */
export class FunctionPermission extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { place, name, qualifier, rules }: FunctionPermissionProps) {
    super(scope, id);
    this.ready = rules.map(
      ({ id: ruleId, name: rule }) =>
        new LambdaPermission(this, ruleId, {
          statementId: rule,
          action: "lambda:InvokeFunction",
          functionName: name,
          ...(qualifier !== null && { qualifier }),
          principal: principalOf("events", place),
          sourceArn: arns.rule(place, rule),
          sourceAccount: place.account.id,
        }),
    );
  }
}

export interface ActionRoleProps {
  readonly place: Place;
  readonly name: string;
  readonly description: string;
  /** What the role may do: one thing. */
  readonly policy: Policy;
  /** The rules for which EventBridge takes the role. */
  readonly rules: readonly InvokingRule[];
  /** ARN of the role's permissions boundary; null: none. */
  readonly permissionsBoundaryArn: string | null;
}

/** The role with which EventBridge invokes one target for some rules. */
export class ActionRole extends Construct {
  /** Computed from the name. */
  readonly arn: string;
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
        ),
      ),
      ...(props.permissionsBoundaryArn !== null && { permissionsBoundary: props.permissionsBoundaryArn }),
    });
    this.ready = [
      new IamRolePolicy(this, "Policy", { name: "invoke", role: role.name, policy: toJson(props.policy) }),
    ];
  }
}
