import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { InvokingRule } from "../actions";
import { arns, type Place } from "../names";

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
          principal: "events.amazonaws.com",
          sourceArn: arns.rule(place, rule),
          sourceAccount: place.account.id,
        }),
    );
  }
}
