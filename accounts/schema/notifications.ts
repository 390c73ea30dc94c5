import { z } from "zod";
import { arnPattern } from "../../aws/arn";
import { chats } from "./chat";
import { activityActions, securityActions } from "./actions";
import { aboutArnOf, aboutText } from "./advice";
import { filterPolicy } from "./filter-policy";
import { queueArn } from "./spellings";
import { region, roleArn, topicName } from "./names";
import { choice, createdOrExisting, described, flag, section } from "./values";

/**
 * API calls of Session Manager that CloudTrail records and EventBridge can report.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-auditing.html
 */
export const SESSION_EVENTS = ["StartSession", "ResumeSession", "TerminateSession"] as const;

const ENDED = Object.fromEntries(
  ["EndSession", "StopSession", "CloseSession"].map((name) => [
    name.toLowerCase(),
    'write "TerminateSession"; exit and timeouts are no API calls, so nothing reports them',
  ]),
);

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html */
const ELSEWHERE =
  "For a topic in another region, if either region is an opt-in region, the principal is sns.<opt-in region>.amazonaws.com.";

const ENDPOINTS = {
  sqs: `ARN of the queue, in the topic's own account. The policy of the queue must let sns.amazonaws.com send messages if aws:SourceArn is the topic. If the queue has a KMS key, the key's policy must let sns.amazonaws.com use it. ${ELSEWHERE}`,
  lambda: `ARN of the function, in the topic's own account. Its resource policy must let sns.amazonaws.com invoke it if aws:SourceArn is the topic. ${ELSEWHERE} SNS delivers to no function in another region that is an opt-in region.`,
};

const topicEndpoint = (service: "sqs" | "lambda", resource: string) =>
  described(z.string().regex(new RegExp(`^${arnPattern({ service, resource })}$`)), {
    description: ENDPOINTS[service],
    allowed: `an ARN of ${service === "sqs" ? "a standard SQS queue" : "a Lambda function, not of $LATEST"}`,
    remedy: `give the ARN, like arn:aws:${service}:eu-central-1:111122223333:${service === "sqs" ? "session-activity" : "function:session-activity"}`,
    ...(service === "sqs" && { spell: queueArn }),
    advise: aboutArnOf(
      service === "sqs" ? "an SQS queue" : "a Lambda function",
      service,
      aboutText((text) => {
        if (text.endsWith(".fifo"))
          return "use a standard queue: a FIFO queue cannot subscribe to a standard topic";
        if (text.endsWith(":$LATEST"))
          return "name the function alone, or an alias: Lambda gives SNS no permission for $LATEST by its name";
        if (!/^[\w-]+$/.test(text)) return undefined;
        const name = service === "sqs" ? text : `function:${text}`;
        return `write the ARN: "arn:aws:${service}:<region>:<account>:${name}"`;
      }),
    ),
  });

/** A subscriber as people write it in a map, from its endpoint, which may be alone or in an object without a protocol. */
function asSubscriber(found: unknown): string | undefined {
  const endpoint =
    typeof found === "object" && found !== null && "endpoint" in found ? found.endpoint : found;
  if (typeof endpoint !== "string") return undefined;
  const [, service] = /^arn:[\w-]+:(sqs|lambda):/.exec(endpoint) ?? [];
  const [, mail] = /^(?:mailto:)?([^\s@]+@[^\s@]+)$/.exec(endpoint) ?? [];
  const protocol = endpoint.startsWith("https:") ? "https" : (service ?? (mail && "email"));
  return protocol && `{ protocol: "${protocol}", endpoint: ${JSON.stringify(mail ?? endpoint)} }`;
}

/**
 * URLs without user information. SNS returns a password as asterisks, so that Terraform would replace the subscription in
 * each apply, and everybody who reads the map would know it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html how an endpoint knows that SNS sent a message
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscribe-https-s-endpoints-to-topic.html
 */
