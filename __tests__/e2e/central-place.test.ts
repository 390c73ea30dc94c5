import { join } from "node:path";
import { PutRolePolicyCommand, PutRolePermissionsBoundaryCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import { ListSubscriptionsCommand, ListTopicsCommand } from "@aws-sdk/client-sns";
import { actionSitesOf, createActionTargets } from "../../demo/action-targets";
import type { Deployment } from "../../demo/deployment";
import {
  authoriseChats,
  clientConfig,
  createInstanceRoles,
  createRole,
  listen,
  type Listener,
} from "../../demo/people";
import { Clients } from "../../emulator/clients/clients";
import { arns, names, placeOf } from "../../stacks/names";
import { SLACK } from "../fixtures/chat";
import { Deployed } from "../helpers/deployed";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";
import { createEventRole } from "../helpers/event-roles";
import { runReport } from "../helpers/run-report";

// notifications.central, deployed by the real Terraform and the real provider: the topics are in one account, and the
// sessions in two others, one of which is in another region and has no topics.
const MAP = join(ROOT, "__tests__", "fixtures", "central-place.yaml");
const ORGANIZATION_ID = "o-a1b2c3d4e5";
const SOC = "777777777777";
const WORK = "666666666666";
const LOUD = "444444444444";
/** An account outside of the organization. */
const STRANGER = "999999999999";
const REGIONS: Readonly<Record<string, string>> = {
  [SOC]: "eu-west-1",
  [WORK]: "eu-central-1",
  [LOUD]: "eu-west-1",
  [STRANGER]: "eu-central-1",
};
const place = (id: string) =>
  placeOf({ name: "acme" }, { account: { name: "any", id, partition: "aws" }, region: REGIONS[id]! });
const bus = (channel: "activity" | "security") =>
  arns.eventBus(place(SOC), names.centralBus({ kind: `all-${channel}`, place: place(SOC) }));
const KEYS = {
  work: { account: WORK, alias: names.keyAlias(place(WORK)) },
  activity: { account: SOC, alias: names.centralKeyAlias({ kind: "all-activity", place: place(SOC) }) },
  security: { account: SOC, alias: names.centralKeyAlias({ kind: "all-security", place: place(SOC) }) },
};
type Key = keyof typeof KEYS;

let embedded: Embedded;
let deployment: Deployment;
let secondPlan: string[];
let clients: Readonly<Record<string, Clients>>;
/** A queue behind each central topic, and behind each topic of the account that keeps its own. */
let heard: Readonly<Record<"activity" | "security" | "loudActivity" | "loudSecurity", Listener>>;

/** The id of a key. Moto 5.2.1 enables and disables keys by their id only. */
async function keyId(key: Key): Promise<string> {
  const { account, alias } = KEYS[key];
  const { KeyMetadata } = await clients[account]!.kms.send(new DescribeKeyCommand({ KeyId: alias }));
  return KeyMetadata!.KeyId!;
}
const disable = async (key: Key) =>
  clients[KEYS[key].account]!.kms.send(new DisableKeyCommand({ KeyId: await keyId(key) }));
const enable = async (key: Key) =>
  clients[KEYS[key].account]!.kms.send(new EnableKeyCommand({ KeyId: await keyId(key) }));

/** What has reached each topic's subscriber since the last call. */
const received = async () => {
  await embedded.emulator.settled();
  return {
    activity: await heard.activity.receive(),
    security: await heard.security.receive(),
    loudActivity: await heard.loudActivity.receive(),
    loudSecurity: await heard.loudSecurity.receive(),
  };
};
const session = (accountId: string, more: object = {}) =>
  embedded.emulator.runSession({
    accountId,
    region: REGIONS[accountId]!,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "app-server",
    operatorRoleName: "engineer",
    operatorSessionName: "dave",
    commands: ["id"],
    ...more,
  });

beforeAll(async () => {
  embedded = await startEmbedded({
    organizationTrail: true,
    organization: { id: ORGANIZATION_ID, accounts: [SOC, WORK, LOUD] },
    judgedRoles: ["auditor", "somebody"],
    recordManagementCalls: ({ eventName }) => /^(DisableKey|PutRolePermissionsBoundary)$/.test(eventName),
  });
  const { emulator } = embedded;
  deployment = embedded.rehearse(MAP);
  clients = Object.fromEntries(
    await Promise.all(
      Object.entries(REGIONS).map(
        async ([id, region]) => [id, new Clients(await clientConfig(emulator, id, region))] as const,
      ),
    ),
  );
  for (const account of deployment.organization.accounts.filter(({ targets }) => targets.length > 0)) {
    await createInstanceRoles(emulator, account);
    await createRole(clients[account.id]!.iam, "visitor", { AWS: arns.root(account) });
  }
  const { organization } = deployment;
  for (const account of organization.accounts) authoriseChats(emulator, organization, account);
  await createActionTargets(emulator, organization, actionSitesOf(organization));
  await deployment.synthesize();
  await new Deployed(deployment).deploy();
  await emulator.settled();
  // Before the tests, because a plan also shows what they change by hand.
  secondPlan = (await deployment.changed(deployment.stacks)).map(({ output }) => output);
  const behind = (account: string, name: string) =>
    listen(emulator, place(account), { topic: `session-audit-acme-${name}`, queue: `${name}-listener` });
  heard = {
    activity: await behind(SOC, "all-activity"),
    security: await behind(SOC, "all-security"),
    loudActivity: await behind(LOUD, "activity"),
    loudSecurity: await behind(LOUD, "security"),
  };
});
afterAll(() => embedded?.stop());
beforeEach(async () => {
  for (const key of Object.keys(KEYS) as Key[]) await enable(key);
  await received();
});

it("a second plan has no changes", () => {
  expect(secondPlan).toEqual([]);
});

it("there are topics in the account of the central ones, and where an account keeps its own", async () => {
  const topicsIn = async (account: string) =>
    ((await clients[account]!.sns.send(new ListTopicsCommand())).Topics ?? []).map(({ TopicArn }) =>
      TopicArn!.split(":").at(-1),
    );
  expect(await topicsIn(WORK)).toEqual([]);
  expect((await topicsIn(LOUD)).sort()).toEqual([
    "session-audit-acme-activity",
    "session-audit-acme-security",
  ]);
  expect((await topicsIn(SOC)).sort()).toEqual([
    "session-audit-acme-all-activity",
    "session-audit-acme-all-security",
    "session-audit-acme-all-security-chat",
  ]);
});

it("an e-mail address has one subscription for each channel, however many accounts there are", async () => {
  const found = await Promise.all(
    [SOC, WORK, LOUD].map(async (id) => {
      const { Subscriptions = [] } = await clients[id]!.sns.send(new ListSubscriptionsCommand());
      return Subscriptions.filter(({ Protocol }) => Protocol === "email").map(({ TopicArn }) => TopicArn);
    }),
  );
  expect(found.flat().sort()).toEqual([
    `arn:aws:sns:eu-west-1:${SOC}:session-audit-acme-all-activity`,
    `arn:aws:sns:eu-west-1:${SOC}:session-audit-acme-all-security`,
  ]);
});

it("a session is on the central topic once, in the words of the account's own topic", async () => {
  expect((await session(LOUD)).started).toBe(true);
  const { activity, loudActivity, security } = await received();
  expect(loudActivity).toMatchObject([{ action: "StartSession" }, { action: "TerminateSession" }]);
  expect(activity).toEqual(loudActivity);
  expect(security).toEqual([]);
});

it("a finding is on the central topic once, in the words of the account's own topic", async () => {
  expect((await session(LOUD, { operatorRoleName: "visitor" })).started).toBe(false);
  const { security, loudSecurity, activity } = await received();
  expect(loudSecurity).toMatchObject([{ action: "StartSession", error: "AccessDenied" }]);
  expect(security).toEqual(loudSecurity);
  expect(activity).toEqual([]);
});

it("a session that leaves no transcript is a session once, and a finding once", async () => {
  await session(LOUD, { documentName: "AWS-StartPortForwardingSession" });
  const { activity, security, loudActivity, loudSecurity } = await received();
  expect(loudSecurity).toMatchObject([
    { action: "StartSession", document: "AWS-StartPortForwardingSession" },
  ]);
  expect(security).toEqual(loudSecurity);
  expect(activity).toEqual(loudActivity);
});

describe("of an account in another region, whose key is disabled,", () => {
  beforeEach(() => disable("work"));

  it("the call that disabled it is on the central topic, once", async () => {
    const { activity, security } = await received();
    expect(security).toEqual([
      expect.objectContaining({
        action: "DisableKey",
        service: "kms.amazonaws.com",
        account: WORK,
        region: "eu-central-1",
        console: expect.stringMatching(/^https:\/\/eu-central-1\.console/) as string,
      }),
    ]);
    expect(activity).toEqual([]);
  });

  it("a refused session is on the central topic, once", async () => {
    await received();
    expect((await session(WORK, { operatorRoleName: "visitor" })).started).toBe(false);
    const { activity, security } = await received();
    expect(security).toMatchObject([{ action: "StartSession", error: "AccessDenied", account: WORK }]);
    expect(activity).toEqual([]);
  });

  it("an alarm publishes to no topic of the account, and is on the central topic, once", async () => {
    await received();
    const name = "session-audit-acme-activity-undelivered";
    expect(await embedded.emulator.breachAlarm(WORK, "eu-central-1", name)).toEqual([]);
    const { activity, security } = await received();
    expect(security).toMatchObject([{ alarm: name, state: "ALARM", account: WORK, region: "eu-central-1" }]);
    expect(activity).toEqual([]);
  });
});

it("a session in an account without topics is on the central topic, from another region", async () => {
  expect((await session(WORK)).started).toBe(true);
  expect((await received()).activity).toMatchObject([
    {
      action: "StartSession",
      who: `arn:aws:sts::${WORK}:assumed-role/engineer/dave`,
      account: WORK,
      region: "eu-central-1",
    },
    { action: "TerminateSession", account: WORK, region: "eu-central-1" },
  ]);
});

it("a session in an account without topics invokes the central function, from another account and region", async () => {
  const before = embedded.emulator.deliveries.length;
  const { sessionId } = await session(WORK);
  await embedded.emulator.settled();
  const invocations = embedded.emulator.deliveries
    .slice(before)
    .filter(({ targetArn }) => targetArn === `arn:aws:lambda:eu-west-1:${SOC}:function:on-session`);
  expect(invocations).toMatchObject([
    { accountId: SOC, eventName: "StartSession", outcome: "delivered" },
    { accountId: SOC, eventName: "TerminateSession", outcome: "delivered" },
  ]);
  expect(JSON.parse(invocations[0]!.message!)).toMatchObject({
    account: WORK,
    region: "eu-central-1",
    detail: { responseElements: { sessionId } },
  });
});

it.each([WORK, LOUD])("a finding in account %s is posted in the central chat once", async (account) => {
  const before = embedded.emulator.chatPosts.length;
  await session(account, { operatorRoleName: "visitor" });
  await embedded.emulator.settled();
  expect(embedded.emulator.chatPosts.slice(before)).toMatchObject([
    {
      platform: "slack",
      channelId: SLACK.channelId,
      outcome: "posted",
      topicArn: `arn:aws:sns:eu-west-1:${SOC}:session-audit-acme-all-security-chat`,
      title: `Session refused or unrecorded: StartSession in account ${account}, ${REGIONS[account]}`,
    },
  ]);
});

it("the guard reports to the central topic, in another account and region", async () => {
  const { sessionId } = await session(WORK, { documentName: "AWS-StartInteractiveCommand" });
  const { security } = await received();
  expect(security.filter(({ action }) => action === "SessionEnded")).toEqual([
    expect.objectContaining({ session: sessionId, account: WORK, region: "eu-central-1" }),
  ]);
});

it("a change of a role, which AWS reports in one region, is on the central topic once", async () => {
  await clients[WORK]!.iam.send(
    new PutRolePermissionsBoundaryCommand({
      RoleName: "app-server",
      PermissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    }),
  );
  expect((await received()).security).toMatchObject([
    { action: "PutRolePermissionsBoundary", account: WORK },
  ]);
});

it("the summary of a report is on the central topic, by a role of the map's reporters alone", async () => {
  const statement = { Effect: "Allow", Action: ["sns:Publish", "kms:*", "sts:AssumeRole"], Resource: "*" };
  const publish = async (role: string) => {
    const { iam } = clients[WORK]!;
    await createRole(iam, role, { AWS: arns.root(place(WORK).account) });
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "report", PolicyDocument }));
    const caller = await embedded.emulator.credentials(WORK, role, "eve");
    return runReport(embedded, { map: MAP, caller }, "--account", "work", "--no-trail", "--publish");
  };
  expect(await publish("auditor")).toMatchObject({ status: 0 });
  expect(await heard.security.receiveTexts()).toEqual([expect.stringMatching(/^Sessions of acme from /)]);
  const refused = await publish("somebody");
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/assumed-role\/somebody\/eve is not authorized to perform: sns:Publish/);
  expect(await heard.security.receiveTexts()).toEqual([]);
});

