import { z } from "zod";
import { chats } from "./chat";
import { activityActions, securityActions } from "./actions";
import { choice, createdOrExisting, flag, roleArn, section, described, topicName } from "./values";

/** API calls of Session Manager that CloudTrail records and EventBridge can report. */
export const SESSION_EVENTS = ["StartSession", "ResumeSession", "TerminateSession"] as const;

const filterPolicy = described(z.record(z.string(), z.unknown()), {
  description:
    "SNS filter policy over the message body. A channel's alarms go to its topic as well: they have no action, and a filter on action keeps them out.",
  allowed: 'a filter policy as SNS writes it, such as { action: ["StartSession"] }',
  remedy: "write an object whose keys are fields of the message; leave it out to get every message",
})
  .nullable()
  .default(null);

const ENDPOINTS = {
  sqs: "ARN of the queue, in the topic's own account. The queue's policy must let sns.amazonaws.com send with aws:SourceArn = the topic, and the policy of its key, if it has one, let sns.amazonaws.com use that.",
  lambda:
    "ARN of the function, in the topic's own account. Its resource policy must let sns.amazonaws.com invoke it, with aws:SourceArn = the topic.",
};

const topicEndpoint = (service: "sqs" | "lambda", resource: string) =>
  described(
    z.string().regex(new RegExp(`^arn:(?:aws|aws-us-gov|aws-cn):${service}:[a-z0-9-]+:\\d{12}:${resource}$`)),
    {
      description: ENDPOINTS[service],
      allowed: `an ARN of ${service === "sqs" ? "a standard SQS queue" : "a Lambda function"}`,
      remedy: `give the ARN, like arn:aws:${service}:eu-central-1:111122223333:${service === "sqs" ? "session-activity" : "function:session-activity"}`,
    },
  );

const subscriber = described(
  z.discriminatedUnion("protocol", [
    z.strictObject({
      protocol: z.literal("email"),
      endpoint: described(z.email(), {
        description: "E-mail address. AWS asks it to confirm.",
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
    description: "Who receives notifications.",
    allowed: 'an object { protocol: "email" | "https" | "sqs" | "lambda", endpoint, filterPolicy? }',
    remedy: "name a protocol and its endpoint; plain http is not offered, use https",
  },
);

const subscribers = () =>
  described(z.array(subscriber).max(100), {
    description: "Who is described, by a topic that is created.",
    allowed: "a list of at most 100 subscribers",
    remedy: "list objects with protocol and endpoint",
  });

const topic = (what: string) =>
  createdOrExisting(
    "SNS topic",
    `The topic that is told of ${what}. create: a topic in each target. An existing one lies in the target's own account and region; its policy, and that of its key, must let events.amazonaws.com and, for alarms, cloudwatch.amazonaws.com publish: the output required_topic_statements says how.`,
    z.strictObject({ existing: topicName("Name or ARN of a topic that is there already.") }),
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
      "The activity channel.",
    ),
    security: section(
      {
        enabled: flag(
          "Report refused session calls, sessions with another document than the preferences, and changes to what records.",
        ),
        topic: topic("findings"),
        subscribers: subscribers(),
        chat: chats(),
        actions: securityActions,
        ignoredRoles: described(z.array(roleArn("A role.")).max(5), {
          description:
            "Roles whose changes to what records are expected and not reported, such as the pipeline's. Refused and unrecorded sessions are reported whoever opens them.",
          allowed: "a list of at most 5 IAM role ARNs, without *",
          remedy: "list the ARN of the role that deploys; leave people out",
        }),
      },
      "The security channel, apart from activity so that people keep it switched on.",
    ),
  },
  "Notification channels of a target.",
);
