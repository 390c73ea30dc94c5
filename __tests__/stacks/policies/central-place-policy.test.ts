import { ACTION_TARGETS } from "../../../stacks/events/action-targets";
import { arns, channelNames, guardNames, names } from "../../../stacks/names";
import { invocationPolicy } from "../../../stacks/policies/action-policy";
import { centralBusPolicy, centralKeyPolicy } from "../../../stacks/policies/central-policy";
import { guardPolicy } from "../../../stacks/policies/guard-policy";
import { topicPolicy } from "../../../stacks/policies/notification-policy";
import type { Members } from "../../../stacks/policies/principals";
import {
  actor,
  ADMINISTRATOR,
  administratorOf,
  ARCHIVE,
  at,
  decisionOn,
  encrypting,
  keyIn,
  MEMBER,
  ORGANIZATION,
  roleIn,
  service,
  STRANGER,
  US,
  type Actor,
} from "./helpers";

// The policies of notifications.central, in account ARCHIVE. Its members are in other accounts and regions.
const home = at(ARCHIVE);
const BUSES = {
  activity: arns.eventBus(home, names.centralBus({ kind: "all-activity", place: home })),
  security: arns.eventBus(home, names.centralBus({ kind: "all-security", place: home })),
};
type Channel = keyof typeof BUSES;
const FORWARDED = { "events:eventBusInvocation": "true" };
const DIRECT = { "events:eventBusInvocation": "false" };
const ACTIVITY_ROLE = names.centralActivityRole(at(MEMBER, US));
const SECURITY_ROLE = names.centralRole({ kind: "target", place: at(MEMBER, US) });
/** The role of an account's rules, with the policy that the stacks give it. */
const forwarder = (channel: Channel, account = MEMBER) =>
  actor(
    roleIn(account, channel === "activity" ? ACTIVITY_ROLE : SECURITY_ROLE),
    invocationPolicy(at(account, US), ACTION_TARGETS["event-bus"].invocation!, BUSES[channel], null),
  );
const strong = (account: string, name: string) => actor(roleIn(account, name), ADMINISTRATOR);

const MEMBERS: [string, Members][] = [
  ["the organization", { organizationId: ORGANIZATION }],
  [
    "the accounts of the map",
    { accountRoots: [ARCHIVE, MEMBER].map((id) => arns.root({ id, partition: "aws" })) },
  ],
];

describe.each(MEMBERS)("a central bus, with %s as its members,", (_members, members) => {
  it.each`
    bus           | who                                        | actor                              | context      | expected
    ${"activity"} | ${"the activity rule of a target"}         | ${forwarder("activity")}           | ${FORWARDED} | ${"Allowed"}
    ${"security"} | ${"the rules for findings of a target"}    | ${forwarder("security")}           | ${FORWARDED} | ${"Allowed"}
    ${"activity"} | ${"the activity rule of its own account"}  | ${forwarder("activity", ARCHIVE)}  | ${FORWARDED} | ${"Allowed"}
    ${"activity"} | ${"the rules for findings of a target"}    | ${forwarder("security")}           | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"security"} | ${"the activity rule of a target"}         | ${forwarder("activity")}           | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"activity"} | ${"a strong role for findings"}            | ${strong(MEMBER, SECURITY_ROLE)}   | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"activity"} | ${"a person in the role of the rule"}      | ${forwarder("activity")}           | ${DIRECT}    | ${"ImplicitlyDenied"}
    ${"security"} | ${"a person in the role of the rules"}     | ${forwarder("security")}           | ${DIRECT}    | ${"ImplicitlyDenied"}
    ${"activity"} | ${"a rule in another role"}                | ${strong(MEMBER, "app")}           | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"activity"} | ${"an administrator of a member"}          | ${administratorOf(MEMBER)}         | ${DIRECT}    | ${"ImplicitlyDenied"}
    ${"activity"} | ${"a stranger's rule in a role like that"} | ${strong(STRANGER, ACTIVITY_ROLE)} | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"security"} | ${"a stranger's rule in a role like that"} | ${strong(STRANGER, SECURITY_ROLE)} | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"activity"} | ${"EventBridge without a role"}            | ${service("events.amazonaws.com")} | ${FORWARDED} | ${"ImplicitlyDenied"}
  `("for $bus accepts events from $who: $expected", async ({ bus, actor: who, context, expected }) => {
    const channel = bus as Channel;
    expect(
      await decisionOn({
        who: who as Actor,
        action: "events:PutEvents",
        resource: BUSES[channel],
        owner: ARCHIVE,
        context: { ...(context as object) },
        policy: centralBusPolicy({ kind: `all-${channel}`, place: home }, members),
      }),
    ).toBe(expected);
  });
});

