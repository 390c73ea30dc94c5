import { arnParts, isArn } from "../../aws/arn";
import { TARGETS_PER_RULE } from "../../aws/quotas";
import type { Action } from "../schema/actions";
import { fault, type SettingRule, repeated } from "./setting-fault";
import { type ActionTrigger, actionsOf, invokedBy } from "../model/actions";
import { isAwsDocument } from "../../aws/session-manager";

/** The topic is a target of the EventBridge rule, and the topic for chat is another: actions get the other targets. */
const fewTargets =
  (rule: ActionTrigger): SettingRule =>
  ({ settings }) => {
    const channel = rule === "activity" ? "activity" : "security";
    const chat = settings.notifications[channel].chat.length > 0;
    const most = TARGETS_PER_RULE - (chat ? 2 : 1);
    const surplus = actionsOf(settings, rule)[most];
    return (
      surplus !== undefined &&
      fault(
        surplus.at,
        `at most ${most} actions for the rule that reports ${rule}: a rule of EventBridge has at most ${TARGETS_PER_RULE} targets, and ${chat ? "the topic and the topic for chat are two of them" : "the topic is one of them"}`,
        "remove some, or invoke one state machine or event bus that does the rest",
        `notifications.${channel}.chat`,
      )
    );
  };

/** An ARN names one account and region, which must be those of the rule. Only an event bus may be elsewhere. */
const actionsInPlace =
  (rule: ActionTrigger): SettingRule =>
  ({ account, region, settings }) =>
    actionsOf(settings, rule).flatMap(({ action, at }) => {
      const { setting, what, named } = invokedBy(action);
      if (!isArn(named) || action.type === "event-bus") return [];
      const { partition, region: inRegion, accountId, resource } = arnParts(named);
      if (partition === account.partition && accountId === account.id && inRegion === region) return [];
      const name = action.type === "codepipeline" ? resource : resource.slice(resource.indexOf(":") + 1);
      return fault(
        `${at}.${setting}`,
        `${what} of account ${account.id} in ${region}, where the rule of ${account.name} is: only an event bus may be in another account or region`,
        `write its name alone, ${JSON.stringify(name)}, if each target has ${what} of that name, or set the action in the settings of that account or region`,
      );
    });

/** An event bus is in the same partition, and is not the bus that the events come from. */
const busElsewhere =
  (rule: ActionTrigger): SettingRule =>
  ({ account, region, settings }) =>
    actionsOf(settings, rule).flatMap(({ action, at }) => {
      if (action.type !== "event-bus") return [];
      const { partition, region: inRegion, accountId, resource: bus } = arnParts(action.eventBus);
      if (partition !== account.partition)
        return fault(
          `${at}.eventBus`,
          `a bus in partition ${account.partition}`,
          "EventBridge sends no events to another partition",
        );
      return accountId === account.id && inRegion === region && bus === "event-bus/default"
        ? fault(
            `${at}.eventBus`,
            `another bus than the default bus of ${account.name} in ${region}, which the events come from`,
            `set notifications.${rule === "activity" ? "activity" : "security"}.actions without it for this account or region`,
          )
        : [];
    });

/** A command names its nodes by their ids or by a tag. With neither, it would run nowhere. */
const nodesNamed =
  (rule: ActionTrigger): SettingRule =>
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
 * AWS's own documents put their parameters into a shell unchecked, and a caller can choose the text of an event: a
 * refused call for a session may name any node.
 */
const constantsForAwsDocuments =
  (rule: ActionTrigger): SettingRule =>
  ({ settings }) =>
    actionsOf(settings, rule).flatMap(({ action, at }) =>
      action.type === "run-command" && isAwsDocument(action.document)
        ? Object.entries(action.parameters)
            .filter(([, value]) => typeof value === "object" && "event" in value)
            .map(([name]) =>
              fault(
                `${at}.parameters.${name}`,
                `a text or a list of texts: ${action.document} is one of AWS's own documents, which would run the text of the event as a command`,
                "write a document of your own that declares the parameter with an allowedPattern, and name that document",
              ),
            )
        : [],
    );

/** A text that is the same for two actions that invoke the same thing. */
function identityOf(action: Action): string {
  const { named } = invokedBy(action);
  const nodes = action.type === "run-command" ? [action.instanceIds, action.tag] : [];
  return JSON.stringify([action.type, named, ...nodes]);
}

/** Each target is listed once: EventBridge would invoke it twice for an event. */
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

/** An action lists each finding once. */
export const findingsOnce: SettingRule = ({ settings: { notifications } }) =>
  notifications.security.actions.flatMap(({ findings }, index) =>
    repeated(findings, `notifications.security.actions.${index}.findings`, "finding"),
  );

/** Rules over the actions that one EventBridge rule invokes. */
export const actionRules = (rule: ActionTrigger): readonly SettingRule[] => [
  fewTargets(rule),
  actionsInPlace(rule),
  busElsewhere(rule),
  nodesNamed(rule),
  constantsForAwsDocuments(rule),
];
