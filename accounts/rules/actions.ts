import { arnParts } from "../../aws/arn";
import type { Action } from "../schema/actions";
import { fault, type SettingRule, repeated } from "./setting-fault";
import { type ActionRule, actionsOf, invokedBy } from "../model/actions";
import { isAwsDocument } from "../../aws/session-manager";

/** Targets of a rule, AWS's limit. */
const MOST_TARGETS = 5;

/** EventBridge takes five targets for a rule; the first is the topic, and another one chat's. */
const fewTargets =
  (rule: ActionRule): SettingRule =>
  ({ settings }) => {
    const channel = rule === "activity" ? "activity" : "security";
    const chat = settings.notifications[channel].chat.length > 0;
    const most = MOST_TARGETS - (chat ? 2 : 1);
    const surplus = actionsOf(settings, rule)[most];
    return (
      surplus !== undefined &&
      fault(
        surplus.at,
        `at most ${most} actions for the rule that reports ${rule}: EventBridge takes ${MOST_TARGETS} targets for a rule, and ${chat ? "the topic and the topic for chat are two" : "the topic is one"}`,
        "take some out, or invoke one state machine or event bus that does the rest",
        `notifications.${channel}.chat`,
      )
    );
  };

/** By ARN, an action names one account and region; only a bus may lie in another. */
const actionsInPlace =
  (rule: ActionRule): SettingRule =>
  ({ account, region, settings }) =>
    actionsOf(settings, rule).flatMap(({ action, at }) => {
      const { setting, what, named } = invokedBy(action);
      if (!named.startsWith("arn:") || action.type === "event-bus") return [];
      const { partition, region: inRegion, accountId, resource } = arnParts(named);
      if (partition === account.partition && accountId === account.id && inRegion === region) return [];
      const name = action.type === "codepipeline" ? resource : resource.slice(resource.indexOf(":") + 1);
      return fault(
        `${at}.${setting}`,
        `${what} of account ${account.id} in ${region}, where the rule of ${account.name} is: EventBridge invokes nothing elsewhere but an event bus`,
        `write its name alone, ${JSON.stringify(name)}, if each target has ${what} of that name, or say the action in the settings of that account or region`,
      );
    });

/** A bus in the partition, and not the one that the events come from. */
const busElsewhere =
  (rule: ActionRule): SettingRule =>
  ({ account, region, settings }) =>
    actionsOf(settings, rule).flatMap(({ action, at }) => {
      if (action.type !== "event-bus") return [];
      const { partition, region: inRegion, accountId, resource: bus } = arnParts(action.eventBus);
      if (partition !== account.partition)
        return fault(
          `${at}.eventBus`,
          `a bus in partition ${account.partition}`,
          "no event crosses from one partition to another",
        );
      return accountId === account.id && inRegion === region && bus === "event-bus/default"
        ? fault(
            `${at}.eventBus`,
            `another bus than the default bus of ${account.name} in ${region}: that is where the events come from`,
            `say notifications.${rule === "activity" ? "activity" : "security"}.actions without it for this account or region`,
          )
        : [];
    });

/** Nodes are named in one way; with neither, the command would run nowhere. */
const nodesNamed =
  (rule: ActionRule): SettingRule =>
  ({ settings }) =>
    actionsOf(settings, rule).flatMap(({ action, at }) =>
      action.type === "run-command" && action.instanceIds.length > 0 === (action.tag !== null)
        ? fault(
            at,
            "either instanceIds or tag, not both and not neither",
            'name the nodes that run the command, by id or by a tag, like tag: { key: "Role", values: ["audit"] }',
          )
        : [],
    );

/**
 * What an event says is somebody's to choose: a session that is refused may be asked for on a node of any name.
 * AWS's documents put their parameters into a shell as they are.
 */
const constantsForAwsDocuments =
  (rule: ActionRule): SettingRule =>
  ({ settings }) =>
    actionsOf(settings, rule).flatMap(({ action, at }) =>
      action.type === "run-command" && isAwsDocument(action.document)
        ? Object.entries(action.parameters)
            .filter(([, value]) => typeof value === "object" && "event" in value)
            .map(([name]) =>
              fault(
                `${at}.parameters.${name}`,
                `a text or a list of texts: ${action.document} is a document of AWS's, which would run what stands in an event`,
                "write a document of your own that declares the parameter with an allowedPattern, and name that",
              ),
            )
        : [],
    );

/** What an action invokes, in one word: two of a rule must differ in it. */
function identityOf(action: Action): string {
  const { named } = invokedBy(action);
  const nodes = action.type === "run-command" ? [action.instanceIds, action.tag] : [];
  return JSON.stringify([action.type, named, ...nodes]);
}

/** Each target once: EventBridge would invoke it twice for an event. */
export const actionsOnce =
  (channel: "activity" | "security"): SettingRule =>
  ({ settings: { notifications } }) => {
    const actions: readonly Action[] = notifications[channel].actions;
    const identities = actions.map(identityOf);
    return identities.flatMap((identity, index) =>
      identities.indexOf(identity) < index
        ? fault(
            `notifications.${channel}.actions.${index}`,
            "each target once",
            channel === "activity"
              ? "remove the repetition"
              : "remove the repetition; one action may be for several findings",
          )
        : [],
    );
  };

/** Each finding of an action once. */
export const findingsOnce: SettingRule = ({ settings: { notifications } }) =>
  notifications.security.actions.flatMap(({ findings }, index) =>
    repeated(findings, `notifications.security.actions.${index}.findings`, "finding"),
  );

/** Rules over the actions of a rule. */
export const actionRules = (rule: ActionRule): readonly SettingRule[] => [
  fewTargets(rule),
  actionsInPlace(rule),
  busElsewhere(rule),
  nodesNamed(rule),
  constantsForAwsDocuments(rule),
];
