import { arns, type Place } from "../names";
import { policy, type Policy } from "./policy";

/** The nodes that run a command: by id, or by a tag. */
export type Nodes =
  { readonly ids: readonly string[] } | { readonly tag: string; readonly values: readonly string[] };

/** Who takes the role of an action: EventBridge, for the rules that the action is for. */
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

/** Starts one pipeline. */
export const startPipelinePolicy = (pipelineArn: string): Policy =>
  policy({
    Sid: "StartThisPipeline",
    Effect: "Allow",
    Action: ["codepipeline:StartPipelineExecution"],
    Resource: pipelineArn,
  });

/** Starts one state machine. */
export const startStateMachinePolicy = (stateMachineArn: string): Policy =>
  policy({
    Sid: "StartThisStateMachine",
    Effect: "Allow",
    Action: ["states:StartExecution"],
    Resource: stateMachineArn,
  });

/** Puts events on one bus; the bus's own policy has its say as well. */
export const putEventsPolicy = (eventBusArn: string): Policy =>
  policy({
    Sid: "PutEventsOnThisBus",
    Effect: "Allow",
    Action: ["events:PutEvents"],
    Resource: eventBusArn,
  });

/**
 * Runs one document on some nodes. Systems Manager asks for the document and for each node. The tag is tested with
 * its own key: with a global one, such as aws:ResourceTag, AWS wants aws:ViaAWSService allowed besides.
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