const TOPIC = channelNames({ kind: "all-security", place: home }).topic;
const TOPIC_ARN = arns.topic(home, TOPIC);
const guardOf = (account: string, region = US) =>
  actor(
    roleIn(account, guardNames(at(account, region)).role),
    guardPolicy({
      place: at(account, region),
      topicArn: null,
      chatTopicArn: null,
      central: { topicArn: TOPIC_ARN, chatTopicArn: null },
      endsSessions: true,
      transcripts: null,
      logGroup: null,
      looks: false,
    }),
  );
const GUARD_NAME = guardNames(at(MEMBER, US)).role;

describe.each(MEMBERS)("the central topic for findings, with guards in %s,", (_members, members) => {
  const ask = (who: Actor, resource = TOPIC_ARN, guards: Members | null = members) =>
    decisionOn({
      who,
      action: "sns:Publish",
      resource,
      owner: ARCHIVE,
      context: { "aws:SecureTransport": "true" },
      policy: topicPolicy(home, TOPIC, [], guards),
    });

  it.each`
    who                                        | actor                           | expected
    ${"a guard of another account and region"} | ${guardOf(MEMBER)}              | ${"Allowed"}
    ${"a guard of its own account"}            | ${guardOf(ARCHIVE)}             | ${"Allowed"}
    ${"a member's administrator"}              | ${administratorOf(MEMBER)}      | ${"ExplicitlyDenied"}
    ${"the role of a member's rule"}           | ${forwarder("security")}        | ${"ExplicitlyDenied"}
    ${"a stranger's role of that name"}        | ${strong(STRANGER, GUARD_NAME)} | ${"ImplicitlyDenied"}
  `("accepts messages from $who: $expected", async ({ actor: who, expected }) => {
    expect(await ask(who as Actor)).toBe(expected);
  });

  it("accepts none from guards of other accounts if there are none in the map", async () => {
    expect(await ask(guardOf(MEMBER), TOPIC_ARN, null)).toBe("ImplicitlyDenied");
  });

  it("is the only one that guards may publish to", async () => {
    const other = arns.topic(home, channelNames({ kind: "all-activity", place: home }).topic);
    expect(await ask(guardOf(MEMBER), other)).toBe("ImplicitlyDenied");
  });
});

describe.each(MEMBERS)(
  "the key of the central topic for findings, with guards in %s,",
  (_members, members) => {
    const policy = centralKeyPolicy(home, [TOPIC], [], members);
    const forTopic = (topicArn = TOPIC_ARN) => encrypting({ "aws:sns:topicArn": topicArn });
    const viaSns = { "kms:ViaService": `sns.${home.region}.amazonaws.com` };
    const EVENTS = service("events.amazonaws.com");

    it.each`
      who                                      | actor                           | context                                                                            | expected
      ${"EventBridge, for its topic"}          | ${EVENTS}                       | ${forTopic()}                                                                      | ${"Allowed"}
      ${"EventBridge, for the other topic"}    | ${EVENTS}                       | ${forTopic(arns.topic(home, "session-audit-acme-all-activity"))}                   | ${"ImplicitlyDenied"}
      ${"a guard elsewhere, through SNS"}      | ${guardOf(MEMBER)}              | ${{ ...forTopic(), ...viaSns }}                                                    | ${"Allowed"}
      ${"a guard of its account, through SNS"} | ${guardOf(ARCHIVE)}             | ${{ ...forTopic(), ...viaSns }}                                                    | ${"Allowed"}
      ${"a guard, by itself"}                  | ${guardOf(MEMBER)}              | ${forTopic()}                                                                      | ${"ImplicitlyDenied"}
      ${"a guard, for another topic"}          | ${guardOf(MEMBER)}              | ${{ ...forTopic(arns.topic(home, "session-audit-acme-all-activity")), ...viaSns }} | ${"ImplicitlyDenied"}
      ${"a member's administrator"}            | ${administratorOf(MEMBER)}      | ${{ ...forTopic(), ...viaSns }}                                                    | ${"ImplicitlyDenied"}
      ${"an administrator of its account"}     | ${administratorOf(ARCHIVE)}     | ${{ ...forTopic(), ...viaSns }}                                                    | ${"ImplicitlyDenied"}
      ${"a stranger's role of that name"}      | ${strong(STRANGER, GUARD_NAME)} | ${{ ...forTopic(), ...viaSns }}                                                    | ${"ImplicitlyDenied"}
    `("encrypts for $who: $expected", async ({ actor: who, context, expected }) => {
      for (const action of ["kms:GenerateDataKey", "kms:Decrypt"])
        expect(
          await decisionOn({
            who: who as Actor,
            action,
            resource: keyIn(ARCHIVE),
            owner: ARCHIVE,
            context: { ...(context as object) },
            policy,
          }),
        ).toBe(expected);
    });
  },
);
