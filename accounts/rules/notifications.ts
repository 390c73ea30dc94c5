import { arnParts } from "../../aws/arn";
import { fault, type SettingRule, repeated } from "./setting-fault";

/** Each reader once. */
export const readersOnce: SettingRule = ({ settings: { transcripts } }) =>
  repeated(transcripts.readers, "transcripts.readers", "role");

/** Each event once. */
export const eventsOnce: SettingRule = ({ settings: { notifications } }) =>
  repeated(notifications.activity.events, "notifications.activity.events", "call");

/** Each ignored role once. */
export const ignoredRolesOnce: SettingRule = ({ settings: { notifications } }) =>
  repeated(notifications.security.ignoredRoles, "notifications.security.ignoredRoles", "role");

type Channel = "activity" | "security";

/** Each protocol and endpoint of a channel once: a topic has one subscription for it, with one filter policy. */
export const subscribersOnce =
  (channel: Channel): SettingRule =>
  ({ settings: { notifications } }) => {
    const { subscribers } = notifications[channel];
    return subscribers.flatMap(({ protocol, endpoint }, index) =>
      subscribers.slice(0, index).some((other) => other.protocol === protocol && other.endpoint === endpoint)
        ? fault(
            `notifications.${channel}.subscribers.${index}`,
            "each protocol and endpoint once",
            "remove the repetition; a topic has one subscription for an endpoint, with one filter policy",
          )
        : [],
    );
  };

/** Only who owns a queue or function may confirm a subscription to it: Terraform would ask for it for ever. */
export const subscribersInAccount =
  (channel: Channel): SettingRule =>
  ({ account, settings: { notifications } }) => {
    const { enabled, subscribers } = notifications[channel];
    return subscribers.flatMap(({ protocol, endpoint }, index) => {
      if (!enabled || (protocol !== "sqs" && protocol !== "lambda")) return [];
      const { partition, accountId } = arnParts(endpoint);
      if (partition === account.partition && accountId === account.id) return [];
      const what = protocol === "sqs" ? "queue" : "function";
      return fault(
        `notifications.${channel}.subscribers.${index}.endpoint`,
        `a ${what} of account ${account.id} in partition ${account.partition}, where the topic of ${account.name} is: Terraform cannot keep a subscription of another account's`,
        `name a ${what} of this account in the account's settings, or subscribe from the ${what}'s own account to the topic, whose ARN is the output ${channel}_topic_arn`,
      );
    });
  };

/** An existing topic by ARN: EventBridge, alarms and what forwards dead letters reach their own region alone. */
export const topicInPlace =
  (channel: Channel): SettingRule =>
  ({ account, region, settings: { notifications } }) => {
    const { enabled, topic } = notifications[channel];
    if (!enabled || topic === "create" || !topic.existing.startsWith("arn:")) return false;
    const { partition, region: inRegion, accountId, resource: name } = arnParts(topic.existing);
    return (
      (partition !== account.partition || accountId !== account.id || inRegion !== region) &&
      fault(
        `notifications.${channel}.topic.existing`,
        `a topic of account ${account.id} in ${region}, where the rules and alarms of ${account.name} are`,
        `write its name alone, ${JSON.stringify(name)}, if each target has a topic of that name, or name a topic in the settings of that account or region`,
      )
    );
  };
