import type { ResourceValues } from "../plan-json";
import { isSaid, resourcesNamed, type View } from "./view";

/** One notification channel of a target. undefined: nobody can tell. */
export interface Channel {
  readonly name: "activity" | "security";
  /** Whether a subscriber or an action of the stack itself is notified. */
  readonly isNotified: boolean | undefined;
  /** Name of the topic that chat channels of another stack read; null: there is none. */
  readonly chatTopic: string | null;
  /** ARN of the central event bus to which the channel forwards what it reports; null: to none. */
  readonly centralBus: string | null;
}

/** Targets of rules by which the stacks themselves reach topics, the central bus and the guard; every other target is an action. */
const OWN_TARGETS: ReadonlySet<unknown> = new Set(["topic", "chat", "function", "central"]);

/** Parts of the names of rules (`channelNames` in `stacks/names.ts`), and beginnings of construct ids. */
const MARKS = {
  activity: { rule: /-activity(-|$)/, topic: /-activity$/, construct: /^Activity_/ },
  security: { rule: /-security-/, topic: /-security$/, construct: /^Security_/ },
} as const;

/** Who is notified by a channel of a target. */
export function channelOf(view: View, name: Channel["name"]): Channel {
  const marks = MARKS[name];
  const [chat] = resourcesNamed(view, "aws_sns_topic", new RegExp(`-${name}-chat$`));
  return {
    name,
    isNotified: isNotified(view, marks),
    chatTopic: chat === undefined ? null : String(view.at(chat, "name")),
    centralBus: centralBusOf(view, marks),
  };
}

function centralBusOf(view: View, marks: (typeof MARKS)[Channel["name"]]): string | null {
  const forwarding = view
    .all("aws_cloudwatch_event_target")
    .filter((target) => view.at(target, "target_id") === "central")
    .find((target) => marks.rule.test(String(view.at(target, "rule"))));
  const arn = forwarding && view.at(forwarding, "arn");
  return typeof arn === "string" ? arn : null;
}

function isNotified(view: View, marks: (typeof MARKS)[Channel["name"]]): boolean | undefined {
  const isOfChannel = (subscription: ResourceValues) => {
    const arn = view.at(subscription, "topic_arn");
    // The ARN of a topic that does not exist yet is not known.
    return isSaid(arn)
      ? marks.topic.test(String(arn))
      : marks.construct.test(subscription.address.slice(subscription.type.length + 1));
  };
  if (view.all("aws_sns_topic_subscription").some(isOfChannel)) return true;
  const targets = view
    .all("aws_cloudwatch_event_target")
    .filter((target) => marks.rule.test(String(view.at(target, "rule"))));
  if (targets.some((target) => !OWN_TARGETS.has(view.at(target, "target_id")))) return true;
  const own = new Set(view.all("aws_sns_topic").map((topic) => view.at(topic, "name")));
  const isForeign = targets.some((target) => {
    const arn = view.at(target, "arn");
    return isSaid(arn) && /:sns:/.test(String(arn)) && !own.has(String(arn).split(":").at(-1)!);
  });
  // Whoever owns a topic that exists already may have subscribers.
  return isForeign ? undefined : false;
}
