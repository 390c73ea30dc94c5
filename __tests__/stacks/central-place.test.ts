import type { AccountsMap } from "../../accounts/schema";
import { checkMap } from "../../stacks/read-organization";
import { stacksOf } from "../../stacks/stack-graph";
import { SLACK } from "../fixtures/chat";
import { exampleWith } from "../helpers/example";
import { replicated } from "../helpers/replicated";
import { synthesize, synthesizeOne, type StackView } from "../helpers/synth";

/** An account that has nothing but the central topics. */
const SOC = "777777777777";
const PLACE = "central-eu-west-1";
const TARGET = "session-payments-us-east-1";
const topicArn = (name: string) => `arn:aws:sns:eu-west-1:${SOC}:session-audit-acme-all-${name}`;
const busArn = (name: string) => `arn:aws:events:eu-west-1:${SOC}:event-bus/session-audit-acme-all-${name}`;
const EMAIL = { protocol: "email", endpoint: "security@example.com" } as const;
const OWN = { protocol: "email", endpoint: "payments@example.com" } as const;

/** Adds the place of central topics to a map: an account of its own, and one subscriber of both channels. */
function placeIn(map: AccountsMap): void {
  map.accounts["soc"] = {
    id: SOC,
    homeRegion: "eu-west-1",
    regions: [],
    access: { attachToRoles: [] },
  };
  map.notifications = {
    central: { account: "soc", region: "eu-west-1" },
    activity: { subscribers: [EMAIL] },
    security: { subscribers: [EMAIL] },
  };
}
const mapWith = (change: (map: AccountsMap) => void = () => {}): AccountsMap =>
  exampleWith((map) => {
    placeIn(map);
    change(map);
  });

const subscriptionsOf = (stack: StackView) => Object.values(stack.all("aws_sns_topic_subscription"));
const topicsOf = (stack: StackView) =>
  Object.values(stack.all("aws_sns_topic")).map(({ name }) => String(name));
/** The ARNs of the central buses to which rules of a stack forward, by the rule's construct. */
const forwards = (stack: StackView) =>
  Object.fromEntries(
    Object.entries(stack.all("aws_cloudwatch_event_target"))
      .filter(([, target]) => target["target_id"] === "central")
      .map(([, target]) => [
        String(target["rule"])
          .split(".")[1]!
          .replace(/_[0-9A-F]{8}$/, ""),
        target["arn"],
      ]),
  );
const targetsOf = (stack: StackView, rule: RegExp) =>
  Object.values(stack.all("aws_cloudwatch_event_target"))
    .filter((target) => rule.test(String(target["rule"])))
    .map(({ arn }) => arn);

