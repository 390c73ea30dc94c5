import { join } from "node:path";
import { authoriseChats, createInstanceRoles, createPerson } from "../../demo/people";
import type { ChatPost } from "../../emulator/chat/chat-channels";
import { readNotification } from "../../emulator/chat/chat-notification";
import type { Deployment } from "../../demo/deployment";
import { provokeTampering } from "../../demo/findings";
import { SLACK, TEAMS } from "../fixtures/chat";
import { Deployed } from "../helpers/deployed";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

// One account with channels in Slack and Teams, deployed by the real Terraform and the real provider.
const ACCOUNT = "666666666666";
const REGION = "eu-west-1";
const topic = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT}:session-audit-chatty-${name}`;
const REPORTED = /^(UpdateDocument|UpdateSlackChannelConfiguration|Unsubscribe)$/;

let embedded: Embedded;
let deployment: Deployment;
let deployed: Deployed;
let secondPlan: string[];

beforeAll(async () => {
  embedded = await startEmbedded({
    organizationTrail: true,
    recordManagementCalls: ({ eventName }) => REPORTED.test(eventName),
  });
  deployment = embedded.rehearse(join(ROOT, "__tests__", "fixtures", "chat.yaml"));
  const { organization } = deployment;
  const account = organization.accounts[0]!;
  await createInstanceRoles(embedded.emulator, account);
  authoriseChats(embedded.emulator, organization, account);
  await deployment.synthesize();
  deployed = new Deployed(deployment);
  await deployed.deploy();
  // Before the tests, because a plan also shows what they change by hand.
  secondPlan = (await deployment.changed(deployment.stacks)).map(({ output }) => output);
  await createPerson(embedded.emulator, organization, account, "operator");
});
afterAll(() => embedded?.stop());

/** Numbers of posts and deliveries before the test. */
let mark: { posts: number; deliveries: number };
beforeEach(async () => {
  await deployed.deploy();
  await embedded.emulator.settled();
  mark = { posts: embedded.emulator.chatPosts.length, deliveries: embedded.emulator.deliveries.length };
});
/** The posts since the test began, those in Slack first, because a message reaches the channels in any order. */
async function posts(): Promise<readonly ChatPost[]> {
  await embedded.emulator.settled();
  const since = embedded.emulator.chatPosts.slice(mark.posts);
  return since.sort((a, b) => a.platform.localeCompare(b.platform));
}
const deliveries = () => embedded.emulator.deliveries.slice(mark.deliveries);
const aliceHoldsASession = () =>
  embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "app-server",
    operatorRoleName: "operator",
    operatorSessionName: "alice",
    commands: ["id"],
    reason: 'INC-1234 "urgent" *bold*',
  });

/** Calls the service as somebody who may do anything in the account. */
async function asAdministrator(path: string, body: object): Promise<Response> {
  const { accessKeyId } = await embedded.emulator.credentials(ACCOUNT, "Administrator", "mallory");
  return fetch(`${embedded.emulator.endpoint}${path}`, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260301/${REGION}/chatbot/aws4_request`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
}

it("the chat stack is deployed last, because it subscribes to topics of the other stacks", () => {
  expect(deployment.stacks.map(({ id }) => id)).toEqual([
    "account-desk",
    "session-desk-eu-west-1",
    "chat-desk",
  ]);
});

it("a second plan has no changes", () => expect(secondPlan).toEqual([]));

it("nobody can run AWS commands from the channels", async () => {
  const slack = await asAdministrator("/describe-slack-channel-configurations", {});
  const teams = await asAdministrator("/list-ms-teams-channel-configurations", { TeamId: TEAMS.teamId });
  const { SlackChannelConfigurations } = (await slack.json()) as Record<string, object[]>;
  const { TeamChannelConfigurations } = (await teams.json()) as Record<string, object[]>;
  for (const configuration of [...SlackChannelConfigurations!, ...TeamChannelConfigurations!]) {
    expect(configuration).toMatchObject({
      GuardrailPolicyArns: ["arn:aws:iam::aws:policy/AWSDenyAll"],
      UserAuthorizationRequired: true,
      IamRoleArn: `arn:aws:iam::${ACCOUNT}:role/session-audit-chatty-chat`,
    });
  }
  const role = { principal: `arn:aws:iam::${ACCOUNT}:role/session-audit-chatty-chat`, accountId: ACCOUNT };
  const asked = { action: "sns:Publish", resource: topic("activity-chat") };
  expect(await embedded.emulator.authorize({ ...role, ...asked })).toMatchObject({ allowed: false });
});

