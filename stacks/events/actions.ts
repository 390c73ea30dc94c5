import { createHash } from "node:crypto";
import { arnParts } from "../../aws/arn";
import type { Action } from "../../accounts/schema/actions";
import type { Settings } from "../../accounts/model/settings";
import { activityNames, arns, names, securityNames, type Place } from "../names";
import {
  putEventsPolicy,
  runCommandPolicy,
  startPipelinePolicy,
  startStateMachinePolicy,
  type Nodes,
} from "../policies/action-policy";
import type { Policy } from "../policies/policy";
import { SECURITY_PATHS } from "./security-message";
import { actionsOf, invokedBy, type ActionTrigger } from "../../accounts/model/actions";
import { isAwsDocument } from "../../aws/session-manager";

/**
 * The channel that an action belongs to. A target and an archive in one account and region have separate channels.
 */
export type ActionChannel = "activity" | "security" | "archive";

/** A rule that invokes an action: its id, which addresses contain, and its name in AWS. */
export interface InvokingRule {
  readonly id: "Activity" | "Sessions" | "Tampering" | "Hosts" | "Guard";
  readonly name: string;
}

/** An action of the map in one account and region, with all that its resources need. */
export interface PlacedAction {
  /** Construct id. It depends on what is invoked and not on the position in the map, so that the order may change. */
  readonly id: string;
  /** Id of the target in each of its rules. */
  readonly targetId: string;
  /** ARN of what is invoked. */
  readonly arn: string;
  /** The rules that invoke the action. */
  readonly rules: readonly InvokingRule[];
  /** The role that EventBridge assumes; null: the policy of what is invoked allows EventBridge itself. */
  readonly role: { readonly name: string; readonly policy: Policy; readonly description: string } | null;
  /** A Lambda function: its name, and the alias or version that is invoked; null: the action is no function. */
  readonly function: { readonly name: string; readonly qualifier: string | null } | null;
  /** A command: its nodes, and the input transformer of its parameters; null: the action is no command. */
  readonly command: {
    readonly nodes: Nodes;
    readonly paths: Record<string, string>;
    readonly template: string;
  } | null;
}

const RULES: Readonly<Record<ActionChannel, readonly ActionTrigger[]>> = {
  activity: ["activity"],
  security: ["sessions", "tampering"],
  archive: ["tampering"],
};

/** The settings that decide which rules a channel has. */
export type RuleSettings = Pick<Settings, "notifications" | "guard" | "prerequisites" | "network">;

/** The rules that invoke an action. Tampering with the guard and with hosts is reported by rules of their own. */
function invoking(
  { guard, prerequisites, network }: RuleSettings,
  place: Place,
  channel: ActionChannel,
  rule: ActionTrigger,
): InvokingRule[] {
  if (rule === "activity") return [{ id: "Activity", name: activityNames(place).rules[0]! }];
  const ofChannel = securityNames(place, channel === "archive" ? "archive" : "target");
  if (rule === "sessions") return [{ id: "Sessions", name: ofChannel.sessions }];
  const tampering: InvokingRule = { id: "Tampering", name: ofChannel.tampering };
  if (channel === "archive") return [tampering];
  const hosts: InvokingRule = { id: "Hosts", name: ofChannel.hosts };
  const ofGuard: InvokingRule = { id: "Guard", name: ofChannel.guard };
  return [
    tampering,
    ...(prerequisites.maintain.length > 0 || network.length > 0 ? [hosts] : []),
    ...(guard.enabled ? [ofGuard] : []),
  ];
}

/**
 * The actions of a channel in one account and region, each with the rules that invoke it.
 * @example actionsIn(target.settings, place, "security")
 */
