import type { Action } from "../../accounts/schema/actions";
import { isAwsDocument } from "../../aws/session-manager";
import { arnIn, arns, type Place } from "../names";
import type { Invocation } from "../policies/action-policy";

/** The properties that differ between the types of action. */
export interface ActionTarget {
  /** First part of the construct ids of the action's targets and roles. It must not change: addresses contain it. */
  readonly construct: string;
  /** Turns a name in the map into an ARN. It is not called if the map gives the ARN. */
  readonly arnOf: (place: Place, name: string) => string;
  /** The call that the target's role allows. null: there is no role, and the target's own policy admits EventBridge. */
  readonly invocation: Invocation | null;
}

/**
 * The properties of each type of action. A new type in the map's schema needs an entry here, or the code does not
 * compile.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export const ACTION_TARGETS: Readonly<Record<Action["type"], ActionTarget>> = {
  lambda: {
    construct: "Function",
    arnOf: arns.function,
    invocation: null,
  },
  codepipeline: {
    construct: "Pipeline",
    arnOf: (place, name) => arnIn("codepipeline", place, name),
    invocation: { Sid: "StartThisPipeline", Action: "codepipeline:StartPipelineExecution" },
  },
  "run-command": {
    construct: "Command",
    arnOf: (place, name) => arns.document(place, name, isAwsDocument(name) ? "AWS" : "account"),
    invocation: { Sid: "RunThisDocument", Action: "ssm:SendCommand" },
  },
  "step-functions": {
    construct: "StateMachine",
    arnOf: (place, name) => arnIn("states", place, `stateMachine:${name}`),
    invocation: { Sid: "StartThisStateMachine", Action: "states:StartExecution" },
  },
  "event-bus": {
    construct: "EventBus",
    arnOf: arns.eventBus,
    invocation: { Sid: "PutEventsOnThisBus", Action: "events:PutEvents" },
  },
};