describe("the place of central topics", () => {
  const stack = synthesizeOne(PLACE, mapWith());

  it("has a topic and a bus for sessions, and others for findings", () => {
    expect(topicsOf(stack)).toEqual(["session-audit-acme-all-activity", "session-audit-acme-all-security"]);
    expect(Object.values(stack.all("aws_cloudwatch_event_bus")).map(({ name }) => name)).toEqual([
      "session-audit-acme-all-activity",
      "session-audit-acme-all-security",
    ]);
  });

  it("encrypts each topic with a key that encrypts nothing else", () => {
    const keys = Object.values(stack.all("aws_sns_topic")).map((topic) => topic["kms_master_key_id"]);
    expect(keys).toEqual([
      expect.stringMatching(/^\$\{aws_kms_key\.Activity_Key_/),
      expect.stringMatching(/^\$\{aws_kms_key\.Security_Key_/),
    ]);
    expect(Object.keys(stack.all("aws_kms_key"))).toHaveLength(2);
  });

  it("has buses that no key of the account encrypts", () => {
    for (const bus of Object.values(stack.all("aws_cloudwatch_event_bus")))
      expect(bus).not.toHaveProperty("kms_key_identifier");
  });

  it("reports changes to itself on the topics of both keys", () => {
    for (const rule of [/Watch_Channel_Central/, /Watch_Channel_Channels/, /Watch_Channel_Delivery/])
      expect(targetsOf(stack, rule)).toEqual([topicArn("activity"), topicArn("security")]);
    const watched = JSON.stringify(
      stack.document("aws_cloudwatch_event_rule", "event_pattern", /Watch_.*Central/),
    );
    for (const name of ["activity", "security"]) {
      expect(watched).toContain(`"suffix":"session-audit-acme-all-${name}"`);
      expect(watched).toContain(`"suffix":"alias/session-audit-acme-all-${name}"`);
    }
  });

  it("tells both topics what it cannot deliver", () => {
    const alarms = Object.values(stack.all("aws_cloudwatch_metric_alarm"));
    expect(alarms.length).toBeGreaterThan(10);
    for (const alarm of alarms)
      expect(alarm["alarm_actions"]).toEqual([topicArn("activity"), topicArn("security")]);
  });

  it("is deployed before everything that sends there", () => {
    const stacks = stacksOf(checkMap(mapWith(), "map"));
    expect(stacks[0]).toMatchObject({ id: PLACE, kind: "central", accountId: SOC, wave: null });
    for (const { id, dependsOn } of stacks.filter(({ kind }) => kind === "session" || kind === "archive"))
      expect([id, dependsOn]).toEqual([id, expect.arrayContaining([PLACE])]);
  });

  it("goes with every wave that needs it, and so does the stack of its account", () => {
    const stacks = stacksOf(checkMap(mapWith(), "map"));
    for (const id of [PLACE, "account-soc"])
      expect(stacks.find((stack) => stack.id === id)!.waves).toEqual(["canary", "early", "rest"]);
  });

  it("lets the reporters of its account publish summaries on the topic for findings alone", () => {
    const reporter = `arn:aws:iam::${SOC}:role/reporter`;
    const map = mapWith((m) => (m.accounts["soc"]!.access = { attachToRoles: [], reporters: [reporter] }));
    const place = synthesizeOne(PLACE, map);
    const policyOf = (channel: string) =>
      JSON.stringify(place.document("aws_sns_topic_policy", "policy", new RegExp(`^${channel}`)));
    expect(policyOf("Security")).toContain(reporter);
    expect(policyOf("Activity")).not.toContain(reporter);
  });

  it("has no key if the map wants none", () => {
    const map = mapWith((m) => {
      m.encryption = { mode: "s3-managed" };
      m.preferences = { encryptSessionData: false, enforce: { cloudWatch: false } };
    });
    expect(synthesizeOne(PLACE, map).all("aws_kms_key")).toEqual({});
  });

  it("has one channel if the organization has switched the other one off", () => {
    const map = mapWith((m) => (m.notifications!.activity = { enabled: false }));
    expect(topicsOf(synthesizeOne(PLACE, map))).toEqual(["session-audit-acme-all-security"]);
  });

  it("publishes to an existing topic if the organization names one", () => {
    const map = mapWith((m) => (m.notifications!.security = { topic: { existing: "siem" } }));
    const place = synthesizeOne(PLACE, map);
    expect(topicsOf(place)).toEqual(["session-audit-acme-all-activity"]);
    expect(targetsOf(place, /Security_Channel_Tampering/)).toEqual([`arn:aws:sns:eu-west-1:${SOC}:siem`]);
  });

  it("has the chat channels of the organization, with one configuration in its account", () => {
    const map = mapWith((m) => {
      m.notifications!.activity = { chat: [SLACK] };
      m.notifications!.security = { chat: [SLACK] };
    });
    const chats = [...synthesize(map).values()].filter(({ id }) => id.startsWith("chat-"));
    expect(chats.map(({ id }) => id)).toEqual(["chat-soc"]);
    expect(chats[0]!.the("aws_chatbot_slack_channel_configuration")["sns_topic_arns"]).toEqual([
      topicArn("activity-chat"),
      topicArn("security-chat"),
    ]);
    expect(targetsOf(synthesizeOne(PLACE, map), /Watch_Channel_Central/)).toHaveLength(4);
  });

  it("invokes the actions of the organization once, for the rules on its buses", () => {
    const map = mapWith((m) => {
      m.notifications!.activity = { actions: [{ type: "lambda", function: "on-session" }] };
      m.notifications!.security = {
        actions: [{ type: "step-functions", stateMachine: "on-finding", findings: ["tampering"] }],
      };
    });
    const place = synthesizeOne(PLACE, map);
    expect(place.the("aws_lambda_permission")).toMatchObject({
      source_arn: `arn:aws:events:eu-west-1:${SOC}:rule/session-audit-acme-all-activity/session-audit-acme-all-activity-sessions`,
    });
    expect(JSON.stringify(place.document("aws_iam_role", "assume_role_policy", /SecurityActions/))).toContain(
      `rule/session-audit-acme-all-security/session-audit-acme-all-security-tampering"`,
    );
    expect(targetsOf(place, /Security_Channel_Tampering/)).toContain(
      `arn:aws:states:eu-west-1:${SOC}:stateMachine:on-finding`,
    );
    expect(targetsOf(place, /Activity_Channel_Sessions/)).toContain(
      `arn:aws:lambda:eu-west-1:${SOC}:function:on-session`,
    );
    for (const [id, stack] of synthesize(map))
      if (id !== PLACE) expect(JSON.stringify(stack.json)).not.toMatch(/on-session|on-finding/);
  });
});

describe("with a place of central topics", () => {
  it("each subscriber of the organization has one subscription for each channel, and no other", () => {
    const stacks = [...synthesize(mapWith()).values()];
    expect(stacks.flatMap((stack) => subscriptionsOf(stack).map(() => stack.id))).toEqual([PLACE, PLACE]);
    expect(subscriptionsOf(synthesizeOne(PLACE, mapWith()))).toHaveLength(2);
  });

  it("targets, archives and replicas have no topics", () => {
    const map = replicated(placeIn);
    for (const [id, stack] of synthesize(map))
      expect([id, topicsOf(stack)]).toEqual([id, id === PLACE ? expect.anything() : []]);
  });

  it("every rule that reports forwards to the bus of its channel", () => {
    const map = mapWith((m) => {
      m.guard = { enabled: true };
      m.prerequisites = { maintain: ["ssm-agent"] };
    });
    const stack = synthesizeOne(TARGET, map);
    const rules = Object.keys(stack.all("aws_cloudwatch_event_rule"))
      .map((id) => id.replace(/_[0-9A-F]{8}$/, ""))
      .filter((id) => /^(Activity|Security)_/.test(id));
    const sent = forwards(stack);
    expect(Object.keys(sent).sort()).toEqual(rules.sort());
    for (const rule of rules)
      expect([rule, sent[rule]]).toEqual([
        rule,
        busArn(rule.startsWith("Activity") ? "activity" : "security"),
      ]);
  });

  it("archives and replicas forward to it as well, and have no central channel of their own", () => {
    const map = replicated(placeIn);
    for (const id of ["archive-eu-central-1", "replica-log-archive-us-east-1"]) {
      const stack = synthesizeOne(id, map);
      expect([...new Set(Object.values(forwards(stack)))]).toEqual([busArn("security")]);
      expect(stack.all("aws_cloudwatch_event_bus")).toEqual({});
    }
  });

  it("each channel forwards in a role of its own, which may do nothing else", () => {
    const stack = synthesizeOne(TARGET, mapWith());
    for (const [channel, name] of [
      ["Activity", "activity-central"],
      ["Security", "central"],
    ] as const) {
      const id = new RegExp(`^${channel}_Forwarding`);
      expect(stack.the("aws_iam_role", id)["name"]).toBe(`session-audit-acme-us-east-1-${name}`);
      expect(stack.document("aws_iam_role_policy", "policy", id)).toMatchObject({
        Statement: [{ Action: ["events:PutEvents"], Resource: busArn(channel.toLowerCase()) }],
      });
    }
  });

  it("alarms of a target publish to no topic, and are forwarded once", () => {
    const stack = synthesizeOne(TARGET, mapWith());
    for (const alarm of Object.values(stack.all("aws_cloudwatch_metric_alarm")))
      expect(alarm["alarm_actions"]).toEqual([]);
    const rules = Object.keys(forwards(stack)).filter((rule) => rule.includes("AlarmChanges"));
    expect(rules).toEqual(["Security_Forwarding_AlarmChanges"]);
  });

  it("the activity channel forwards its alarms itself if the security channel forwards nothing", () => {
    const map = mapWith((m) => {
      m.accounts["payments"]!.notifications = { security: { central: false } };
    });
    const stack = synthesizeOne(TARGET, map);
    expect(Object.keys(forwards(stack)).sort()).toEqual([
      "Activity_Forwarding_AlarmChanges",
      "Activity_Rule",
    ]);
    expect(topicsOf(stack)).toEqual(["session-audit-acme-security"]);
    expect(subscriptionsOf(stack)).toEqual([expect.objectContaining({ endpoint: EMAIL.endpoint })]);
  });

  it("an account that names subscribers has a topic for these alone", () => {
    const map = mapWith((m) => {
      m.accounts["payments"]!.notifications = { activity: { subscribers: [OWN] } };
    });
    const stack = synthesizeOne(TARGET, map);
    expect(topicsOf(stack)).toEqual(["session-audit-acme-activity"]);
    expect(subscriptionsOf(stack)).toEqual([expect.objectContaining({ endpoint: OWN.endpoint })]);
    expect(targetsOf(stack, /Activity_Rule/)).toEqual([
      "arn:aws:sns:us-east-1:444444444444:session-audit-acme-activity",
      busArn("activity"),
    ]);
  });

  it("an account that names a chat channel has a topic for chat alone", () => {
    const map = mapWith((m) => {
      m.accounts["payments"]!.notifications = { security: { chat: [SLACK] } };
    });
    expect(topicsOf(synthesizeOne(TARGET, map))).toEqual(["session-audit-acme-security-chat"]);
  });

  it.each<[string, (map: AccountsMap) => void]>([
    ["the map keeps them", (m) => (m.notifications!.central!.localTopics = true)],
    [
      "an account says so",
      (m) =>
        (m.accounts["payments"]!.notifications = {
          activity: { topic: "create" },
          security: { topic: "create" },
        }),
    ],
  ])("targets have topics if %s, without the organization's subscribers", (_who, change) => {
    const stack = synthesizeOne(TARGET, mapWith(change));
    expect(topicsOf(stack)).toEqual(["session-audit-acme-activity", "session-audit-acme-security"]);
    expect(subscriptionsOf(stack)).toEqual([]);
  });

  it("an account that sends nothing there is as it was without it", () => {
    const without = { activity: { central: false }, security: { central: false } };
    const map = mapWith((m) => (m.accounts["payments"]!.notifications = without));
    const plain = exampleWith((m) => {
      m.notifications = {
        activity: { subscribers: [EMAIL] },
        security: { subscribers: [EMAIL], central: false },
      };
    });
    expect(synthesizeOne(TARGET, map).json.resource).toEqual(synthesizeOne(TARGET, plain).json.resource);
  });

  it("events of an account's roles go there from the region to which AWS sends them", () => {
    const stack = synthesizeOne("account-sandbox", mapWith());
    expect(targetsOf(stack, /AccountEvents_Rule/)).toContain(busArn("security"));
    expect(
      stacksOf(checkMap(mapWith(), "map")).find(({ id }) => id === "account-sandbox")!.dependsOn,
    ).toEqual([PLACE]);
  });

  it("the guard publishes its reports to the central topic, and its role may", () => {
    const map = mapWith((m) => (m.guard = { enabled: true }));
    const stack = synthesizeOne(TARGET, map);
    const { variables } = (stack.the("aws_lambda_function")["environment"] ?? {}) as {
      variables: Record<string, string>;
    };
    expect(JSON.parse(variables["GUARD"]!)).toMatchObject({
      topicArn: null,
      chatTopicArn: null,
      central: { topicArn: topicArn("security"), chatTopicArn: null },
    });
    expect(JSON.stringify(stack.document("aws_iam_role_policy", "policy", /^Guard/))).toContain(
      `"Resource":["${topicArn("security")}"]`,
    );
    const place = synthesizeOne(PLACE, map);
    expect(JSON.stringify(place.document("aws_sns_topic_policy", "policy", /^Security/))).toContain(
      "GuardsPublish",
    );
    expect(JSON.stringify(place.document("aws_sns_topic_policy", "policy", /^Activity/))).not.toContain(
      "Guards",
    );
  });
});