export function actionsIn(settings: RuleSettings, place: Place, channel: ActionChannel): PlacedAction[] {
  const rulesOf = new Map<Action, InvokingRule[]>();
  for (const rule of RULES[channel]) {
    for (const { action } of actionsOf(settings, rule)) {
      rulesOf.set(action, [...(rulesOf.get(action) ?? []), ...invoking(settings, place, channel, rule)]);
    }
  }
  return [...rulesOf].map(([action, rules]) => placed(action, rules, place, channel));
}

function placed(
  action: Action,
  rules: readonly InvokingRule[],
  place: Place,
  channel: ActionChannel,
): PlacedAction {
  const arn = arnOf(action, place);
  const nodes = action.type === "run-command" ? nodesOf(action) : null;
  const key = createHash("sha256")
    .update(JSON.stringify([arn, nodes]))
    .digest("hex")
    .slice(0, 8);
  const policy = rolePolicy(action, arn, place);
  return {
    id: `${CONSTRUCTS[action.type]}-${nameOf(action)}-${key}`,
    targetId: `${action.type}-${key}`,
    arn,
    rules,
    role: policy && {
      name: names.actionRole(place, channel, key),
      policy,
      description: `EventBridge invokes ${arn} for ${rules.map(({ name }) => name).join(" and ")}`.slice(
        0,
        1000,
      ),
    },
    function: action.type === "lambda" ? functionOf(arn) : null,
    command: action.type === "run-command" ? { nodes: nodesOf(action), ...parametersOf(action) } : null,
  };
}

const CONSTRUCTS: Readonly<Record<Action["type"], string>> = {
  lambda: "Function",
  codepipeline: "Pipeline",
  "run-command": "Command",
  "step-functions": "StateMachine",
  "event-bus": "EventBus",
};

/** The last part of the name or ARN of what is invoked. It makes addresses readable. */
const nameOf = (action: Action) => invokedBy(action).named.split(/[:/]/).at(-1)!;

function arnOf(action: Action, place: Place): string {
  const { named } = invokedBy(action);
  if (named.startsWith("arn:")) return named;
  switch (action.type) {
    case "lambda":
      return arns.function(place, named);
    case "codepipeline":
      return arns.pipeline(place, named);
    case "run-command":
      return arns.document(place, named, isAwsDocument(named) ? "AWS" : "account");
    default:
      return arns.stateMachine(place, named);
  }
}

function rolePolicy(action: Action, arn: string, place: Place): Policy | null {
  switch (action.type) {
    case "lambda":
      return null;
    case "codepipeline":
      return startPipelinePolicy(arn);
    case "step-functions":
      return startStateMachinePolicy(arn);
    case "event-bus":
      return putEventsPolicy(arn);
    case "run-command":
      return runCommandPolicy(place, arn, nodesOf(action));
  }
}

type Command = Extract<Action, { type: "run-command" }>;

const nodesOf = ({ instanceIds, tag }: Command): Nodes =>
  tag === null ? { ids: instanceIds } : { tag: tag.key, values: tag.values };

function functionOf(arn: string) {
  const [, name = "", qualifier = null] = arnParts(arn).resource.split(":");
  return { name, qualifier };
}

/**
 * The parameters of a command as paths and template of an input transformer. A placeholder for a field of the event
 * is not in quotation marks, so that EventBridge adds them and escapes the value. A field that is missing in the
 * event results in an empty list.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
function parametersOf({ parameters }: Command): { paths: Record<string, string>; template: string } {
  const paths: Record<string, string> = {};
  const members = Object.entries(parameters).map(([name, value]) => {
    if (typeof value === "object" && "event" in value) {
      paths[value.event] = SECURITY_PATHS[value.event];
      return `${JSON.stringify(name)}:[<${value.event}>]`;
    }
    return `${JSON.stringify(name)}:${constant(typeof value === "string" ? [value] : value)}`;
  });
  return { paths, template: `{${members.join(",")}}` };
}

/** A constant as JSON without angle brackets: EventBridge takes `<name>` for a placeholder even inside a string. */
const constant = (texts: readonly string[]) =>
  JSON.stringify(texts).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
