import { arns, principalOf, type Place } from "../names";
import { policy, type Policy, type Statement } from "./policy";

/** The nodes that run a command: by id, or by a tag. */
export type Nodes =
  { readonly ids: readonly string[] } | { readonly tag: string; readonly values: readonly string[] };

/** Who takes the role of an action: EventBridge, for the rules that the action is for. */
export const actionTrust = (place: Place, rules: readonly string[]): Policy =>
  policy({
    Sid: "RulesTakeThisRole",
    Effect: "Allow",
    Principal: { Service: principalOf("events", place) },
    Action: ["sts:AssumeRole"],
    Condition: {
      StringEquals: { "aws:SourceAccount": place.account.id },
      ArnEquals: { "aws:SourceArn": rules.map((rule) => arns.rule(place, rule)) },
    },
  });

/** What EventBridge does to a target: one call. */
export interface Invocation {
  readonly Sid: string;
  /** `service:Operation` */
  readonly Action: string;
}

/**
 * Invokes one target. On nodes, Systems Manager authorizes the document and each node. The tag is tested with the
 * condition key of Systems Manager itself: with a global one, such as aws:ResourceTag, AWS wants aws:ViaAWSService
 * allowed besides.
 * @param nodes the nodes that run a command; null: the target is no command
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
