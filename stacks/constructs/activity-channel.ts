import type { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { ACTIVITY_PATHS, activityPattern, activityTemplate } from "../events/activity-message";
import { activityChat } from "../events/chat-message";
import { channelNames, type Place } from "../names";
import type { ChannelActions } from "./channel-actions";
import { NotificationChannel } from "./notification-channel";

export interface ActivityChannelProps {
  readonly place: Place;
  readonly settings: Settings["notifications"]["activity"];
  /** ARN of a customer managed key that lets EventBridge and alarms publish; null: not encrypted. */
  readonly keyArn: string | null;
  readonly actions: ChannelActions;
  /** ARNs of topics that are told when notifications do not arrive. */
  readonly alarmTopics: readonly string[];
}

/** Tells people when a session starts, resumes or ends. */
export class ActivityChannel extends NotificationChannel {
  constructor(scope: Construct, id: string, props: ActivityChannelProps) {
    const { place, settings, keyArn, actions, alarmTopics } = props;
    super(scope, id, {
      place,
      name: channelNames({ kind: "activity", place }).topic,
      deadLetterQueue: channelNames({ kind: "activity", place }).deadLetters,
      keyArn,
      topic: settings.topic,
      subscribers: settings.subscribers,
      chat: settings.chat.length > 0,
      alarmTopics,
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
