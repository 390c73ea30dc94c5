import { arns, channelNames, chatTopic, names } from "../../../stacks/names";
import { chatTrustPolicy } from "../../../stacks/policies/chat-policy";
import { topicPolicy } from "../../../stacks/policies/notification-policy";
import { actor, administratorOf, at, MEMBER, roleIn, service, STRANGER, decisionOn } from "./helpers";

const place = at(MEMBER);
const CHAT = service("chatbot.amazonaws.com");
const of = (account: string) => ({ "aws:SourceAccount": account });

describe("the role that chat configurations name", () => {
  const resource = arns.role({ partition: "aws", id: MEMBER }, names.chatRole(place));
  const policy = chatTrustPolicy(place);

  it.each`
    taker                                     | who                                            | context         | expected
    ${"chat that names no account"}           | ${CHAT}                                        | ${{}}           | ${"Allowed"}
    ${"chat for this account"}                | ${CHAT}                                        | ${of(MEMBER)}   | ${"Allowed"}
    ${"chat for another account"}             | ${CHAT}                                        | ${of(STRANGER)} | ${"ExplicitlyDenied"}
    ${"the service that subscribes for chat"} | ${service("management.chatbot.amazonaws.com")} | ${of(MEMBER)}   | ${"ImplicitlyDenied"}
    ${"another service"}                      | ${service("ec2.amazonaws.com")}                | ${of(MEMBER)}   | ${"ImplicitlyDenied"}
    ${"an administrator of this account"}     | ${administratorOf(MEMBER)}                     | ${{}}           | ${"ImplicitlyDenied"}
    ${"an administrator of another account"}  | ${administratorOf(STRANGER)}                   | ${{}}           | ${"ImplicitlyDenied"}
  `("is assumed by $taker: $expected", async ({ who, context, expected }) => {
    const asked = { action: "sts:AssumeRole", resource, owner: MEMBER, context, policy };
    expect(await decisionOn({ who, ...asked })).toBe(expected);
  });

  it.each`
    action                               | on
    ${"sns:Publish"}                     | ${arns.topic(place, chatTopic(channelNames({ kind: "activity", place }).topic))}
    ${"cloudwatch:GetMetricWidgetImage"} | ${"*"}
    ${"ssm:StartSession"}                | ${`arn:aws:ec2:eu-central-1:${MEMBER}:instance/i-0123456789abcdef0`}
    ${"logs:GetLogEvents"}               | ${`${arns.logGroup(place, names.logGroup(place))}:log-stream:alice-1`}
  `("may not do $action, because it has no policy", async ({ action, on }) => {
    expect(await decisionOn({ who: actor(resource), action, resource: on, owner: MEMBER })).toBe(
      "ImplicitlyDenied",
    );
  });
});

/**
 * The managed policy AWSChatbotServiceLinkedRolePolicy.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSChatbotServiceLinkedRolePolicy.html
 */
const SUBSCRIBER = actor(
  roleIn(MEMBER, "aws-service-role/management.chatbot.amazonaws.com/AWSServiceRoleForAWSChatbot"),
  {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "sns:ListSubscriptionsByTopic",
          "sns:ListTopics",
          "sns:Unsubscribe",
          "sns:Subscribe",
          "sns:ListSubscriptions",
        ],
        Resource: "*",
      },
    ],
  },
);

describe("the topic for chat", () => {
  const topic = chatTopic(channelNames({ kind: "target", place }).topic);
  const resource = arns.topic(place, topic);
  const policy = topicPolicy(place, topic);

  it.each`
    action                            | who                                | by                                       | expected
    ${"sns:Subscribe"}                | ${SUBSCRIBER}                      | ${"the service-linked role of chat"}     | ${"Allowed"}
    ${"sns:ListSubscriptionsByTopic"} | ${SUBSCRIBER}                      | ${"the service-linked role of chat"}     | ${"Allowed"}
    ${"sns:Publish"}                  | ${SUBSCRIBER}                      | ${"the service-linked role of chat"}     | ${"ExplicitlyDenied"}
    ${"sns:Subscribe"}                | ${CHAT}                            | ${"chat itself"}                         | ${"ImplicitlyDenied"}
    ${"sns:Publish"}                  | ${CHAT}                            | ${"chat itself"}                         | ${"ImplicitlyDenied"}
    ${"sns:Subscribe"}                | ${administratorOf(STRANGER)}       | ${"an administrator of another account"} | ${"ImplicitlyDenied"}
    ${"sns:Publish"}                  | ${service("events.amazonaws.com")} | ${"EventBridge"}                         | ${"Allowed"}
  `("answers $action by $by: $expected", async ({ action, who, expected }) => {
    expect(await decisionOn({ who, action, resource, owner: MEMBER, policy })).toBe(expected);
  });
});