it.each(["activity", "security"] as const)(
  "disabling the key of the central topic for %s is reported on the other one",
  async (channel) => {
    await disable(channel);
    const told = await received();
    const other = channel === "activity" ? "security" : "activity";
    expect(told[other]).toMatchObject([{ action: "DisableKey", account: SOC }]);
    expect(told[channel]).toEqual([]);
  },
);

describe("a central bus", () => {
  const ACTIVITY = names.centralActivityRole(place(WORK));
  const SECURITY = names.centralRole({ kind: "target", place: place(WORK) });
  const putEvents = (account: string, role: string, resource: string, eventBusInvocation: string) =>
    embedded.emulator.authorize({
      principal: `arn:aws:iam::${account}:role/${role}`,
      accountId: SOC,
      action: "events:PutEvents",
      resource,
      context: { "events:eventBusInvocation": eventBusInvocation },
    });

  beforeAll(async () => {
    await createEventRole(clients[STRANGER]!.iam, ACTIVITY);
    await createEventRole(clients[WORK]!.iam, "app");
  });

  it.each`
    channel       | who                                            | account     | role        | forwarded  | allowed
    ${"activity"} | ${"the activity rule of a target"}             | ${WORK}     | ${ACTIVITY} | ${"true"}  | ${true}
    ${"security"} | ${"the rules for findings of a target"}        | ${WORK}     | ${SECURITY} | ${"true"}  | ${true}
    ${"activity"} | ${"the rules for findings of a target"}        | ${WORK}     | ${SECURITY} | ${"true"}  | ${false}
    ${"security"} | ${"the activity rule of a target"}             | ${WORK}     | ${ACTIVITY} | ${"true"}  | ${false}
    ${"activity"} | ${"a person in the role of the activity rule"} | ${WORK}     | ${ACTIVITY} | ${"false"} | ${false}
    ${"activity"} | ${"a rule in another role"}                    | ${WORK}     | ${"app"}    | ${"true"}  | ${false}
    ${"activity"} | ${"a rule outside of the organization"}        | ${STRANGER} | ${ACTIVITY} | ${"true"}  | ${false}
  `(
    "for $channel accepts events from $who: $allowed",
    async ({ channel, account, role, forwarded, allowed }) => {
      const resource = bus(channel as "activity" | "security");
      const asked = await putEvents(account as string, role as string, resource, forwarded as string);
      expect(asked.allowed).toBe(allowed);
    },
  );
});
