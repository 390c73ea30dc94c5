import { arns, channelNames } from "../../../stacks/names";
import {
  deadLetterPolicy,
  requiredTopicStatements,
  topicPolicy,
} from "../../../stacks/policies/notification-policy";
import { actor, administratorOf, at, MEMBER, roleIn, service, STRANGER, US, decisionOn } from "./helpers";

const place = at(MEMBER);
const EVENTS = service("events.amazonaws.com");
const ALARMS = service("cloudwatch.amazonaws.com");
const SNS = service("sns.amazonaws.com");
const HTTP = { "aws:SecureTransport": "false" };

describe("the topic", () => {
  const topic = channelNames({ kind: "activity", place }).topic;
  const resource = arns.topic(place, topic);
  const policy = topicPolicy(place, topic);
  const from = (account: string) => ({ "aws:SourceAccount": account });

  it.each`
    publisher                                       | who                              | context                         | expected
    ${"EventBridge that names no account"}          | ${EVENTS}                        | ${{}}                           | ${"Allowed"}
    ${"EventBridge for this account"}               | ${EVENTS}                        | ${from(MEMBER)}                 | ${"Allowed"}
    ${"EventBridge for another account"}            | ${EVENTS}                        | ${from(STRANGER)}               | ${"ExplicitlyDenied"}
    ${"EventBridge over plain http"}                | ${EVENTS}                        | ${HTTP}                         | ${"ExplicitlyDenied"}
    ${"an alarm of this account"}                   | ${ALARMS}                        | ${from(MEMBER)}                 | ${"Allowed"}
    ${"an alarm of another account"}                | ${ALARMS}                        | ${from(STRANGER)}               | ${"ExplicitlyDenied"}
    ${"an alarm that names no account"}             | ${ALARMS}                        | ${{}}                           | ${"ImplicitlyDenied"}
    ${"an alarm over plain http"}                   | ${ALARMS}                        | ${{ ...from(MEMBER), ...HTTP }} | ${"ExplicitlyDenied"}
    ${"another service of this account"}            | ${service("s3.amazonaws.com")}   | ${from(MEMBER)}                 | ${"ImplicitlyDenied"}
    ${"a role of this account without policies"}    | ${actor(roleIn(MEMBER, "bare"))} | ${{}}                           | ${"ImplicitlyDenied"}
    ${"an administrator of this account over http"} | ${administratorOf(MEMBER)}       | ${HTTP}                         | ${"ExplicitlyDenied"}
    ${"an administrator of another account"}        | ${administratorOf(STRANGER)}     | ${{}}                           | ${"ImplicitlyDenied"}
  `("accepts messages from $publisher: $expected", async ({ who, context, expected }) => {
    expect(await decisionOn({ who, action: "sns:Publish", resource, owner: MEMBER, context, policy })).toBe(
      expected,
    );
  });

  it.each(["sns:Subscribe", "sns:SetTopicAttributes", "sns:AddPermission"])(
    "does not allow %s to services and to other accounts",
    async (action) => {
      for (const who of [EVENTS, ALARMS, administratorOf(STRANGER)])
        expect(await decisionOn({ who, action, resource, owner: MEMBER, policy })).toBe("ImplicitlyDenied");
    },
  );

  it("does not allow services to publish to another topic", async () => {
    const other = `${resource}-2`;
    const asked = { action: "sns:Publish", owner: MEMBER, policy, context: from(MEMBER) };
    for (const who of [EVENTS, ALARMS])
      expect(await decisionOn({ who, resource: other, ...asked })).toBe("ImplicitlyDenied");
  });
});

describe("an existing topic whose owner has added the required statements to SNS's default policy", () => {
  const resource = `arn:aws:sns:eu-central-1:${MEMBER}:soc`;
  const required = requiredTopicStatements(place, [resource])![resource]!;
  /** The owner lets alarms of another account publish, too. */
  const alarmsOfOthers = {
    Sid: "AlarmsOfOthers",
    Effect: "Allow" as const,
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["sns:Publish"],
    Resource: resource,
    Condition: { StringEquals: { "aws:SourceAccount": STRANGER } },
  };
  const policy = { Version: "2012-10-17" as const, Statement: [...required, alarmsOfOthers] };
  const from = (account: string) => ({ "aws:SourceAccount": account });

  it.each`
    publisher                                | who                          | context           | expected
    ${"EventBridge for this account"}        | ${EVENTS}                    | ${from(MEMBER)}   | ${"Allowed"}
    ${"EventBridge that names no account"}   | ${EVENTS}                    | ${{}}             | ${"Allowed"}
    ${"EventBridge for another account"}     | ${EVENTS}                    | ${from(STRANGER)} | ${"ExplicitlyDenied"}
    ${"an alarm of this account"}            | ${ALARMS}                    | ${from(MEMBER)}   | ${"Allowed"}
    ${"an alarm that the owner lets in"}     | ${ALARMS}                    | ${from(STRANGER)} | ${"Allowed"}
    ${"an administrator of this account"}    | ${administratorOf(MEMBER)}   | ${{}}             | ${"Allowed"}
    ${"an administrator of another account"} | ${administratorOf(STRANGER)} | ${{}}             | ${"ImplicitlyDenied"}
  `("accepts messages from $publisher: $expected", async ({ who, context, expected }) => {
    const asked = { who, action: "sns:Publish", resource, owner: MEMBER, context, policy };
    expect(await decisionOn(asked)).toBe(expected);
  });

  it("needs nothing where the map names no existing topic", () => {
    expect(requiredTopicStatements(place, [])).toBeNull();
  });
});