it("a session's start and end are posted in Slack, and not in Teams", async () => {
  const { sessionId, started } = await aliceHoldsASession();
  expect(started).toBe(true);
  const posted = await posts();
  expect(posted).toMatchObject(
    ["StartSession", "TerminateSession"].map((call) => ({
      platform: "slack",
      channelId: SLACK.channelId,
      outcome: "posted",
      topicArn: topic("activity-chat"),
      title: `${call} in account ${ACCOUNT}, ${REGION}`,
      threadId: sessionId,
    })),
  );
  expect(posted[0]!.text).toContain(
    `\`arn:aws:sts::${ACCOUNT}:assumed-role/operator/alice\` called \`StartSession\``,
  );
});

it("chat drops the messages of the activity topic, because it does not know their format", async () => {
  await aliceHoldsASession();
  const delivery = deliveries().find(({ targetArn }) => targetArn === topic("activity"));
  expect(JSON.parse(delivery!.message!)).toMatchObject({ action: "StartSession" });
  expect(readNotification(delivery!.message!)).toEqual({
    dropped: expect.stringContaining("neither") as string,
  });
});

it("a change of the preferences is posted in Slack and Teams", async () => {
  await provokeTampering(embedded.emulator, deployment.organization.targets[0]!);
  expect(await posts()).toMatchObject(
    [SLACK, TEAMS].map(({ platform, channelId }) => ({
      platform,
      channelId,
      outcome: "posted",
      topicArn: topic("security-chat"),
      title: `Recording changed: UpdateDocument in account ${ACCOUNT}, ${REGION}`,
    })),
  );
});

it("an alarm is posted in Slack and Teams, in the format of CloudWatch", async () => {
  const alarmName = "session-audit-chatty-activity-undelivered";
  const topicArn = topic("security-chat");
  await embedded.emulator.soundAlarm({ accountId: ACCOUNT, region: REGION, alarmName, topicArn });
  const title = `CloudWatch Alarm | ${alarmName} | ${REGION}`;
  expect(await posts()).toMatchObject(
    ["slack", "teams"].map((platform) => ({ platform, outcome: "posted", title })),
  );
  await expect(
    embedded.emulator.soundAlarm({ accountId: "999999999999", region: REGION, alarmName, topicArn }),
  ).rejects.toThrow();
});

it("Teams reports when somebody points the Slack configuration at another channel, and a plan shows the change", async () => {
  deployed.spoil("chat-desk");
  const answer = await asAdministrator("/update-slack-channel-configuration", {
    ChatConfigurationArn: `arn:aws:chatbot::${ACCOUNT}:chat-configuration/slack-channel/session-audit-chatty-slack-${SLACK.workspaceId}-${SLACK.channelId}`,
    SlackChannelId: "C0MALLORY99",
  });
  expect(answer.status).toBe(200);
  expect(await posts()).toMatchObject(
    [{ channelId: "C0MALLORY99" }, { channelId: TEAMS.channelId }].map((channel) => ({
      ...channel,
      title: `Recording changed: UpdateSlackChannelConfiguration in account ${ACCOUNT}, ${REGION}`,
    })),
  );
  const [changed] = await deployment.changed(deployment.stacks.filter(({ kind }) => kind === "chat"));
  expect(changed!.output).toContain(`"C0MALLORY99" -> "${SLACK.channelId}"`);
});

it("destroying the chat stack unsubscribes chat from its topics, which the security channel reports", async () => {
  await deployed.destroy("chat-desk");
  await embedded.emulator.settled();
  const reports = deliveries().filter(
    ({ eventName, targetArn }) => eventName === "Unsubscribe" && targetArn === topic("security"),
  );
  expect(reports.map(({ outcome }) => outcome)).toEqual(["delivered", "delivered"]);
  expect(await posts()).toEqual([]);
});
