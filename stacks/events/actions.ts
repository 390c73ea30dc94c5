import { createHash } from "node:crypto";
import { functionIn } from "../../aws/arn";
import type { Action } from "../../accounts/schema/actions";
import type { Settings } from "../../accounts/model/settings";
import { channelNames, names, type ChannelKind, type Place } from "../names";
import { invocationPolicy, type Nodes } from "../policies/action-policy";
import type { Policy } from "../policies/policy";
import { ACTION_TARGETS } from "./action-targets";
import { SECURITY_PATHS } from "./security-message";
import { actionsOf, invokedBy, type ActionTrigger } from "../../accounts/model/actions";

/**
 * The channel that an action belongs to. A target, an archive and `notifications.central` in one account and region have
 * separate channels.
 */
export type ActionChannel = "activity" | "security" | "archive" | "all-activity" | "all-security";

/** A rule that invokes an action: its id, which addresses contain, and its name in AWS. */
export interface InvokingRule {
  readonly id:
    | "Activity"
    | "Sessions"
    | "Tampering"
    | "Hosts"
    | "Guard"
    | "Preferences"
    | "Channels"
    | "Central"
    | "Delivery"
    | "Account";
  readonly name: string;
}

/** An action of the map in one account and region, with everything from which its resources are made. */
export interface PlacedAction {
  /** Construct id. It depends on the target and not on the position in the map, so that the order may change. */
  readonly id: string;
  /** Id of the target in each of its rules. */
  readonly targetId: string;
  /** ARN of the target: the function, pipeline, document, state machine or event bus. */
  readonly arn: string;
  /** The rules that invoke the action. */
  readonly rules: readonly InvokingRule[];
  /** The role that EventBridge assumes; null: the target's own policy allows EventBridge. */
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

/** The rules that invoke the actions of a channel. An archive has no sessions, so it has no rule for them. */
const RULES: Readonly<Record<ActionChannel, readonly ActionTrigger[]>> = {
  activity: ["activity"],
  security: ["sessions", "tampering"],
  archive: ["tampering"],
  "all-activity": ["activity"],
  "all-security": ["sessions", "tampering"],
};

/** The kind of notification channel that has the rules. */
const KINDS: Readonly<Record<ActionChannel, ChannelKind>> = {
  activity: "activity",
  security: "target",
  archive: "archive",
  "all-activity": "all-activity",
  "all-security": "all-security",
};

/** The bus that has the rules of a channel; null: the default bus. */
export const busOf = (channel: ActionChannel, place: Place): string | null =>
  channel === "all-activity" || channel === "all-security"
    ? names.centralBus({ kind: channel, place })
    : null;

/** The settings that decide which rules a channel has. */
export type RuleSettings = Pick<Settings, "notifications" | "guard" | "prerequisites" | "network">;

/** The rules that invoke an action. Several rules report tampering, each with what is watched of one kind. */
function invoking(
  { notifications, guard, prerequisites, network }: RuleSettings,
  place: Place,
  channel: ActionChannel,
  rule: ActionTrigger,
  reportsAccount: boolean,
): InvokingRule[] {
  const names = channelNames({ kind: KINDS[channel], place });
  switch (rule) {
    case "activity":
      return [{ id: "Activity", name: channel === "all-activity" ? names.sessions : names.activity }];
    case "sessions":
      return [{ id: "Sessions", name: names.sessions }];
    case "tampering": {
      // What the rules of the accounts tell apart has one rule on the central bus.
      if (channel === "all-security") return [{ id: "Tampering", name: names.tampering }];
      const inTarget = channel === "security";
      const watchesHosts = inTarget && (prerequisites.maintain.length > 0 || network.length > 0);
      return [
        { id: "Tampering", name: names.tampering },
        ...(watchesHosts ? [{ id: "Hosts", name: names.hosts } as const] : []),
        ...(inTarget && guard.enabled ? [{ id: "Guard", name: names.guard } as const] : []),
        ...(inTarget ? [{ id: "Preferences", name: names.preferences } as const] : []),
        { id: "Channels", name: names.channels },
        ...(channel === "archive" && notifications.security.central
          ? [{ id: "Central", name: names.central } as const]
          : []),
        { id: "Delivery", name: names.delivery },
        ...(reportsAccount ? [{ id: "Account", name: names.account } as const] : []),
      ];
    }
  }
}

/**
 * The actions of a channel in one account and region, each with the rules that invoke it.
 * @param reportsAccount whether the channel also reports changes to the account and its roles
 * @example actionsIn(target.settings, place, "security", false)
 */
export function actionsIn(
  settings: RuleSettings,
  place: Place,
  channel: ActionChannel,
  reportsAccount: boolean,
): PlacedAction[] {
  const rulesOf = new Map<Action, InvokingRule[]>();
  for (const rule of RULES[channel]) {
    for (const { action } of actionsOf(settings, rule)) {
      const rules = invoking(settings, place, channel, rule, reportsAccount);
      rulesOf.set(action, [...(rulesOf.get(action) ?? []), ...rules]);
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
  const { construct, arnOf, invocation } = ACTION_TARGETS[action.type];
  const { named } = invokedBy(action);
  const arn = named.startsWith("arn:") ? named : arnOf(place, named);
  const nodes = action.type === "run-command" ? nodesOf(action) : null;
  const key = createHash("sha256")
    .update(JSON.stringify([arn, nodes]))
    .digest("hex")
    .slice(0, 8);
  return {
    id: `${construct}-${lastPart(named)}-${key}`,
    targetId: `${action.type}-${key}`,
    arn,
    rules,
    role: invocation && {
      name: names.actionRole(place, channel, key),
      policy: invocationPolicy(place, invocation, arn, nodes),
      description: `EventBridge invokes ${arn} for ${rules.map(({ name }) => name).join(" and ")}`.slice(
        0,
        1000,
      ),
    },
    function: action.type === "lambda" ? functionIn(arn) : null,
    command: action.type === "run-command" ? { nodes: nodesOf(action), ...parametersOf(action) } : null,
  };
}

/** The last part of the target's name or ARN. It makes addresses readable. */
const lastPart = (named: string) => named.split(/[:/]/).at(-1)!;

type Command = Extract<Action, { type: "run-command" }>;

const nodesOf = ({ instanceIds, tag }: Command): Nodes =>
  tag === null ? { ids: instanceIds } : { tag: tag.key, values: tag.values };

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
