import type { AccountsMap } from "../../accounts/schema";
import { matchesPattern } from "../../emulator/patterns/event-pattern";
import { SLACK, TEAMS } from "../fixtures/chat";
import { cloudTrailEvent } from "../fixtures/cloudtrail";
import { exampleWith, synthesize, synthesizeOne } from "../helpers/synth";

const PAYMENTS = "444444444444";
const topic = (region: string, name: string, account = PAYMENTS) =>
  `arn:aws:sns:${region}:${account}:session-audit-acme-${name}`;

/** Payments, in two regions, has both channels in Slack, and its security channel in Teams too. */
const inChat = (change: (map: AccountsMap) => void = () => {}) =>
  exampleWith((map) => {
    map.accounts["payments"]!.notifications = {
      activity: { chat: [SLACK] },
      security: { chat: [SLACK, TEAMS] },
    };
    change(map);
  });
const chat = (change?: (map: AccountsMap) => void) => synthesizeOne("chat-payments", inChat(change));
const session = (change?: (map: AccountsMap) => void) =>
  synthesizeOne("session-payments-us-east-1", inChat(change));

describe("a chat stack", () => {
  it("exists only for accounts that name a chat channel", () => {
    const ids = [...synthesize(inChat()).keys()].filter((id) => id.startsWith("chat-"));
    expect(ids).toEqual(["chat-payments"]);
    expect([...synthesize().keys()].filter((id) => id.startsWith("chat-"))).toEqual([]);
  });

  it("has one configuration for a Slack channel, with the topics of all regions", () => {
    expect(chat().the("aws_chatbot_slack_channel_configuration")).toMatchObject({
      configuration_name: "session-audit-acme-slack-T07EA123LEP-C07EZ1ABC23",
      slack_team_id: "T07EA123LEP",
      slack_channel_id: "C07EZ1ABC23",
      sns_topic_arns: [
        topic("eu-central-1", "activity-chat"),
        topic("eu-central-1", "security-chat"),
        topic("us-east-1", "activity-chat"),
        topic("us-east-1", "security-chat"),
      ],
    });
  });

  it("has one configuration for a Teams channel, with the topics that name it", () => {
    expect(chat().the("aws_chatbot_teams_channel_configuration")).toMatchObject({
      configuration_name: `session-audit-acme-teams-${TEAMS.teamId}`,
      team_id: TEAMS.teamId,
      tenant_id: TEAMS.tenantId,
      channel_id: TEAMS.channelId,
      sns_topic_arns: [topic("eu-central-1", "security-chat"), topic("us-east-1", "security-chat")],
    });
  });

  it.each(["slack", "teams"])("allows nobody to run AWS commands from %s", (platform) => {
    expect(chat().the(`aws_chatbot_${platform}_channel_configuration`)).toMatchObject({
      iam_role_arn: `arn:aws:iam::${PAYMENTS}:role/session-audit-acme-chat`,
      guardrail_policy_arns: ["arn:aws:iam::aws:policy/AWSDenyAll"],
      user_authorization_required: true,
      logging_level: "ERROR",
    });
  });

  it("has a role without any policy, and nothing else that could grant something", () => {
    expect(chat().addresses).toEqual([
      `aws_chatbot_slack_channel_configuration.Slack-T07EA123LEP-C07EZ1ABC23`,
      `aws_chatbot_teams_channel_configuration.Teams-${TEAMS.teamId}`,
      "aws_iam_role.Role",
    ]);
    expect(Object.keys(chat().the("aws_iam_role"))).not.toContain("inline_policy");
    expect(Object.keys(chat().the("aws_iam_role"))).not.toContain("managed_policy_arns");
  });

  it("waits for its role", () => {
    for (const platform of ["slack", "teams"])
      expect(chat().the(`aws_chatbot_${platform}_channel_configuration`)["depends_on"]).toEqual([
        "aws_iam_role.Role",
      ]);
  });

  it("gives its role the permissions boundary of the account", () => {
    const permissionsBoundaryArn = `arn:aws:iam::${PAYMENTS}:policy/boundary`;
    const role = chat((map) => (map.accounts["payments"]!.access = { permissionsBoundaryArn })).the(
      "aws_iam_role",
    );
    expect(role["permissions_boundary"]).toBe(permissionsBoundaryArn);
    expect(chat().the("aws_iam_role")).not.toHaveProperty("permissions_boundary");
  });

  it("is in the home region, and depends on the stacks of its topics", () => {
    expect(chat().json.provider.aws[0]).toMatchObject({
      region: "eu-central-1",
      allowed_account_ids: [PAYMENTS],
    });
  });

  it("reports changes to the archive in the archive's own account", () => {
    const map = exampleWith(
      (m) => (m.accounts["log-archive"]!.notifications = { security: { chat: [TEAMS] } }),
    );
    const stack = synthesizeOne("chat-log-archive", map);
    expect(stack.the("aws_chatbot_teams_channel_configuration")["sns_topic_arns"]).toEqual([
      topic("eu-central-1", "archive-security-chat", "111111111111"),
      topic("us-east-1", "archive-security-chat", "111111111111"),
      topic("eu-central-1", "central-security-chat", "111111111111"),
      topic("us-east-1", "central-security-chat", "111111111111"),
    ]);
  });

  it("leaves out channels that are off, at every level that names chat", () => {
    const off = (map: AccountsMap) => {
      map.notifications = { activity: { chat: [SLACK] } };
      map.accounts["payments"]!.notifications = { activity: { enabled: false }, security: { chat: [SLACK] } };
    };
    const stack = chat(off);
    expect(stack.the("aws_chatbot_slack_channel_configuration")["sns_topic_arns"]).toEqual([
      topic("eu-central-1", "security-chat"),
      topic("us-east-1", "security-chat"),
    ]);
    expect(session(off).the("aws_kms_key")["policy"]).not.toContain("activity-chat");
  });
});

