import type { Action } from "../../accounts/schema/actions";
import { isAwsDocument } from "../../aws/session-manager";
import { arnIn, arns, type Place } from "../names";
import type { Invocation } from "../policies/action-policy";

/** What is particular to one type of action. */
export interface ActionTarget {
  /** First part of the construct ids of its targets and roles, which are addresses. */
  readonly construct: string;
  /** ARN of what the map names, for a name that is no ARN. */
  readonly arnOf: (place: Place, name: string) => string;
  /** What the role of the target allows; null: the policy of the target itself admits EventBridge. */
  readonly invocation: Invocation | null;
}

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
    arnOf: (place, name) => arnIn("events", place, `event-bus/${name}`),
    invocation: { Sid: "PutEventsOnThisBus", Action: "events:PutEvents" },
  },
};
