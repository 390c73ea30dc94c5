import { merge, valueAt } from "./merge";
import type { MergedAccountSettings, MergedSettings } from "./settings";

type Notifications = MergedSettings["notifications"];

/** What the central topics are like, of all that the map says for the organization. */
interface Central {
  /** The notifications of the organization's level. */
  readonly notifications: Notifications;
  /** `notifications.central.localTopics` */
  readonly localTopics: boolean;
}

/**
 * The settings of an account or region in a map with `notifications.central`. The topic, subscribers, chat channels and
 * actions of the organization's level belong to the central topics, and each subscriber would hear everything twice if
 * they belonged to the account's channels as well. So a channel that also sends to the central topics keeps only the
 * subscribers, chat channels and actions that the account or region sets itself. It has a topic of its own if the account
 * or region sets `topic` or names subscribers, or if `notifications.central.localTopics` is true.
 * @param inherited the settings with everything that the organization's level names
 * @param overrides what the account, and then the region, say
 */
export function withOwnReceivers(
  inherited: MergedAccountSettings,
  overrides: readonly unknown[],
  { notifications, localTopics }: Central,
): MergedAccountSettings {
  const said = overrides.reduce<unknown>((under, over) => merge(under, over), {});
  const own = <Name extends keyof Notifications>(name: Name): Notifications[Name] => {
    const channel = inherited.notifications[name];
    if (!channel.enabled || !channel.central || !notifications[name].enabled) return channel;
    const named = (valueAt(said, ["notifications", name]) ?? {}) as Partial<Notifications[Name]>;
    const { subscribers = [], chat = [], actions = [] } = named;
    const { topic = localTopics || subscribers.length > 0 ? "create" : "none" } = named;
    return { ...channel, topic, subscribers, chat, actions };
  };
  return {
    ...inherited,
    notifications: { activity: own("activity"), security: own("security") },
  };
}
