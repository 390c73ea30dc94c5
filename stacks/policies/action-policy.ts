import { arns, principalOf, type Place } from "../names";
import { policy, type Policy, type Statement } from "./policy";

/** The managed nodes that run a command: a list of node ids, or a tag key with the tag values that select nodes. */
export type Nodes =
  { readonly ids: readonly string[] } | { readonly tag: string; readonly values: readonly string[] };

/**
 * Trust policy of the role of an action. Only EventBridge can assume the role, and only for the rules that invoke the
 * action. Otherwise somebody could write another rule that invokes it, with input of their own.
 * @param rules names of rules of this account and region
 * @param bus name of the custom event bus that has the rules; null: they are on the default bus
 * @example actionTrust(place, ["session-audit-acme-activity"])
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const actionTrust = (place: Place, rules: readonly string[], bus: string | null = null): Policy =>
  policy({
    Sid: "RulesTakeThisRole",
    Effect: "Allow",
    Principal: { Service: principalOf("events", place) },
    Action: ["sts:AssumeRole"],
    Condition: {
      StringEquals: { "aws:SourceAccount": place.account.id },
      ArnEquals: { "aws:SourceArn": rules.map((rule) => arns.rule(place, rule, bus)) },
    },
  });

/** What EventBridge calls to invoke a target: one operation, and the Sid of the statement that allows it. */
export interface Invocation {
  readonly Sid: string;
  /** `service:Operation` */
  readonly Action: string;
}

/**
 * Lets EventBridge, in the role of an action, invoke one target and nothing else. An event bus in another account has
 * a policy that must allow the call too. To run a command, Systems Manager authorizes `ssm:SendCommand` for the
 * document and for each node, so there is one statement for each. Nodes with a tag are matched by
 * `ssm:resourceTag/<key>`, the condition key of AWS's own example.
 * @param targetArn ARN of the target; for a command, of its document
 * @param nodes the nodes that run a command; null: the target is no command
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
 */
export const invocationPolicy = (
  place: Place,
  { Sid, Action }: Invocation,
  targetArn: string,
  nodes: Nodes | null,
): Policy =>
  policy(
    { Sid, Effect: "Allow", Action: [Action], Resource: targetArn },
    nodes !== null && onNodes(place, Action, nodes),
  );

const onNodes = (place: Place, action: string, nodes: Nodes): Statement =>
  "ids" in nodes
    ? {
        Sid: "RunOnTheseNodes",
        Effect: "Allow",
        Action: [action],
        Resource: nodes.ids.map((id) =>
          id.startsWith("mi-") ? arns.managedInstance(place, id) : arns.instance(place, id),
        ),
      }
    : {
        Sid: "RunOnTaggedNodes",
        Effect: "Allow",
        Action: [action],
        Resource: [arns.instance(place, "*"), arns.managedInstance(place, "*")],
        Condition: { StringEquals: { [`ssm:resourceTag/${nodes.tag}`]: nodes.values } },
      };
