import { arns, channelNames, guardRolePrefix, names, type Place } from "../../../stacks/names";
import {
  deadLetterPolicy,
  requiredTopicStatements,
  topicPolicy,
} from "../../../stacks/policies/notification-policy";
import {
  actor,
  ADMINISTRATOR,
  administratorOf,
  at,
  EU,
  MEMBER,
  roleIn,
  service,
  STRANGER,
  US,
  decisionOn,
} from "./helpers";

const place = at(MEMBER);
const EVENTS = service("events.amazonaws.com");
const ALARMS = service("cloudwatch.amazonaws.com");
const SNS = service("sns.amazonaws.com");
const HTTP = { "aws:SecureTransport": "false" };

/** The guard of an account, with a policy that lets it publish. */
const guard = (account: string, organization = "acme") =>
  actor(roleIn(account, `${guardRolePrefix({ organization })}${EU}`), ADMINISTRATOR);

describe("the topic", () => {
  const topic = channelNames({ kind: "activity", place }).topic;
  const resource = arns.topic(place, topic);
  const policy = topicPolicy(place, topic);
  const from = (account: string) => ({ "aws:SourceAccount": account });
  const of = (account: string, SourceArn: string) => ({ ...from(account), "aws:SourceArn": SourceArn });
  const rule = (name: string, bus: string | null = null) => of(MEMBER, arns.rule(place, name, bus));
  const alarm = (name: string, at_: Place = place) => of(at_.account.id, arns.alarm(at_, name));
  const OURS = "session-audit-acme-activity";
  const THEIRS = "mallory";
  const BUS = names.centralBus({ kind: "all-security", place });

  it.each`
    publisher                                              | who                               | context                                        | expected
    ${"EventBridge that names no account and no rule"}     | ${EVENTS}                         | ${{}}                                          | ${"Allowed"}
    ${"EventBridge for this account"}                      | ${EVENTS}                         | ${from(MEMBER)}                                | ${"Allowed"}
    ${"EventBridge for another account"}                   | ${EVENTS}                         | ${from(STRANGER)}                              | ${"ExplicitlyDenied"}
    ${"EventBridge for a created rule"}                    | ${EVENTS}                         | ${rule(OURS)}                                  | ${"Allowed"}
    ${"EventBridge for a created rule of a bus"}           | ${EVENTS}                         | ${rule(OURS, BUS)}                             | ${"Allowed"}
    ${"EventBridge for a rule of somebody else"}           | ${EVENTS}                         | ${rule(THEIRS)}                                | ${"ExplicitlyDenied"}
    ${"EventBridge for such a rule of another bus"}        | ${EVENTS}                         | ${rule(OURS, "mallory")}                       | ${"ExplicitlyDenied"}
    ${"EventBridge for a rule of another region"}          | ${EVENTS}                         | ${of(MEMBER, arns.rule(at(MEMBER, US), OURS))} | ${"ExplicitlyDenied"}
    ${"EventBridge for something that is not a rule"}      | ${EVENTS}                         | ${of(MEMBER, arns.eventBus(place, THEIRS))}    | ${"Allowed"}
    ${"EventBridge over plain http"}                       | ${EVENTS}                         | ${HTTP}                                        | ${"ExplicitlyDenied"}
    ${"a created alarm"}                                   | ${ALARMS}                         | ${alarm(OURS)}                                 | ${"Allowed"}
    ${"an alarm of somebody else"}                         | ${ALARMS}                         | ${alarm(THEIRS)}                               | ${"ImplicitlyDenied"}
    ${"an alarm of another account"}                       | ${ALARMS}                         | ${alarm(OURS, at(STRANGER))}                   | ${"ExplicitlyDenied"}
    ${"an alarm of another region"}                        | ${ALARMS}                         | ${alarm(OURS, at(MEMBER, US))}                 | ${"ImplicitlyDenied"}
    ${"an alarm that names no account"}                    | ${ALARMS}                         | ${{}}                                          | ${"ImplicitlyDenied"}
    ${"an alarm over plain http"}                          | ${ALARMS}                         | ${{ ...alarm(OURS), ...HTTP }}                 | ${"ExplicitlyDenied"}
    ${"another service of this account"}                   | ${service("s3.amazonaws.com")}    | ${from(MEMBER)}                                | ${"ImplicitlyDenied"}
    ${"a role of this account without policies"}           | ${actor(roleIn(MEMBER, "bare"))}  | ${{}}                                          | ${"ExplicitlyDenied"}
    ${"an administrator of this account"}                  | ${administratorOf(MEMBER)}        | ${{}}                                          | ${"ExplicitlyDenied"}
    ${"a guard of this account"}                           | ${guard(MEMBER)}                  | ${{}}                                          | ${"Allowed"}
    ${"a guard of this account whose policies forbid it"}  | ${actor(guard(MEMBER).principal)} | ${{}}                                          | ${"ImplicitlyDenied"}
    ${"the guard of another organization in this account"} | ${guard(MEMBER, "other")}         | ${{}}                                          | ${"ExplicitlyDenied"}
    ${"a guard of another account"}                        | ${guard(STRANGER)}                | ${{}}                                          | ${"ImplicitlyDenied"}
    ${"an administrator of this account over http"}        | ${administratorOf(MEMBER)}        | ${HTTP}                                        | ${"ExplicitlyDenied"}
    ${"an administrator of another account"}               | ${administratorOf(STRANGER)}      | ${{}}                                          | ${"ExplicitlyDenied"}
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
    const asked = { action: "sns:Publish", owner: MEMBER, policy };
    for (const [who, context] of [
      [EVENTS, rule(OURS)],
      [ALARMS, alarm(OURS)],
    ] as const)
      expect(await decisionOn({ who, resource: other, context, ...asked })).toBe("ImplicitlyDenied");
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
  const alarm = (name: string) => ({ ...from(MEMBER), "aws:SourceArn": arns.alarm(place, name) });

  it.each`
    publisher                                | who                          | context                                                             | expected
    ${"EventBridge for this account"}        | ${EVENTS}                    | ${from(MEMBER)}                                                     | ${"Allowed"}
    ${"EventBridge that names no account"}   | ${EVENTS}                    | ${{}}                                                               | ${"Allowed"}
    ${"EventBridge for another account"}     | ${EVENTS}                    | ${from(STRANGER)}                                                   | ${"ExplicitlyDenied"}
    ${"EventBridge for the owner's rule"}    | ${EVENTS}                    | ${{ ...from(MEMBER), "aws:SourceArn": arns.rule(place, "theirs") }} | ${"Allowed"}
    ${"a created alarm"}                     | ${ALARMS}                    | ${alarm("session-audit-acme-guard-errors")}                         | ${"Allowed"}
    ${"an alarm that nobody has let in"}     | ${ALARMS}                    | ${alarm("mallory")}                                                 | ${"ImplicitlyDenied"}
    ${"an alarm that the owner lets in"}     | ${ALARMS}                    | ${from(STRANGER)}                                                   | ${"Allowed"}
    ${"an administrator of this account"}    | ${administratorOf(MEMBER)}   | ${{}}                                                               | ${"Allowed"}
    ${"an administrator of another account"} | ${administratorOf(STRANGER)} | ${{}}                                                               | ${"ImplicitlyDenied"}
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
