import { arns, channelNames, names } from "../../../stacks/names";
import { ACTION_TARGETS } from "../../../stacks/events/action-targets";
import { invocationPolicy } from "../../../stacks/policies/action-policy";
import { centralBusPolicy, centralKeyPolicy } from "../../../stacks/policies/central-policy";
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
  OTHER_MEMBER,
  roleIn,
  service,
  STRANGER,
  US,
  type Actor,
} from "./helpers";

const home = at(ARCHIVE);
const CENTRAL = { kind: "central", place: home } as const;
const BUS = arns.eventBus(home, names.centralBus(CENTRAL));
const FORWARDED = { "events:eventBusInvocation": "true" };
const DIRECT = { "events:eventBusInvocation": "false" };

/** The role of an account that forwards events, with the policy that the stacks give it. */
const forwarder = (account: string, name = names.centralRole({ kind: "target", place: at(account) })) =>
  actor(
    roleIn(account, name),
    invocationPolicy(at(account), ACTION_TARGETS["event-bus"].invocation!, BUS, null),
  );
const strong = (account: string, name: string) => actor(roleIn(account, name), ADMINISTRATOR);
const OF_TARGET = names.centralRole({ kind: "target", place: at(MEMBER) });
const OF_ACCOUNT = names.accountCentralRole(at(MEMBER, US));
const OF_REPLICA = names.centralRole({ kind: "replica", place: at(OTHER_MEMBER) });

describe.each<[string, Members]>([
  ["the organization", { organizationId: ORGANIZATION }],
  [
    "the accounts of the map",
    { accountRoots: [ARCHIVE, MEMBER, OTHER_MEMBER].map((id) => arns.root({ id, partition: "aws" })) },
  ],
])("the central bus, with %s as its members,", (_members, members) => {
  const policy = centralBusPolicy(CENTRAL, members);
  const put = (who: Actor, context: object, resource = BUS) =>
    decisionOn({
      who,
      action: "events:PutEvents",
      resource,
      owner: ARCHIVE,
      context: { ...context },
      policy,
    });

  it.each`
    who                                             | actor                                                       | context      | expected
    ${"a target's rule"}                            | ${forwarder(MEMBER)}                                        | ${FORWARDED} | ${"Allowed"}
    ${"a target's rule in another region"}          | ${forwarder(MEMBER, OF_TARGET.replace("eu-central-1", US))} | ${FORWARDED} | ${"Allowed"}
    ${"a replica's rule"}                           | ${forwarder(OTHER_MEMBER, OF_REPLICA)}                      | ${FORWARDED} | ${"Allowed"}
    ${"the rule of an account's roles"}             | ${forwarder(MEMBER, OF_ACCOUNT)}                            | ${FORWARDED} | ${"Allowed"}
    ${"a person in that role"}                      | ${forwarder(MEMBER, OF_ACCOUNT)}                            | ${DIRECT}    | ${"ImplicitlyDenied"}
    ${"a person in the role of a rule"}             | ${forwarder(MEMBER)}                                        | ${DIRECT}    | ${"ImplicitlyDenied"}
    ${"a call that says neither"}                   | ${forwarder(MEMBER)}                                        | ${{}}        | ${"ImplicitlyDenied"}
    ${"a member's rule in another role"}            | ${strong(MEMBER, "app")}                                    | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"a rule in a role whose name only begins so"} | ${strong(MEMBER, `${OF_TARGET}-2`)}                         | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"a rule of another map in the organization"}  | ${strong(MEMBER, OF_TARGET.replace("acme", "other"))}       | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"an administrator of a member"}               | ${administratorOf(MEMBER)}                                  | ${DIRECT}    | ${"ImplicitlyDenied"}
    ${"a stranger's rule in a role of that name"}   | ${strong(STRANGER, OF_TARGET)}                              | ${FORWARDED} | ${"ImplicitlyDenied"}
    ${"a stranger's administrator"}                 | ${administratorOf(STRANGER)}                                | ${DIRECT}    | ${"ImplicitlyDenied"}
    ${"EventBridge without a role"}                 | ${service("events.amazonaws.com")}                          | ${FORWARDED} | ${"ImplicitlyDenied"}
  `("accepts events from $who: $expected", async ({ actor: who, context, expected }) => {
    expect(await put(who as Actor, context as object)).toBe(expected);
  });

  it("accepts no events for another bus", async () => {
    const other = arns.eventBus(home, `${names.centralBus(CENTRAL)}-2`);
    expect(await put(strong(MEMBER, OF_TARGET), FORWARDED, other)).toBe("ImplicitlyDenied");
  });

  it.each([
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
    "events:DeleteRule",
    "events:DisableRule",
  ])("does not allow %s to its members", async (action) => {
    const resource = arns.rule(home, "any", names.centralBus(CENTRAL));
    for (const who of [forwarder(MEMBER), administratorOf(MEMBER)])
      expect(await decisionOn({ who, action, resource, owner: ARCHIVE, policy })).toBe("ImplicitlyDenied");
  });

  it("does not allow its members to delete it", async () => {
    const asked = { action: "events:DeleteEventBus", resource: BUS, owner: ARCHIVE, policy };
    expect(await decisionOn({ who: administratorOf(MEMBER), ...asked })).toBe("ImplicitlyDenied");
    expect(await decisionOn({ who: administratorOf(ARCHIVE), ...asked })).toBe("Allowed");
  });
});

