import { chatApi } from "../../../emulator/chat/chat-api";
import { ChatChannels } from "../../../emulator/chat/chat-channels";
import { ChatService } from "../../../emulator/chat/chat-service";
import type { AwsError, AwsRequest } from "../../../emulator/gateway/protocol";
import type { ChatTopics } from "../../../emulator/chat/chat-topics";
import type { Identities } from "../../../emulator/clients/identities";
import type { CallRecorder } from "../../../emulator/events/call-recorder";
import { SLACK, TEAMS } from "../../fixtures/chat";

const ACCOUNT = "444444444444";
const TOPIC = `arn:aws:sns:eu-central-1:${ACCOUNT}:activity-chat`;
const OTHER_TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:activity-chat`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/chat`;
const slack = (changes: object = {}) => ({
  ConfigurationName: "ours",
  IamRoleArn: ROLE,
  SlackTeamId: SLACK.workspaceId,
  SlackChannelId: SLACK.channelId,
  SnsTopicArns: [TOPIC],
  Tags: [{ TagKey: "team", TagValue: "security" }],
  ...changes,
});
const teams = (changes: object = {}) => ({
  ConfigurationName: "ours",
  IamRoleArn: ROLE,
  TeamId: TEAMS.teamId,
  TenantId: TEAMS.tenantId,
  ChannelId: TEAMS.channelId,
  SnsTopicArns: [TOPIC],
  ...changes,
});
const SLACK_ARN = `arn:aws:chatbot::${ACCOUNT}:chat-configuration/slack-channel/ours`;
const TEAMS_ARN = `arn:aws:chatbot::${ACCOUNT}:chat-configuration/microsoft-teams-channel/ours`;

/** The service with two topics, one role and a recorder; workspace and team are authorised. */
function started() {
  const subscribed = new Set<string>();
  const recorded: string[] = [];
  const topics: Pick<ChatTopics, "require" | "subscribe" | "unsubscribe"> = {
    require: async (_account, topicArns) => {
      const missing = topicArns.filter((arn) => arn !== TOPIC && arn !== OTHER_TOPIC);
      if (missing.length > 0) throw new Error(`missing ${missing.join()}`);
    },
    subscribe: async (topicArn) => void subscribed.add(topicArn),
    unsubscribe: async (topicArn) => void subscribed.delete(topicArn),
  };
  const channels = new ChatChannels();
  const service = new ChatService(channels, topics as ChatTopics, async (role) => role === ROLE);
  service.authorise(ACCOUNT, SLACK);
  service.authorise(ACCOUNT, TEAMS);
  const identities = { of: async (key: string) => ({ accountId: key }) } as unknown as Identities;
  const recorder = { note: ({ eventName }: { eventName: string }) => recorded.push(eventName) };
  const handle = chatApi(service, identities, recorder as unknown as CallRecorder);
  const call = async (path: string, body: object, account = ACCOUNT) => {
    const request = { service: "chatbot", url: `/${path}`, accessKeyId: account, region: "eu-west-1" };
    const answer = await handle({ ...request, body: Buffer.from(JSON.stringify(body)) } as AwsRequest);
    if (answer === undefined) throw new Error("left to moto");
    const fields = JSON.parse(answer.body || "{}") as Record<string, unknown>;
    return { ...fields, status: answer.status } as Record<string, unknown>;
  };
  return { call, channels, subscribed, recorded, service };
}

const refused = async (answer: Promise<unknown>) =>
  answer.then(
    () => "nothing",
    (error: AwsError) => ({ code: error.code, status: error.status, message: error.message }),
  );