describe("the queue of dead letters", () => {
  const queue = channelNames({ kind: "activity", place }).deadLetters;
  const resource = arns.queue(place, queue);
  const name = channelNames({ kind: "activity", place }).topic;
  const policy = deadLetterPolicy(place, { queue, rules: [name], topic: name });
  const RULE = arns.rule(place, name);
  const TOPIC = arns.topic(place, name);
  const source = (arn: string) => ({ "aws:SourceArn": arn });

  it.each`
    sender                                          | who                            | context                                    | expected
    ${"EventBridge for the rule"}                   | ${EVENTS}                      | ${source(RULE)}                            | ${"Allowed"}
    ${"EventBridge for another rule"}               | ${EVENTS}                      | ${source(`${RULE}-2`)}                     | ${"ImplicitlyDenied"}
    ${"EventBridge for another account's rule"}     | ${EVENTS}                      | ${source(arns.rule(at(STRANGER), name))}   | ${"ImplicitlyDenied"}
    ${"EventBridge for another region's rule"}      | ${EVENTS}                      | ${source(arns.rule(at(MEMBER, US), name))} | ${"ImplicitlyDenied"}
    ${"EventBridge for no rule"}                    | ${EVENTS}                      | ${{}}                                      | ${"ImplicitlyDenied"}
    ${"EventBridge over plain http"}                | ${EVENTS}                      | ${{ ...source(RULE), ...HTTP }}            | ${"ExplicitlyDenied"}
    ${"EventBridge in the topic's name"}            | ${EVENTS}                      | ${source(TOPIC)}                           | ${"ImplicitlyDenied"}
    ${"SNS for the topic"}                          | ${SNS}                         | ${source(TOPIC)}                           | ${"Allowed"}
    ${"SNS for another topic"}                      | ${SNS}                         | ${source(`${TOPIC}-2`)}                    | ${"ImplicitlyDenied"}
    ${"SNS for another account's topic"}            | ${SNS}                         | ${source(arns.topic(at(STRANGER), name))}  | ${"ImplicitlyDenied"}
    ${"SNS for no topic"}                           | ${SNS}                         | ${{}}                                      | ${"ImplicitlyDenied"}
    ${"SNS over plain http"}                        | ${SNS}                         | ${{ ...source(TOPIC), ...HTTP }}           | ${"ExplicitlyDenied"}
    ${"another service"}                            | ${service("s3.amazonaws.com")} | ${source(RULE)}                            | ${"ImplicitlyDenied"}
    ${"an administrator of another account"}        | ${administratorOf(STRANGER)}   | ${{}}                                      | ${"ImplicitlyDenied"}
    ${"an administrator of the account, over http"} | ${administratorOf(MEMBER)}     | ${HTTP}                                    | ${"ExplicitlyDenied"}
  `("keeps what $sender could not deliver: $expected", async ({ who, context, expected }) => {
    const asked = { action: "sqs:SendMessage", resource, owner: MEMBER, context, policy };
    expect(await decisionOn({ who, ...asked })).toBe(expected);
  });

  it("accepts nothing from SNS if the channel creates no topic", async () => {
    const without = deadLetterPolicy(place, { queue, rules: [name], topic: null });
    const asked = { action: "sqs:SendMessage", resource, owner: MEMBER, policy: without };
    expect(await decisionOn({ who: SNS, context: source(TOPIC), ...asked })).toBe("ImplicitlyDenied");
    expect(await decisionOn({ who: EVENTS, context: source(RULE), ...asked })).toBe("Allowed");
  });

  it.each`
    action                  | who                          | by                          | context          | expected
    ${"sqs:ReceiveMessage"} | ${administratorOf(MEMBER)}   | ${"the account"}            | ${{}}            | ${"Allowed"}
    ${"sqs:ReceiveMessage"} | ${administratorOf(MEMBER)}   | ${"the account, over http"} | ${HTTP}          | ${"ExplicitlyDenied"}
    ${"sqs:ReceiveMessage"} | ${administratorOf(STRANGER)} | ${"another account"}        | ${{}}            | ${"ImplicitlyDenied"}
    ${"sqs:PurgeQueue"}     | ${EVENTS}                    | ${"EventBridge"}            | ${source(RULE)}  | ${"ImplicitlyDenied"}
    ${"sqs:ReceiveMessage"} | ${SNS}                       | ${"SNS"}                    | ${source(TOPIC)} | ${"ImplicitlyDenied"}
  `("answers $action by $by: $expected", async ({ action, who, context, expected }) => {
    expect(await decisionOn({ who, action, resource, owner: MEMBER, context, policy })).toBe(expected);
  });
});