const HTTPS_ENDPOINT = /^https:\/\/(?![^\s/?#]*@)[^\s/?#]+\.[^\s]+$/;

const subscriber = described(
  z.discriminatedUnion("protocol", [
    z.strictObject({
      protocol: z.literal("email"),
      endpoint: described(z.email(), {
        description: "E-mail address. AWS sends it a link to confirm the subscription.",
        allowed: "an e-mail address",
        remedy: "write one address, like security@example.com",
        advise: (found) => (/,|;/.test(String(found)) ? "list one subscriber for each address" : undefined),
      }),
      filterPolicy,
    }),
    z.strictObject({
      protocol: z.literal("https"),
      endpoint: described(z.string().regex(HTTPS_ENDPOINT), {
        description: "HTTPS endpoint. It must confirm the subscription.",
        allowed: "a URL that begins with https://, without a user name or a password",
        remedy: "use https; plain http would send session activity in clear text",
        advise: aboutText((text) =>
          /^https:\/\/[^\s/?#]*@/.test(text)
            ? "remove the part before the @, and let the endpoint verify the signature of each message, or use a path that is hard to guess: SNS masks a password, so that each apply would replace the subscription"
            : undefined,
        ),
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
      endpoint: topicEndpoint("lambda", "function:[\\w-]+(?::[\\w-]+)?"),
      filterPolicy,
    }),
  ]),
  {
    description: "A receiver of notifications.",
    allowed: 'an object { protocol: "email" | "https" | "sqs" | "lambda", endpoint, filterPolicy? }',
    remedy: "name a protocol and its endpoint",
    instead: {
      "email-json": 'write protocol: "email"; the message is JSON',
      sms: "SNS sends no text messages for this topic; use email, https, sqs or lambda",
      slack: 'set chat: [{ platform: "slack", … }] beside subscribers',
      teams: 'set chat: [{ platform: "teams", … }] beside subscribers',
      firehose: "set actions beside subscribers, with an event-bus or a function that writes to Firehose",
    },
    advise: (found) => {
      const subscriber = asSubscriber(found);
      return subscriber && `write ${subscriber}`;
    },
  },
);

const subscribers = () =>
  described(z.array(subscriber).max(100), {
    description: "Receivers that are subscribed to the created topic.",
    allowed: "a list of at most 100 subscribers",
    remedy: "list objects with protocol and endpoint",
    advise: (found) => {
      const subscriber = asSubscriber(found);
      return subscriber && `write [${subscriber}]`;
    },
  });

const topic = (what: string) =>
  createdOrExisting(
    "SNS topic",
    `The SNS topic for ${what}. create: a topic in each account and region. { existing }: a topic in the target's own account and region. Its policy and the policy of its key must let events.amazonaws.com, and for alarms cloudwatch.amazonaws.com, publish: the output required_topic_statements has the statements. If there is a guard, its role must be able to use the key through SNS, too. none: no topic here, because notifications.central has the notifications. With notifications.central, the topic that is set for the organization is the central one, and an account has a topic of its own only if it says so, or names subscribers of its own.`,
    z.strictObject({ existing: topicName("Name or ARN of an existing topic.") }),
    ["create", "none"],
  );

/** What people write for the receivers of a channel. */
const RECEIVERS = {
  email: 'write subscribers: [{ protocol: "email", endpoint: "security@example.com" }]',
  emails: 'write subscribers: [{ protocol: "email", endpoint: "security@example.com" }]',
  slack: 'write chat: [{ platform: "slack", workspaceId: "T…", channelId: "C…" }]',
};
/** What a map may say about the security channel. */
export const securityChannel = section(
  {
    enabled: flag(
      "Report refused session calls, sessions that use another document than the preferences, and changes to the recording.",
    ),
    topic: topic("findings"),
    subscribers: subscribers(),
    chat: chats(),
    central: flag(
      "Send findings and alarms to the central channel of the archive account as well. That channel has a key of its own, so a person who disables a key here silences the topics here and not that one. Its subscribers and chat channels are those that notifications.security names for the archive account; a subscriber that is set for the organization gets each finding from both topics. Only a map with an archive has a central channel; set false for the archive account to leave it out. With notifications.central, findings and alarms go there instead, and with false, the channel is as it would be without notifications.central.",
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
  RECEIVERS,
);

const CHANNELS = {
  activity: section(
    {
      enabled: flag("Report sessions that start, resume and end."),
      events: described(
        z.array(choice(SESSION_EVENTS, "An API call to report.", { instead: ENDED })).min(1),
        {
          description: "Which API calls are reported.",
          allowed: `a list of ${SESSION_EVENTS.join(", ")}, at least one`,
          remedy: "name at least one, or set enabled: false",
        },
      ),
      topic: topic("activity"),
      subscribers: subscribers(),
      chat: chats(),
      central: flag(
        "Send what this channel reports, and its alarms, to notifications.central, if the map has it. With false, the channel is as it would be without notifications.central.",
      ),
      actions: activityActions,
    },
    "The activity channel: sessions that start, resume and end.",
    RECEIVERS,
  ),
  security: securityChannel,
};

/** What a map may say about the notifications of an account or a region. */
export const notifications = section(CHANNELS, "The two notification channels.");

const central = described(
  z.strictObject({
    account: described(z.string(), {
      description:
        "Name of the account that has the central topics: the archive account, another account of the map, or one that has nothing else and no regions.",
      allowed: "the name of an account in this map",
      remedy: "name the account that your security team uses, or leave central out",
    }),
    region: region("Region of the central topics."),
    localTopics: flag(
      "Keep a topic in each account and region as well, even where the account names no subscribers of its own.",
    ).default(false),
  }),
  {
    description:
      "One place that has the notifications of all accounts: an activity and a security topic, each with an event bus and a key of its own. What the map names for the organization under topic, subscribers, chat and actions belongs to these topics, so that each subscriber confirms once. What an account or a region names stays there. It takes the place of the central channel beside the archive.",
    allowed: "an object { account, region, localTopics? }",
    remedy: 'write central: { account: "log-archive", region: "eu-central-1" }, or leave it out',
  },
);

/** What a map may say about notifications for the organization. */
export const organizationNotifications = section(
  { ...CHANNELS, central },
  "The two notification channels, and the place that has them for all accounts.",
);
