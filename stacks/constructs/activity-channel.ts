import type { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { ACTIVITY_PATHS, activityPattern, activityTemplate } from "../events/activity-message";
import { activityChat } from "../events/chat-message";
import { channelNames, type Place } from "../names";
import type { ChannelForwarding } from "./central-forwarding";
import type { ChannelActions } from "./channel-actions";
import { NotificationChannel } from "./notification-channel";

/** Which session calls a target reports, to whom, and what else they invoke. */
export interface ActivityChannelProps {
  /** Account and region whose sessions are reported. */
  readonly place: Place;
  /** The setting `notifications.activity` of the target. */
  readonly settings: Settings["notifications"]["activity"];
  /**
   * ARN of the customer managed key that encrypts the topic, and whose policy lets EventBridge and alarms publish;
   * null: the topic is not encrypted.
   */
  readonly keyArn: string | null;
  /** The actions of the channel, with their roles and permissions. */
  readonly actions: ChannelActions;
  /** ARNs of the topics that the alarms about undelivered notifications publish to. */
  readonly alarmTopics: readonly string[];
  /** The central bus, to which sessions go as well; null: they do not. */
  readonly forwarding: ChannelForwarding | null;
}

/**
 * Reports each session that starts, resumes or is terminated by a call. A session that ends by `exit` or by a timeout
 * makes no call, and so causes no event.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-auditing.html
 * @example
 * new ActivityChannel(this, "Activity", {
 *   place, settings: settings.notifications.activity, keyArn: key.arn, actions,
 *   alarmTopics: [securityTopicArn], forwarding: null,
 * });
 */
export class ActivityChannel extends NotificationChannel {
  constructor(scope: Construct, id: string, props: ActivityChannelProps) {
    const { place, settings, keyArn, actions, alarmTopics, forwarding } = props;
    super(scope, id, {
      place,
      name: channelNames({ kind: "activity", place }).topic,
      deadLetterQueue: channelNames({ kind: "activity", place }).deadLetters,
      keyArn,
      topic: settings.topic,
      subscribers: settings.subscribers,
      chat: settings.chat.length > 0,
      alarmTopics,
      forwarding,
      rules: [
        {
          id: "Rule",
          name: channelNames({ kind: "activity", place }).topic,
          description: `Session Manager: ${settings.events.join(", ")}`,
          pattern: activityPattern(settings.events),
          message: { paths: ACTIVITY_PATHS, template: activityTemplate(place) },
          chat: activityChat(place),
          targets: actions.targetsOf(channelNames({ kind: "activity", place }).topic),
        },
      ],
    });
  }
}
