import { arnParts, isArn } from "../../aws/arn";
import { isOptInForSns } from "../../aws/regions";
import { fault, type SettingRule, repeated } from "./setting-fault";

/** Each API call is listed once. */
export const eventsOnce: SettingRule = ({ settings: { notifications } }) =>
  repeated(notifications.activity.events, "notifications.activity.events", "call");

/** Each ignored role is listed once. */
export const ignoredRolesOnce: SettingRule = ({ settings: { notifications } }) =>
  repeated(notifications.security.ignoredRoles, "notifications.security.ignoredRoles", "role");

type Channel = "activity" | "security";

/** Each protocol and endpoint is listed once: a topic has one subscription for them, with one filter policy. */
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

/**
 * SNS confirms the subscription of a queue or function at once only if the topic is in the same account. Terraform would
 * wait for the confirmation of any other.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
 */
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
        `a ${what} of account ${account.id} in partition ${account.partition}, where the topic of ${account.name} is: Terraform cannot confirm the subscription of another account's ${what}`,
        `name a ${what} of this account in the account's settings, or subscribe from the ${what}'s own account to the topic, whose ARN is the output ${channel}_topic_arn`,
      );
    });
  };

/**
 * SNS delivers to no function in another region that is an opt-in region, wherever the topic is. A list of the
 * organization or of an account serves the topics of several regions, so the fault is that of the topic elsewhere.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/lambda-prereq.html
 */
export const functionsInReach =
  (channel: Channel): SettingRule =>
  ({ account, region, settings: { notifications } }) => {
    const { enabled, subscribers } = notifications[channel];
    return subscribers.flatMap(({ protocol, endpoint }, index) => {
      if (!enabled || protocol !== "lambda") return [];
      const { region: of } = arnParts(endpoint);
      if (of === region || !isOptInForSns(of)) return [];
      return fault(
        `notifications.${channel}.subscribers.${index}.endpoint`,
        `a function in ${region}, where a topic of ${account.name} is, or in a region that is enabled by default: SNS delivers to no function in ${of} from another region, because ${of} is an opt-in region`,
        `name the function in the settings of ${of} alone, and for ${region} one that is there, or a queue, to which SNS delivers from other regions`,
      );
    });
  };

/** EventBridge and CloudWatch alarms publish only to topics of their own region. */
export const topicInPlace =
  (channel: Channel): SettingRule =>
  ({ account, region, settings: { notifications } }) => {
    const { enabled, topic } = notifications[channel];
    if (!enabled || typeof topic === "string" || !isArn(topic.existing)) return false;
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