describe("a channel with chat", () => {
  it("has a separate topic for chat, encrypted like the other one", () => {
    const topics = Object.values(session().all("aws_sns_topic")).map((it) => [
      it["name"],
      it["kms_master_key_id"],
    ]);
    expect(topics.sort()).toEqual(
      ["activity", "activity-chat", "security", "security-chat"].map((name) => [
        `session-audit-acme-${name}`,
        "${aws_kms_key.Key.arn}",
      ]),
    );
  });

  it("allows EventBridge and alarms to publish to it, in the policies of the topic and of the key", () => {
    const stack = session();
    const name = topic("us-east-1", "security-chat");
    const policies = Object.values(stack.all("aws_sns_topic_policy")).map((it) => String(it["policy"]));
    expect(policies.filter((policy) => policy.includes(`"${name}"`))).toHaveLength(1);
    expect(String(stack.the("aws_kms_key")["policy"]).split(name)).toHaveLength(3);
  });

  it("keeps the address of the existing EventBridge target, and adds another", () => {
    const targets = (stack: ReturnType<typeof session>) =>
      Object.keys(stack.all("aws_cloudwatch_event_target")).sort();
    const before = targets(synthesizeOne("session-payments-us-east-1"));
    const after = targets(session());
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.filter((id) => !before.includes(id)).map((id) => id.replace(/_\w{8}$/, ""))).toEqual([
      "Activity_Rule_Chat",
      "Security_Account_Chat",
      "Security_Channels_Chat",
      "Security_Delivery_Chat",
      "Security_Preferences_Chat",
      "Security_Sessions_Chat",
      "Security_Tampering_Chat",
    ]);
  });

  it("sends chat its own message format, with a dead-letter queue", () => {
    const target = session().the("aws_cloudwatch_event_target", /^Security_Tampering_Chat/);
    expect(target).toMatchObject({
      target_id: "chat",
      arn: topic("us-east-1", "security-chat"),
      dead_letter_config: {
        arn: "arn:aws:sqs:us-east-1:444444444444:session-audit-acme-security-dead-letters",
      },
    });
    expect((target["input_transformer"] as { input_template: string }).input_template).toContain(
      '"source": "custom"',
    );
  });

  it("sends alarms to chat too, which can read CloudWatch's format", () => {
    for (const alarm of Object.values(session().all("aws_cloudwatch_metric_alarm"))) {
      expect(alarm["alarm_actions"]).toEqual(
        ["activity", "security", "activity-chat", "security-chat"].map((name) => topic("us-east-1", name)),
      );
    }
  });

  it("has the same resources in an archive", () => {
    const map = exampleWith(
      (m) => (m.accounts["log-archive"]!.notifications = { security: { chat: [TEAMS] } }),
    );
    const stack = synthesizeOne("archive-us-east-1", map);
    const both = ["archive-security", "archive-security-chat"].map((name) =>
      topic("us-east-1", name, "111111111111"),
    );
    for (const [id, alarm] of Object.entries(stack.all("aws_cloudwatch_metric_alarm")))
      if (id.startsWith("Security")) expect(alarm["alarm_actions"]).toEqual(both);
    expect(String(stack.the("aws_kms_key", /^Key/)["policy"]).split(both[1]!)).toHaveLength(3);
  });

  it("has none of these resources without chat", () => {
    expect(synthesizeOne("session-payments-us-east-1").addresses.filter((it) => /Chat/.test(it))).toEqual([]);
  });
});

