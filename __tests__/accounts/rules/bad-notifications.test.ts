import { OWN_BUCKETS, READER, withSubscriber } from "./good-map";
import { accepts, refuses, type Case } from "./refusals";

const queue = (account: string, region = "eu-central-1", partition = "aws") => ({
  protocol: "sqs",
  endpoint: `arn:${partition}:sqs:${region}:${account}:siem`,
});
const SUBSCRIBER = "notifications.activity.subscribers[0]";

refuses("of notifications", [
  [
    "an e-mail address that is none",
    withSubscriber({ protocol: "email", endpoint: "ops" }),
    `${SUBSCRIBER}.endpoint`,
    "e-mail",
    "one address",
  ],
  [
    "plain http",
    withSubscriber({ protocol: "http", endpoint: "http://example.com" }),
    `${SUBSCRIBER}.protocol`,
    '"https"',
    'did you mean "https"?',
  ],
  [
    "http behind https",
    withSubscriber({ protocol: "https", endpoint: "http://example.com" }),
    `${SUBSCRIBER}.endpoint`,
    "https://",
    'write "https://example.com", if the endpoint has TLS',
  ],
  ...["https://user:secret@example.com/siem", "https://user@example.com"].map((endpoint): Case => [
    `user information in a URL: ${endpoint}`,
    withSubscriber({ protocol: "https", endpoint }),
    `${SUBSCRIBER}.endpoint`,
    "without a user name or a password",
    "let the endpoint verify the signature of each message",
  ]),
  [
    "a protocol that is none",
    withSubscriber({ protocol: "sms", endpoint: "+49" }),
    `${SUBSCRIBER}.protocol`,
    '"email" or "https" or "sqs" or "lambda"',
    "SNS sends no text messages for this topic; use email, https, sqs or lambda",
  ],
  [
    "no protocol",
    withSubscriber({ endpoint: "a@example.com" }),
    `${SUBSCRIBER}.protocol`,
    '"email"',
    'write { protocol: "email", endpoint: "a@example.com" }',
  ],
  [
    "a fifo queue",
    withSubscriber({ protocol: "sqs", endpoint: "arn:aws:sqs:eu-central-1:444444444444:sessions.fifo" }),
    `${SUBSCRIBER}.endpoint`,
    "a standard SQS queue",
    "use a standard queue: a FIFO queue cannot subscribe to a standard topic",
  ],
  [
    "a function by $LATEST, which SNS may not invoke",
    withSubscriber({
      protocol: "lambda",
      endpoint: "arn:aws:lambda:eu-central-1:222222222222:function:tell:$LATEST",
    }),
    "notifications.activity.subscribers[0].endpoint",
    "not of $LATEST",
    "name the function alone, or an alias",
  ],
  [
    "a function by name",
    withSubscriber({ protocol: "lambda", endpoint: "tell" }),
    `${SUBSCRIBER}.endpoint`,
    "a Lambda function",
    "function:",
  ],
  [
    "an address alone",
    withSubscriber("a@example.com"),
    SUBSCRIBER,
    "{ protocol:",
    'write { protocol: "email", endpoint: "a@example.com" }',
  ],
  [
    "a filter that is a string",
    withSubscriber({ protocol: "email", endpoint: "a@example.com", filterPolicy: "x" }),
    `${SUBSCRIBER}.filterPolicy`,
    "a filter policy as SNS writes it",
    "leave it out",
  ],
  [
    "a subscriber twice",
    {
      "notifications.activity.subscribers": [
        { protocol: "email", endpoint: "a@example.com" },
        { protocol: "email", endpoint: "a@example.com", filterPolicy: { action: ["StartSession"] } },
      ],
    },
    "notifications.activity.subscribers[1]",
    "each protocol and endpoint once",
    "remove the repetition",
  ],
  ...(["activity", "security"] as const).flatMap((channel): Case[] => [
    [
      `another account's queue, ${channel}`,
      { [`accounts.sandbox.notifications.${channel}.subscribers`]: [queue("444444444444")] },
      `accounts.sandbox.notifications.${channel}.subscribers[0].endpoint`,
      "a queue of account 222222222222 in partition aws",
      `the output ${channel}_topic_arn`,
    ],
    [
      `a function in another partition, ${channel}`,
      {
        [`accounts.sandbox.notifications.${channel}.subscribers`]: [
          {
            protocol: "lambda",
            endpoint: "arn:aws-us-gov:lambda:us-gov-west-1:222222222222:function:tell",
          },
        ],
      },
      `accounts.sandbox.notifications.${channel}.subscribers[0].endpoint`,
      "a function of account 222222222222 in partition aws",
      "name a function of this account in the account's settings",
    ],
  ]),
  ...(["activity", "security"] as const).map((channel): Case => [
    `a function in an opt-in region for a topic in another region, ${channel}`,
    {
      [`accounts.sandbox.notifications.${channel}.subscribers`]: [
        { protocol: "lambda", endpoint: "arn:aws:lambda:me-south-1:222222222222:function:tell" },
      ],
    },
    `accounts.sandbox.notifications.${channel}.subscribers[0].endpoint`,
    "a function in eu-central-1, where a topic of sandbox is, or in a region that is enabled by default",
    "name the function in the settings of me-south-1 alone",
  ]),
  [
    "another account's queue for an archive",
    { "accounts.log-archive.notifications.security.subscribers": [queue("444444444444")] },
    'accounts["log-archive"].notifications.security.subscribers[0].endpoint',
    "a queue of account 111111111111",
    "the output security_topic_arn",
  ],
  [
    "an event twice",
    { "notifications.activity.events": ["StartSession", "StartSession"] },
    "notifications.activity.events[1]",
    "each call once",
    "remove the repetition",
  ],
  [
    "an ignored role twice",
    { "notifications.security.ignoredRoles": [READER, READER] },
    "notifications.security.ignoredRoles[1]",
    "each role once",
    "remove the repetition",
  ],
  [
    "no events",
    { "notifications.activity.events": [] },
    "notifications.activity.events",
    "at least one",
    "enabled: false",
  ],
  [
    "an event misspelt",
    { "notifications.activity.events": ["StartSesion"] },
    "notifications.activity.events[0]",
    '"StartSession"',
    'mean "StartSession"?',
  ],
]);

accepts([
  [
    "with a function in another region that is enabled by default, and a queue in an opt-in region",
    {
      "accounts.sandbox.notifications.activity.subscribers": [
        { protocol: "lambda", endpoint: "arn:aws:lambda:eu-west-1:222222222222:function:tell" },
        queue("222222222222", "me-south-1"),
      ],
    },
  ],
  [
    "with a function in an opt-in region for the topic there alone",
    {
      ...OWN_BUCKETS,
      "accounts.payments.regions": {
        "eu-central-1": {},
        "me-south-1": {
          notifications: {
            activity: {
              subscribers: [
                { protocol: "lambda", endpoint: "arn:aws:lambda:me-south-1:444444444444:function:tell" },
              ],
            },
          },
        },
      },
    },
  ],
  [
    "with a queue and a function of the account, and an address for all",
    {
      "notifications.activity.subscribers": [{ protocol: "email", endpoint: "a@example.com" }],
      "accounts.sandbox.notifications": {
        activity: { subscribers: [queue("222222222222", "eu-west-1")] },
        security: {
          subscribers: [
            { protocol: "lambda", endpoint: "arn:aws:lambda:eu-central-1:222222222222:function:tell" },
          ],
        },
      },
    },
  ],
  [
    "with another account's queue on a channel that is off",
    {
      "notifications.activity": { enabled: false, subscribers: [queue("444444444444")] },
    },
  ],
]);