describe.each([
  [
    "Slack",
    "slack",
    slack,
    SLACK_ARN,
    "slack",
    "describe-slack-channel-configurations",
    "SlackChannelConfigurations",
  ],
  [
    "Teams",
    "teams",
    teams,
    TEAMS_ARN,
    "ms-teams",
    "list-ms-teams-channel-configurations",
    "TeamChannelConfigurations",
  ],
] as const)("a configuration for %s", (_name, platform, input, arn, path, listPath, listed) => {
  const create = `create-${path}-channel-configuration`;
  const update = `update-${path}-channel-configuration`;
  const remove = `delete-${path}-channel-configuration`;
  const channel = platform === "slack" ? "SlackChannelId" : "ChannelId";

  it("is created with its topics, and found", async () => {
    const { call, subscribed } = started();
    expect(await call(create, input())).toMatchObject({
      status: 201,
      ChannelConfiguration: { ChatConfigurationArn: arn, SnsTopicArns: [TOPIC], State: "ENABLED" },
    });
    expect(await call(listPath, {})).toMatchObject({ [listed]: [{ ChatConfigurationArn: arn }] });
    expect([...subscribed]).toEqual([TOPIC]);
  });

  it("by default allows members to do whatever the role may do, as on AWS", async () => {
    const { call } = started();
    expect(await call(create, input())).toMatchObject({
      ChannelConfiguration: {
        GuardrailPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
        UserAuthorizationRequired: false,
        LoggingLevel: "NONE",
      },
    });
  });

  it("is refused when its name is taken", async () => {
    const { call } = started();
    await call(create, input());
    expect(await refused(call(create, input()))).toMatchObject({ code: "ConflictException", status: 409 });
  });

  it("is refused when its channel has a configuration in the account", async () => {
    const { call } = started();
    await call(create, input());
    expect(await refused(call(create, input({ ConfigurationName: "theirs" })))).toMatchObject({
      code: "InvalidRequestException",
      status: 400,
      message: expect.stringContaining(`has already been configured for AWS account ${ACCOUNT}`) as string,
    });
  });

  it("cannot be changed to the channel of another configuration", async () => {
    const { call } = started();
    const other = platform === "slack" ? "C0OTHER1234" : TEAMS.channelId.replace("b6ef", "c7f0");
    await call(create, input());
    await call(create, input({ ConfigurationName: "theirs", [channel]: other }));
    const changed = call(update, { ChatConfigurationArn: arn, [channel]: other });
    expect(await refused(changed)).toMatchObject({ code: "InvalidRequestException" });
  });

  it("is refused when the workspace or team is not authorised", async () => {
    const { call } = started();
    expect(await refused(call(create, input(), "555555555555"))).toMatchObject({
      code: "InvalidRequestException",
      message: expect.stringContaining("is not authorized with AWS account 555555555555") as string,
    });
  });

  it.each([
    ["a name with a space", { ConfigurationName: "our channel" }],
    ["no role", { IamRoleArn: undefined }],
    ["a topic by name", { SnsTopicArns: ["activity"] }],
    ["a level of its own", { LoggingLevel: "DEBUG" }],
    ["a channel by name", { [channel]: "#security" }],
    ["a flag in quotes", { UserAuthorizationRequired: "true" }],
    [
      "a guardrail that is a service-linked role's",
      { GuardrailPolicyArns: ["arn:aws:iam::aws:policy/aws-service-role/X"] },
    ],
  ])("is refused with %s", async (_what, changes) => {
    const { call } = started();
    expect(await refused(call(create, input(changes)))).toMatchObject({
      code: "InvalidParameterException",
      status: 400,
    });
  });

  it("is refused with a role that does not exist", async () => {
    const { call } = started();
    const answer = call(create, input({ IamRoleArn: `${ROLE}-2` }));
    expect(await refused(answer)).toMatchObject({ code: "InvalidRequestException" });
  });

  it("is refused with a topic that does not exist, and leaves nothing behind", async () => {
    const { call, subscribed } = started();
    await expect(call(create, input({ SnsTopicArns: [TOPIC, `${TOPIC}-2`] }))).rejects.toThrow("missing");
    expect(await call(listPath, {})).toMatchObject({ [listed]: [] });
    expect(subscribed.size).toBe(0);
  });

  it("subscribes to new topics and unsubscribes from old ones when it changes", async () => {
    const { call, subscribed } = started();
    await call(create, input());
    await call(update, { ...input({ SnsTopicArns: [OTHER_TOPIC] }), ChatConfigurationArn: arn });
    expect([...subscribed]).toEqual([OTHER_TOPIC]);
  });

  it("is gone when it is deleted, and cannot be deleted twice", async () => {
    const { call, subscribed } = started();
    await call(create, input());
    expect(await call(remove, { ChatConfigurationArn: arn })).toEqual({ status: 204 });
    expect(subscribed.size).toBe(0);
    expect(await refused(call(remove, { ChatConfigurationArn: arn }))).toMatchObject({
      code: "ResourceNotFoundException",
      status: 404,
    });
  });

  it("is invisible to other accounts", async () => {
    const { call } = started();
    await call(create, input());
    expect(await call(listPath, {}, "555555555555")).toMatchObject({ [listed]: [] });
    const stolen = call(update, { ...input(), ChatConfigurationArn: arn }, "555555555555");
    expect(await refused(stolen)).toMatchObject({ code: "ResourceNotFoundException" });
  });

  it("has tags, which can be added and removed", async () => {
    const { call } = started();
    await call(create, input({ Tags: [{ TagKey: "team", TagValue: "security" }] }));
    await call("tag-resource", { ResourceARN: arn, Tags: [{ TagKey: "wave", TagValue: "rest" }] });
    await call("untag-resource", { ResourceARN: arn, TagKeys: ["team"] });
    expect(await call("list-tags-for-resource", { ResourceARN: arn })).toMatchObject({
      Tags: [{ TagKey: "wave", TagValue: "rest" }],
    });
  });

  it("is recorded when it changes, under CloudTrail's name, and not when it is read", async () => {
    const { call, recorded } = started();
    await call(create, input());
    await call(listPath, {});
    await call(remove, { ChatConfigurationArn: arn });
    const noun = platform === "slack" ? "SlackChannelConfiguration" : "MicrosoftTeamsChannelConfiguration";
    expect(recorded).toEqual([`Create${noun}`, `Delete${noun}`]);
  });
});

