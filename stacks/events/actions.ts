import { createHash } from "node:crypto";
import { arnParts } from "../../aws/arn";
import type { Action } from "../../accounts/schema/actions";
import type { Settings } from "../../accounts/model/settings";
import { channelNames, names, type ChannelKind, type Place } from "../names";
import { invocationPolicy, type Nodes } from "../policies/action-policy";
import type { Policy } from "../policies/policy";
import { ACTION_TARGETS } from "./action-targets";
import { SECURITY_PATHS } from "./security-message";
import { actionsOf, invokedBy, type ActionRule } from "../../accounts/model/actions";

/** Which channel actions belong to. A target and an archive may share an account and region. */
export type ActionChannel = "activity" | "security" | "archive";

/** A rule by its physical name, and by what it is called in addresses. */
export interface InvokingRule {
  readonly id: "Activity" | "Sessions" | "Tampering" | "Hosts" | "Guard";
  readonly name: string;
}

/** An action, resolved for one place. */
export interface PlacedAction {
  /** Construct id: by what is invoked, not by position. */
  readonly id: string;
  /** What EventBridge knows the target by, within a rule. */
  readonly targetId: string;
  readonly arn: string;
  /** The rules that invoke it. */
  readonly rules: readonly InvokingRule[];
  /** The role that EventBridge takes; null: the target's own policy lets it in. */
  readonly role: { readonly name: string; readonly policy: Policy; readonly description: string } | null;
  /** Of a function: its name, and the alias or version that is invoked. */
  readonly function: { readonly name: string; readonly qualifier: string | null } | null;
  /** What a command runs on, and with what. */
  readonly command: {
    readonly nodes: Nodes;
    readonly paths: Record<string, string>;
    readonly template: string;
  } | null;
}

const RULES: Readonly<Record<ActionChannel, readonly ActionRule[]>> = {
  activity: ["activity"],
  security: ["sessions", "tampering"],
  archive: ["tampering"],
};

const KINDS: Readonly<Record<ActionChannel, ChannelKind>> = {
  activity: "activity",
  security: "target",
  archive: "archive",
};

/** What decides which rules a channel has. */
export type RuleSettings = Pick<Settings, "notifications" | "guard" | "prerequisites" | "network">;

/** The rules that invoke an action. Changes to the guard and to what hosts need are tampering with rules of their own. */
function invoking(
  { guard, prerequisites, network }: RuleSettings,
  place: Place,
  channel: ActionChannel,
  rule: ActionRule,
): InvokingRule[] {
  const names = channelNames({ kind: KINDS[channel], place });
  switch (rule) {
    case "activity":
      return [{ id: "Activity", name: names.activity }];
    case "sessions":
      return [{ id: "Sessions", name: names.sessions }];
    case "tampering": {
      const inTarget = channel === "security";
      const watchesHosts = inTarget && (prerequisites.maintain.length > 0 || network.length > 0);
      return [
        { id: "Tampering", name: names.tampering },
        ...(watchesHosts ? [{ id: "Hosts", name: names.hosts } as const] : []),
        ...(inTarget && guard.enabled ? [{ id: "Guard", name: names.guard } as const] : []),
      ];
    }
  }
}

/** The actions of a channel in a place, each with the rules that it is for. */
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
    function: action.type === "lambda" ? functionOf(arn) : null,
    command: action.type === "run-command" ? { nodes: nodesOf(action), ...parametersOf(action) } : null,
  };
}

/** The last part of a name or an ARN, for people who read addresses. */
const lastPart = (named: string) => named.split(/[:/]/).at(-1)!;

type Command = Extract<Action, { type: "run-command" }>;

const nodesOf = ({ instanceIds, tag }: Command): Nodes =>
  tag === null ? { ids: instanceIds } : { tag: tag.key, values: tag.values };

function functionOf(arn: string) {
  const [, name = "", qualifier = null] = arnParts(arn).resource.split(":");
  return { name, qualifier };
}

/**
 * The parameters of a command as the template of an input transformer. A field of the event stands outside
 * quotation marks, so that EventBridge encodes it; what an event does not have leaves an empty list.
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

/** EventBridge takes <name> for a placeholder wherever it stands, and has no escape for it. JSON has. */
const constant = (texts: readonly string[]) =>
  JSON.stringify(texts).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
