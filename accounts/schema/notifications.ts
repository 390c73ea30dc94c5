import { z } from "zod";
import { arnPattern } from "../../aws/arn";
import { chats } from "./chat";
import { activityActions, securityActions } from "./actions";
import { roleArn, topicName } from "./names";
import { choice, createdOrExisting, described, flag, section } from "./values";

/**
 * API calls of Session Manager that CloudTrail records and EventBridge can report.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-auditing.html
 */
export const SESSION_EVENTS = ["StartSession", "ResumeSession", "TerminateSession"] as const;

const filterPolicy = described(z.record(z.string(), z.unknown()), {
  description:
    "SNS filter policy for the message body. The alarms of a channel go to the same topic; they have no field action, so a filter on action keeps them out.",
  allowed: 'a filter policy as SNS writes it, such as { action: ["StartSession"] }',
  remedy: "write an object whose keys are fields of the message; leave it out to get every message",
})
  .nullable()
  .default(null);

const ENDPOINTS = {
  sqs: "ARN of the queue, in the topic's own account. The policy of the queue must let sns.amazonaws.com send messages if aws:SourceArn is the topic. If the queue has a KMS key, the key's policy must let sns.amazonaws.com use it.",
  lambda:
    "ARN of the function, in the topic's own account. Its resource policy must let sns.amazonaws.com invoke it if aws:SourceArn is the topic.",
};

const topicEndpoint = (service: "sqs" | "lambda", resource: string) =>
  described(z.string().regex(new RegExp(`^${arnPattern({ service, resource })}$`)), {
    description: ENDPOINTS[service],
    allowed: `an ARN of ${service === "sqs" ? "a standard SQS queue" : "a Lambda function"}`,
    remedy: `give the ARN, like arn:aws:${service}:eu-central-1:111122223333:${service === "sqs" ? "session-activity" : "function:session-activity"}`,
  });

const subscriber = described(
  z.discriminatedUnion("protocol", [
    z.strictObject({
      protocol: z.literal("email"),
      endpoint: described(z.email(), {
        description: "E-mail address. AWS sends it a link to confirm the subscription.",
        allowed: "an e-mail address",
        remedy: "write one address, like security@example.com",
      }),
      filterPolicy,
    }),
    z.strictObject({
      protocol: z.literal("https"),
      endpoint: described(z.string().regex(/^https:\/\/[^\s/?#]+\.[^\s]+$/), {
        description: "HTTPS endpoint. It must confirm the subscription.",
        allowed: "a URL that begins with https://",
        remedy: "use https; plain http would send session activity in clear text",
      }),
      filterPolicy,
    }),
    z.strictObject({
      protocol: z.literal("sqs"),
      endpoint: topicEndpoint("sqs", "(?!.*\\.fifo$)[\\w-]{1,80}"),
      filterPolicy,
    }),
    z.strictObject({
      protocol: z.literal("lambda"),
      endpoint: topicEndpoint("lambda", "function:[\\w-]+(?::[\\w$-]+)?"),
      filterPolicy,
    }),
  ]),
  {
    description: "A receiver of notifications.",
    allowed: 'an object { protocol: "email" | "https" | "sqs" | "lambda", endpoint, filterPolicy? }',
    remedy: "name a protocol and its endpoint; plain http is not offered, use https",
  },
);

const subscribers = () =>
  described(z.array(subscriber).max(100), {
    description: "Receivers that are subscribed to the created topic.",
    allowed: "a list of at most 100 subscribers",
    remedy: "list objects with protocol and endpoint",
  });

const topic = (what: string) =>
  createdOrExisting(
    "SNS topic",
    `The SNS topic for ${what}. create: a topic in each account and region. { existing }: a topic in the target's own account and region. Its policy and the policy of its key must let events.amazonaws.com, and for alarms cloudwatch.amazonaws.com, publish: the output required_topic_statements has the statements. If there is a guard, its role must be able to use the key through SNS, too.`,
    z.strictObject({ existing: topicName("Name or ARN of an existing topic.") }),
    ["create"],
  );

/** What a map may say about notifications. */
export const notifications = section(
  {
    activity: section(
      {
        enabled: flag("Report sessions that start, resume and end."),
        events: described(z.array(choice(SESSION_EVENTS, "An API call to report.")).min(1), {
          description: "Which API calls are reported.",
          allowed: `a list of ${SESSION_EVENTS.join(", ")}, at least one`,
          remedy: "name at least one, or set enabled: false",
        }),
        topic: topic("activity"),
        subscribers: subscribers(),
        chat: chats(),
        actions: activityActions,
      },
      "The activity channel: sessions that start, resume and end.",
    ),
    security: section(
      {
        enabled: flag(
          "Report refused session calls, sessions that use another document than the preferences, and changes to the recording.",
        ),
        topic: topic("findings"),
        subscribers: subscribers(),
        chat: chats(),
        central: flag(
          "Send findings and alarms to the central channel of the archive account as well. That channel has a key of its own, so a person who disables a key here silences the topics here and not that one. Its subscribers and chat channels are those that notifications.security names for the archive account; a subscriber that is set for the organization gets each finding from both topics. Only a map with an archive has a central channel; set false for the archive account to leave it out.",
        ),
        actions: securityActions,
        ignoredRoles: described(z.array(roleArn("A role.")).max(5), {
          description:
            "Roles whose changes to the recording are expected and not reported, such as the role of the pipeline. Refused and unrecorded sessions are always reported.",
          allowed: "a list of at most 5 IAM role ARNs, without *",
          remedy: "list the ARN of the role that deploys; leave people out",
        }),
        accountChanges: flag(
          "Report changes to roles that record, read or deploy, and to the account itself. AWS sends these events to one region of the partition: us-east-1, us-gov-west-1 or cn-north-1. If the account has no security channel there, its stack creates a rule in that region, which forwards the events to a channel of the account. Set this to false if the account must have nothing in that region.",
        ),
      },
      "The security channel: findings. It is separate from activity so that people who mute activity still get the findings.",
    ),
  },
  "The two notification channels.",
);