describe("two configurations", () => {
  it("share the subscription to a topic that both name", async () => {
    const { call, subscribed } = started();
    await call("create-slack-channel-configuration", slack());
    await call("create-ms-teams-channel-configuration", teams());
    await call("delete-slack-channel-configuration", { ChatConfigurationArn: SLACK_ARN });
    expect([...subscribed]).toEqual([TOPIC]);
    await call("delete-ms-teams-channel-configuration", { ChatConfigurationArn: TEAMS_ARN });
    expect([...subscribed]).toEqual([]);
  });

  it("receive messages of their own topics only", async () => {
    const { call, channels } = started();
    await call("create-slack-channel-configuration", slack());
    await call("create-ms-teams-channel-configuration", teams({ SnsTopicArns: [OTHER_TOPIC] }));
    channels.post(
      TOPIC,
      JSON.stringify({ version: "1.0", source: "custom", content: { description: "hello" } }),
    );
    channels.post(OTHER_TOPIC, "hello");
    expect(channels.posts).toEqual([
      {
        accountId: ACCOUNT,
        platform: "slack",
        channelId: SLACK.channelId,
        topicArn: TOPIC,
        outcome: "posted",
        title: "",
        text: "hello",
      },
      {
        accountId: ACCOUNT,
        platform: "teams",
        channelId: TEAMS.channelId,
        topicArn: OTHER_TOPIC,
        outcome: "dropped",
        reason: "it is not JSON",
      },
    ]);
  });

  it("of one team are both listed for that team, as on AWS", async () => {
    const { call } = started();
    await call("create-ms-teams-channel-configuration", teams());
    const ChannelId = TEAMS.channelId.replace("b6ef", "c7f0");
    await call("create-ms-teams-channel-configuration", teams({ ConfigurationName: "more", ChannelId }));
    const answer = await call("list-ms-teams-channel-configurations", { TeamId: TEAMS.teamId });
    expect(answer["TeamChannelConfigurations"]).toHaveLength(2);
  });
});

it("other operations of the service are left to moto, which refuses them", async () => {
  await expect(started().call("describe-chime-webhook-configurations", {})).rejects.toThrow("left to moto");
});