it("the central bus does not admit another organization, in whatever role", async () => {
  const policy = centralBusPolicy(CENTRAL, { organizationId: ORGANIZATION });
  const who = forwarder(MEMBER);
  const put = (organization: string | undefined) =>
    decisionOn({
      who,
      action: "events:PutEvents",
      resource: BUS,
      owner: ARCHIVE,
      context: { ...FORWARDED, "aws:PrincipalOrgID": organization },
      policy,
    });
  expect(await put(ORGANIZATION)).toBe("Allowed");
  expect(await put("o-zzzzzzzzzz")).toBe("ImplicitlyDenied");
  expect(await put(undefined)).toBe("ImplicitlyDenied");
});

describe("the role of a forwarding rule", () => {
  const policy = centralBusPolicy(CENTRAL, { organizationId: ORGANIZATION });
  const ask = (action: string, resource: string) =>
    decisionOn({
      who: forwarder(MEMBER),
      action,
      resource,
      owner: ARCHIVE,
      context: action === "events:PutEvents" ? FORWARDED : {},
      policy,
    });

  it.each([
    ["events:PutEvents", BUS, "Allowed"],
    ["events:PutEvents", arns.eventBus(home, "default"), "ImplicitlyDenied"],
    ["events:PutEvents", arns.eventBus(at(ARCHIVE, US), names.centralBus(CENTRAL)), "ImplicitlyDenied"],
    ["events:DeleteEventBus", BUS, "ImplicitlyDenied"],
    [
      "sns:Publish",
      arns.topic(home, channelNames({ kind: "central", place: home }).topic),
      "ImplicitlyDenied",
    ],
  ])("may %s on %s: %s", async (action, resource, expected) => {
    expect(await ask(action, resource)).toBe(expected);
  });
});

describe("the key of the central channel", () => {
  const { topic } = channelNames({ kind: "central", place: home });
  const KEY = keyIn(ARCHIVE);
  const policy = centralKeyPolicy(home, [topic]);
  const forTopic = (name: string, account = ARCHIVE) =>
    encrypting({ "aws:sns:topicArn": arns.topic(at(account), name) });
  const EVENTS = service("events.amazonaws.com");
  const ALARMS = service("cloudwatch.amazonaws.com");
  const from = (account: string) => ({ "aws:SourceAccount": account });

  it.each`
    who                                           | actor                       | context                                            | expected
    ${"EventBridge, for the central topic"}       | ${EVENTS}                   | ${forTopic(topic)}                                 | ${"Allowed"}
    ${"EventBridge, for the archive's own topic"} | ${EVENTS}                   | ${forTopic("session-audit-acme-archive-security")} | ${"ImplicitlyDenied"}
    ${"EventBridge, for another account's topic"} | ${EVENTS}                   | ${forTopic(topic, MEMBER)}                         | ${"ImplicitlyDenied"}
    ${"EventBridge, for no topic"}                | ${EVENTS}                   | ${{}}                                              | ${"ImplicitlyDenied"}
    ${"alarms of the archive account"}            | ${ALARMS}                   | ${{ ...forTopic(topic), ...from(ARCHIVE) }}        | ${"Allowed"}
    ${"alarms of a member"}                       | ${ALARMS}                   | ${{ ...forTopic(topic), ...from(MEMBER) }}         | ${"ImplicitlyDenied"}
    ${"an administrator of the archive account"}  | ${administratorOf(ARCHIVE)} | ${forTopic(topic)}                                 | ${"ImplicitlyDenied"}
    ${"a member's administrator"}                 | ${administratorOf(MEMBER)}  | ${forTopic(topic)}                                 | ${"ImplicitlyDenied"}
    ${"the role of a forwarding rule"}            | ${forwarder(MEMBER)}        | ${forTopic(topic)}                                 | ${"ImplicitlyDenied"}
  `("encrypts for $who: $expected", async ({ actor: who, context, expected }) => {
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"])
      expect(
        await decisionOn({
          who: who as Actor,
          action,
          resource: KEY,
          owner: ARCHIVE,
          context: { ...(context as object) },
          policy,
        }),
      ).toBe(expected);
  });

  it.each([
    ["of the archive account", administratorOf(ARCHIVE), "Allowed"],
    ["of a member", administratorOf(MEMBER), "ImplicitlyDenied"],
  ])("can be disabled by an administrator %s: %s", async (_whose, who, expected) => {
    const asked = { action: "kms:DisableKey", resource: KEY, owner: ARCHIVE, policy };
    expect(await decisionOn({ who, ...asked })).toBe(expected);
  });
});
