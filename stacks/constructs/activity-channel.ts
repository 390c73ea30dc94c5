import { Construct } from "constructs";
import type { Settings } from "../../accounts/settings";
import { ACTIVITY_PATHS, activityPattern, activityTemplate } from "../activity-message";
import { arns, names, type Place } from "../names";
import { deadLetterPolicy } from "../policies/notification-policy";
import { DeadLetterQueue } from "./dead-letter-queue";
import { DeliveryAlarms } from "./delivery-alarms";
import { NotificationRule } from "./notification-rule";
import { NotificationTopic } from "./notification-topic";

export interface ActivityChannelProps {
  readonly place: Place;
  readonly settings: Settings["notifications"]["activity"];
  /** ARN of a customer managed key that lets EventBridge and alarms publish; null: not encrypted. */
  readonly keyArn: string | null;
}

/** Tells people when a session starts, resumes or ends. A security channel would stand beside it. */
export class ActivityChannel extends Construct {
  constructor(scope: Construct, id: string, { place, settings, keyArn }: ActivityChannelProps) {
    super(scope, id);
    const name = names.activity(place);
    const queue = names.activityDeadLetters(place);
    const deadLetters = {
      arn: arns.queue(place, queue),
      ready: new DeadLetterQueue(this, "DeadLetters", {
        name: queue,
        policy: deadLetterPolicy(place, { queue, rule: name, topic: name }),
      }).ready,
    };
    const topic = new NotificationTopic(this, "Topic", {
      place,
      name,
      keyArn,
      subscribers: settings.subscribers,
      deadLetters,
    });
    new NotificationRule(this, "Rule", {
      name,
      description: `Session Manager: ${settings.events.join(", ")}`,
      pattern: activityPattern(settings.events),
      inputPaths: ACTIVITY_PATHS,
      template: activityTemplate(place),
      target: topic,
      deadLetters,
    });
    new DeliveryAlarms(this, "Alarms", { name, rule: name, deadLetterQueue: queue, topic });
  }
}
