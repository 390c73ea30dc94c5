import { gap, INTENDED, type Treatment } from "./treatment";

/** Who is notified, and how. */
export const NOTIFICATIONS: Readonly<Record<string, Treatment>> = {
  aws_chatbot_slack_channel_configuration: {
    noun: "Slack channel",
    nouns: "Slack channels",
    changed: "Other people in Slack see who opens sessions and what is reported.",
    destroyed: {
      severity: "medium",
      lost: "The channel no longer receives notifications of sessions and findings.",
      remedy: INTENDED,
    },
    replaced: gap("what is reported does not reach the channel"),
  },
  aws_chatbot_teams_channel_configuration: {
    noun: "Teams channel",
    nouns: "Teams channels",
    changed: "Other people in Teams see who opens sessions and what is reported.",
    destroyed: {
      severity: "medium",
      lost: "The channel no longer receives notifications of sessions and findings.",
      remedy: INTENDED,
    },
    replaced: gap("what is reported does not reach the channel"),
  },
  aws_cloudwatch_event_target: {
    noun: "target of a rule",
    nouns: "targets of EventBridge rules",
    changed: "EventBridge sends what it reports elsewhere, or in another form.",
    destroyed: {
      severity: "medium",
      lost: "EventBridge no longer sends there what the rule matches.",
      remedy: INTENDED,
    },
    replaced: gap("events that the rule matches do not reach the target"),
  },
  aws_sns_topic: {
    noun: "topic",
    nouns: "topics",
    changed: "Notifications are encrypted with another key, or kept in another way.",
    destroyed: {
      severity: "high",
      lost: "Every subscription of the topic ends, also those that others have made. Nobody is notified any more of what was published to it.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "high",
      lost: "Every subscription of the old topic ends, also those that others have made. Email subscribers have to confirm again.",
      remedy: "Take back what forces the replacement.",
    },
  },
  aws_sns_topic_policy: {
    noun: "policy of a topic",
    nouns: "policies of topics",
    changed: "Others may publish to the topic, or subscribe to it.",
    destroyed: {
      severity: "high",
      lost: "EventBridge and alarms may no longer publish: nobody is notified of sessions and findings.",
      remedy: INTENDED,
    },
    replaced: gap("EventBridge and alarms may not publish"),
  },
  aws_sns_topic_subscription: {
    noun: "subscriber",
    nouns: "subscribers",
    changed: "The subscriber is notified of more or less.",
    destroyed: {
      severity: "medium",
      lost: "The subscriber no longer receives what is published to the topic.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "medium",
      lost: "An email subscriber gets nothing until somebody confirms the new subscription.",
      remedy: "Confirm the new subscription.",
    },
  },
  aws_sqs_queue: {
    noun: "queue",
    nouns: "queues",
    changed: "Undelivered notifications, or items for workers, are kept in another way.",
    destroyed: {
      severity: "medium",
      lost: "What waits in it is deleted: notifications that could not be delivered, or items for workers. Later ones are lost.",
      remedy: "Read the queue first.",
    },
    replaced: {
      severity: "medium",
      lost: "What waits in the old queue is deleted.",
      remedy: "Read the queue first.",
    },
  },
  aws_sqs_queue_policy: {
    noun: "policy of a queue",
    nouns: "policies of queues",
    changed: "Others may write to the queue, or read it.",
    destroyed: {
      severity: "medium",
      lost: "EventBridge and SNS can no longer keep what they could not deliver. Others may send items to the queue of a pipeline.",
      remedy: INTENDED,
    },
    replaced: gap("EventBridge and SNS cannot keep what they could not deliver"),
  },
};