describe("the security channel of an account with chat", () => {
  const pattern = (stack: ReturnType<typeof session>, rule = /Delivery/) =>
    stack.document<Record<string, never>>("aws_cloudwatch_event_rule", "event_pattern", rule);
  const call = (eventName: string) =>
    cloudTrailEvent(
      { eventName, eventSource: "chatbot.amazonaws.com", requestParameters: {}, responseElements: null },
      "aws.chatbot",
    );

  it.each([
    "UpdateSlackChannelConfiguration",
    "DeleteSlackChannelConfiguration",
    "UpdateMicrosoftTeamsChannelConfiguration",
    "DeleteMicrosoftTeamsChannelConfiguration",
  ])("reports %s", (name) => {
    expect(matchesPattern(pattern(session()), call(name))).toBe(true);
    expect(matchesPattern(pattern(synthesizeOne("session-payments-us-east-1")), call(name))).toBe(false);
  });

  it("reports a change of the archive's chat channel in the archive account", () => {
    const watching = (chat: [] | [typeof TEAMS]) =>
      pattern(
        synthesizeOne(
          "archive-us-east-1",
          exampleWith((m) => (m.accounts["log-archive"]!.notifications = { security: { chat } })),
        ),
      );
    expect(matchesPattern(watching([TEAMS]), call("UpdateMicrosoftTeamsChannelConfiguration"))).toBe(true);
    expect(matchesPattern(watching([]), call("UpdateMicrosoftTeamsChannelConfiguration"))).toBe(false);
  });

  it("does not report calls of AWS Support that have the same names", () => {
    const eventSource = "supportapp.amazonaws.com";
    const eventName = "UpdateSlackChannelConfiguration";
    const none = { requestParameters: {}, responseElements: null };
    for (const source of ["aws.supportapp", "aws.chatbot"])
      expect(
        matchesPattern(pattern(session()), cloudTrailEvent({ eventName, eventSource, ...none }, source)),
      ).toBe(false);
  });

  it.each(["DescribeSlackChannelConfigurations", "UpdateAccountPreferences", "DeleteSlackUserIdentity"])(
    "does not report %s",
    (name) => expect(matchesPattern(pattern(session()), call(name))).toBe(false),
  );

  it("reports that chat is unsubscribed from a topic, from any region", () => {
    const subscriptionArn = `${topic("us-east-1", "activity-chat")}:4e16da47-69bb-482a-8828-5a0befedd1e8`;
    const unsubscribed = cloudTrailEvent(
      {
        eventName: "Unsubscribe",
        eventSource: "sns.amazonaws.com",
        requestParameters: { subscriptionArn },
        responseElements: null,
      },
      "aws.sns",
    );
    expect(matchesPattern(pattern(session(), /Channels/), unsubscribed)).toBe(true);
  });
});
