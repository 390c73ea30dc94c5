import { join } from "node:path";
import { authoriseChats, createInstanceRoles, createPerson } from "../../demo/people";
import type { ChatPost } from "../../emulator/chat/chat-channels";
import { readNotification } from "../../emulator/chat/chat-notification";
import type { Deployment } from "../../demo/deployment";
import { provokeTampering } from "../../demo/findings";
import { SLACK, TEAMS } from "../fixtures/chat";
import { Deployed } from "../helpers/deployed";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

/** One account with its channels in Slack and Teams, by the real Terraform and the real provider. */
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
  // At once: what a test changes by hand would show.
  secondPlan = (await deployment.changed(deployment.stacks)).map(({ output }) => output);
  await createPerson(embedded.emulator, organization, account, "operator");
});
afterAll(() => embedded?.stop());

/** How many posts and deliveries there were before the test. */
let mark: { posts: number; deliveries: number };
beforeEach(async () => {
  await deployed.deploy();
  await embedded.emulator.settled();
  mark = { posts: embedded.emulator.chatPosts.length, deliveries: embedded.emulator.deliveries.length };
});
/** What the test has posted, in Slack first: a message reaches channels in any order. */
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

it("is deployed last: the topics must be there", () => {
  expect(deployment.stacks.map(({ id }) => id)).toEqual([
    "account-desk",
    "session-desk-eu-west-1",
    "chat-desk",
  ]);
});

it("has nothing to change in a second plan", () => expect(secondPlan).toEqual([]));

it("lets nobody act from the channels", async () => {
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

it("tells Slack of a session's start and end, and Teams of neither", async () => {
  const { sessionId, started } = await aliceHoldsASession();
  expect(started).toBe(true);
  const told = await posts();
  expect(told).toMatchObject(
    ["StartSession", "TerminateSession"].map((call) => ({
      platform: "slack",
      channelId: SLACK.channelId,
      outcome: "posted",
      topicArn: topic("activity-chat"),
      title: `${call} in account ${ACCOUNT}, ${REGION}`,
      threadId: sessionId,
    })),
  );
  expect(told[0]!.text).toContain(
    `\`arn:aws:sts::${ACCOUNT}:assumed-role/operator/alice\` called \`StartSession\``,
  );
});

it("would tell nobody by the channel's own topic, whose messages chat does not know", async () => {
  await aliceHoldsASession();
  const delivery = deliveries().find(({ targetArn }) => targetArn === topic("activity"));
  expect(JSON.parse(delivery!.message!)).toMatchObject({ action: "StartSession" });
  expect(readNotification(delivery!.message!)).toEqual({
    dropped: expect.stringContaining("neither") as string,
  });
});

it("tells Slack and Teams when somebody changes the preferences", async () => {
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

it("tells both of an alarm, as CloudWatch writes it", async () => {
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

it("tells the channel that is left when somebody leads the other elsewhere, and a plan shows it", async () => {
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

it("is taken off its topics when it is destroyed, which the security channel reports", async () => {
  await deployed.destroy("chat-desk");
  await embedded.emulator.settled();
  const reports = deliveries().filter(
    ({ eventName, targetArn }) => eventName === "Unsubscribe" && targetArn === topic("security"),
  );
  expect(reports.map(({ outcome }) => outcome)).toEqual(["delivered", "delivered"]);
  expect(await posts()).toEqual([]);
});
