import { arns, type Place } from "../names";
import { policy, type Policy } from "./policy";

/** The managed nodes that run a command: a list of node ids, or a tag key with the tag values that select nodes. */
export type Nodes =
  { readonly ids: readonly string[] } | { readonly tag: string; readonly values: readonly string[] };

/**
 * Trust policy of the role of an action. Only EventBridge can assume the role, and only for the rules that invoke the
 * action. Otherwise somebody could write another rule that invokes it, with input of their own.
 * @param rules names of rules of this account and region
 * @example actionTrust(place, ["session-audit-acme-activity"])
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const actionTrust = (place: Place, rules: readonly string[]): Policy =>
  policy({
    Sid: "RulesTakeThisRole",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: ["sts:AssumeRole"],
    Condition: {
      StringEquals: { "aws:SourceAccount": place.account.id },
      ArnEquals: { "aws:SourceArn": rules.map((rule) => arns.rule(place, rule)) },
    },
  });

/** Lets EventBridge, in the role of an action, start executions of one pipeline. It cannot approve a stage. */
export const startPipelinePolicy = (pipelineArn: string): Policy =>
  policy({
    Sid: "StartThisPipeline",
    Effect: "Allow",
    Action: ["codepipeline:StartPipelineExecution"],
    Resource: pipelineArn,
  });

/** Lets EventBridge, in the role of an action, start executions of one state machine. */
export const startStateMachinePolicy = (stateMachineArn: string): Policy =>
  policy({
    Sid: "StartThisStateMachine",
    Effect: "Allow",
    Action: ["states:StartExecution"],
    Resource: stateMachineArn,
  });

/**
 * Lets EventBridge, in the role of an action, put events on one event bus. If the bus is in another account, the
 * policy of the bus must allow it too.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export const putEventsPolicy = (eventBusArn: string): Policy =>
  policy({
    Sid: "PutEventsOnThisBus",
    Effect: "Allow",
    Action: ["events:PutEvents"],
    Resource: eventBusArn,
  });

/**
 * Lets EventBridge, in the role of an action, run one document on some nodes. Systems Manager authorizes
 * `ssm:SendCommand` for the document and for each node, so there is one statement for each. Nodes with a tag are
 * matched by `ssm:resourceTag/<key>`, the condition key of AWS's own example.
 * @param documentArn ARN of a Command document of this account or of AWS
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
 */
export const runCommandPolicy = (place: Place, documentArn: string, nodes: Nodes): Policy =>
  policy(
    { Sid: "RunThisDocument", Effect: "Allow", Action: ["ssm:SendCommand"], Resource: documentArn },
    "ids" in nodes
      ? {
          Sid: "RunOnTheseNodes",
          Effect: "Allow",
          Action: ["ssm:SendCommand"],
          Resource: nodes.ids.map((id) =>
            id.startsWith("mi-") ? arns.managedInstance(place, id) : arns.instance(place, id),
          ),
        }
      : {
          Sid: "RunOnTaggedNodes",
          Effect: "Allow",
          Action: ["ssm:SendCommand"],
          Resource: [arns.instance(place, "*"), arns.managedInstance(place, "*")],
          Condition: { StringEquals: { [`ssm:resourceTag/${nodes.tag}`]: nodes.values } },
        },
  );
