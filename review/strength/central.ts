import type { ResourceValues } from "../plan-json";
import { resourcesNamed, type View } from "./view";

/** Who hears what arrives on a central event bus. */
export interface CentralTopic {
  /** End of the ARN of the bus: `<region>:<account>:event-bus/<name>`. */
  readonly bus: string;
  /** Whether a subscriber or an action of the stack itself is notified. undefined: nobody can tell. */
  readonly isNotified: boolean | undefined;
  /** End of the ARN of the topic that chat channels of another stack read; null: there is none. */
  readonly chat: string | null;
}

/** Targets of rules by which the stacks themselves reach topics; every other target is an action. */
const TOPICS: ReadonlySet<unknown> = new Set(["topic", "chat"]);

/** The central topics of the stack of an archive, or of the stack of `notifications.central`. */
export function centralTopicsOf(
  view: View,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): CentralTopic[] {
  const place = `${region}:${accountId}`;
  return resourcesNamed(view, "aws_cloudwatch_event_bus", /-(central|all-activity|all-security)$/).map(
    (bus) => {
      const name = String(view.at(bus, "name"));
      const topic = name.endsWith("-central") ? `${name}-security` : name;
      const targets = view
        .all("aws_cloudwatch_event_target")
        .filter((target) => view.at(target, "event_bus_name") === name);
      const isOwn = view.all("aws_sns_topic").some((one) => view.at(one, "name") === topic);
      const isHeard =
        targets.some((target) => !TOPICS.has(view.at(target, "target_id"))) ||
        view.all("aws_sns_topic_subscription").some((one) => isOn(view, one, topic));
      const [chat] = resourcesNamed(view, "aws_sns_topic", new RegExp(`^${topic}-chat$`));
      return {
        bus: `${place}:event-bus/${name}`,
        // Whoever owns a topic that exists already may have subscribers.
        isNotified: isHeard ? true : isOwn || targets.length === 0 ? false : undefined,
        chat: chat === undefined ? null : `${place}:${topic}-chat`,
      };
    },
  );
}

/** Beginnings of construct ids of the channels, by the ends of the names of their topics. */
const CONSTRUCTS = {
  "-all-activity": "Activity_",
  "-all-security": "Security_",
  "-central-security": "Central_",
};

/** Whether a subscription is one of a topic. The ARN of a topic that does not exist yet is not known. */
function isOn(view: View, subscription: ResourceValues, topic: string): boolean {
  const arn = view.at(subscription, "topic_arn");
  if (typeof arn === "string") return arn.endsWith(`:${topic}`);
  const id = subscription.address.slice(subscription.type.length + 1);
  return Object.entries(CONSTRUCTS).some(([end, begin]) => topic.endsWith(end) && id.startsWith(begin));
}
