import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutPermissionCommand } from "@aws-sdk/client-eventbridge";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import { parse } from "yaml";
import type { AccountsMap } from "../../accounts/schema";
import type { Deployment } from "../../demo/deployment";
import {
  clientConfig,
  createInstanceRoles,
  createRole,
  listen,
  takeMessages,
  type Listener,
} from "../../demo/people";
import type { Delivery } from "../../emulator";
import { Clients } from "../../emulator/clients/clients";
import { arns, channelNames, names, placeOf } from "../../stacks/names";
import { Deployed } from "../helpers/deployed";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";
import { createEventRole } from "../helpers/event-roles";
import { runReport } from "../helpers/run-report";

// An account and its archive, deployed by the real Terraform and the real provider.
const ORGANIZATION_ID = "o-a1b2c3d4e5";
const ARCHIVE = "111111111111";
const WORK = "666666666666";
/** An account outside of the organization. */
const STRANGER = "999999999999";
const REGION = "eu-west-1";
const BUS = `arn:aws:events:${REGION}:${ARCHIVE}:event-bus/session-audit-acme-central`;
const topic = (account: string, name: string) =>
  `arn:aws:sns:${REGION}:${account}:session-audit-acme-${name}`;
const place = (id: string) =>
  placeOf({ name: "acme" }, { account: { name: "any", id, partition: "aws" }, region: REGION });
const KEYS = {
  target: { account: WORK, alias: names.keyAlias(place(WORK)) },
  archive: { account: ARCHIVE, alias: names.archiveKeyAlias(place(ARCHIVE)) },
  central: { account: ARCHIVE, alias: names.centralKeyAlias({ kind: "central", place: place(ARCHIVE) }) },
};
type Key = keyof typeof KEYS;

/** The role that makes reports. It is in another account than the central channel. */
const AUDITOR = `arn:aws:iam::${WORK}:role/auditor`;

let embedded: Embedded;
/** Path of the map, with reporters. */
let map: string;
let deployment: Deployment;
let deployed: Deployed;
let secondPlan: string[];
let clients: Readonly<Record<string, Clients>>;
/** A queue behind each security topic. */
let heard: Readonly<Record<"target" | "archive" | "central", Listener>>;

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

/** Replaces the policy of the bus by one statement that admits a principal. */
const admit = (Principal: object | string, Condition?: object) =>
  clients[ARCHIVE]!.events.send(
    new PutPermissionCommand({
      EventBusName: names.centralBus({ kind: "central", place: place(ARCHIVE) }),
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "MembersForwardFindings",
            Effect: "Allow",
            Principal,
            Action: "events:PutEvents",
            Resource: BUS,
            Condition,
          },
        ],
      }),
    }),
  );

beforeAll(async () => {
  embedded = await startEmbedded({
    organizationTrail: true,
    organization: { id: ORGANIZATION_ID, accounts: [ARCHIVE, WORK] },
    judgedRoles: ["auditor", "somebody"],
    recordManagementCalls: ({ eventName }) => /^(DisableKey|PutPermission)$/.test(eventName),
  });
  const { emulator } = embedded;
  map = join(embedded.directory, "map.json");
  const base = parse(
    readFileSync(join(ROOT, "__tests__", "fixtures", "central.yaml"), "utf8"),
  ) as AccountsMap;
  writeFileSync(map, JSON.stringify({ ...base, access: { ...base.access, reporters: [AUDITOR] } }));
  deployment = embedded.rehearse(map);
  deployed = new Deployed(deployment);
  clients = Object.fromEntries(
    await Promise.all(
      [ARCHIVE, WORK, STRANGER].map(
        async (id) => [id, new Clients(await clientConfig(emulator, id, REGION))] as const,
      ),
    ),
  );
  const work = deployment.organization.accounts.find(({ id }) => id === WORK)!;
  await createInstanceRoles(emulator, work);
  await createRole(clients[WORK]!.iam, "visitor", { AWS: arns.root(work) });
  await deployment.synthesize();
  await deployed.deploy();
  await emulator.settled();
  // Before the tests, because a plan also shows what they change by hand.
  secondPlan = (await deployment.changed(deployment.stacks)).map(({ output }) => output);
  const behind = (account: string, kind: "target" | "archive" | "central") =>
    listen(emulator, place(account), {
      topic: channelNames({ kind, place: place(account) }).topic,
      queue: `${kind}-listener`,
    });
  heard = {
    target: await behind(WORK, "target"),
    archive: await behind(ARCHIVE, "archive"),
    central: await behind(ARCHIVE, "central"),
  };
});
afterAll(() => embedded?.stop());

let since: number;
beforeEach(async () => {
  await deployed.deploy();
  for (const key of Object.keys(KEYS) as Key[]) await enable(key);
  await received();
  await deadLetters();
  since = embedded.emulator.deliveries.length;
});

/** The deliveries since the test began. */
async function deliveries(): Promise<readonly Delivery[]> {
  await embedded.emulator.settled();
  return embedded.emulator.deliveries.slice(since);
}
/** The messages that have reached the dead-letter queue of the target's channel since the last call. */
const deadLetters = () =>
  takeMessages(
    clients[WORK]!.sqs,
    `${embedded.emulator.endpoint}/${WORK}/session-audit-acme-security-dead-letters`,
  );
/** What has reached each topic's subscriber since the last call. */
const received = async () => {
  await embedded.emulator.settled();
  return {
    target: await heard.target.receive(),
    archive: await heard.archive.receive(),
    central: await heard.central.receive(),
  };
};
const refusedSession = () =>
  embedded.emulator.runSession({
    accountId: WORK,
    region: REGION,
    instanceId: "i-0123456789abcdef0",
    instanceRoleName: "app-server",
    operatorRoleName: "visitor",
    operatorSessionName: "mallory",
    commands: ["id"],
  });

it("a second plan has no changes", () => {
  expect(secondPlan).toEqual([]);
});

it("a finding is reported by the target and by the central channel, in the same words", async () => {
  expect((await refusedSession()).started).toBe(false);
  const { target, central } = await received();
  expect(target).toEqual([expect.objectContaining({ action: "StartSession", error: "AccessDenied" })]);
  expect(central).toEqual(target);
});

describe("after the key of the target was disabled", () => {
  beforeEach(() => disable("target"));

  it("the call that disabled it is reported by the central channel, and the target's own topic cannot", async () => {
    expect(await deliveries()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          eventName: "DisableKey",
          targetArn: topic(WORK, "security"),
          outcome: "dead-lettered",
          reason: expect.stringContaining("is disabled") as string,
        }),
      ]),
    );
    const { target, central } = await received();
    expect(target).toEqual([]);
    expect(central).toEqual([
      expect.objectContaining({
        action: "DisableKey",
        service: "kms.amazonaws.com",
        account: WORK,
        region: REGION,
        console: expect.stringMatching(/^https:\/\/eu-west-1\.console/) as string,
      }),
    ]);
  });

  it("refused sessions are reported by the central channel alone", async () => {
    await received();
    await refusedSession();
    const { target, central } = await received();
    expect(target).toEqual([]);
    expect(central).toEqual([expect.objectContaining({ action: "StartSession", account: WORK })]);
  });

  it("an alarm of the target is reported by the central channel alone", async () => {
    await received();
    const name = "session-audit-acme-security-undelivered";
    const told = await embedded.emulator.breachAlarm(WORK, REGION, name);
    expect(told.map(({ topicArn, outcome }) => [topicArn, outcome]).sort()).toEqual([
      [topic(WORK, "activity"), "refused"],
      [topic(WORK, "security"), "refused"],
    ]);
    expect(await received()).toEqual({
      target: [],
      archive: [],
      central: [
        expect.objectContaining({
          alarm: name,
          state: "ALARM",
          account: WORK,
          region: REGION,
          description: expect.stringContaining("could not be delivered") as string,
        }),
      ],
    });
  });

  it("what the central bus refuses still reaches the dead-letter queue of the target", async () => {
    deployed.spoil("archive-eu-west-1");
    await admit({ AWS: `arn:aws:iam::${STRANGER}:root` });
    await received();
    await deadLetters();
    await refusedSession();
    const kept = (await deadLetters()).map(({ MessageAttributes }) => [
      MessageAttributes!["TARGET_ARN"]!.StringValue,
      MessageAttributes!["ERROR_CODE"]!.StringValue,
    ]);
    expect(kept.sort()).toEqual([
      [BUS, "NO_PERMISSIONS"],
      [topic(WORK, "security"), "SDK_CLIENT_ERROR"],
    ]);
    expect((await received()).central).toEqual([]);
  });
});

it("disabling the archive's key is reported by the central channel, and not by the archive's own", async () => {
  await disable("archive");
  expect(await received()).toMatchObject({
    archive: [],
    central: [{ action: "DisableKey", account: ARCHIVE }],
  });
});

it("disabling the central key is reported by the archive's channel, and not by the central one", async () => {
  await disable("central");
  expect(await received()).toMatchObject({
    archive: [{ action: "DisableKey", account: ARCHIVE }],
    central: [],
  });
});

it("a failure of the central channel is reported by the archive's topic", async () => {
  await disable("central");
  await received();
  const told = await embedded.emulator.breachAlarm(
    ARCHIVE,
    REGION,
    "session-audit-acme-central-security-undelivered",
  );
  expect(told.map(({ topicArn, outcome }) => [topicArn, outcome]).sort()).toEqual([
    [topic(ARCHIVE, "archive-security"), "delivered"],
    [topic(ARCHIVE, "central-security"), "refused"],
  ]);
});

it("an alarm of the archive reaches the central channel", async () => {
  await disable("archive");
  await received();
  await embedded.emulator.breachAlarm(ARCHIVE, REGION, "session-audit-acme-archive-security-undelivered");
  expect(await received()).toMatchObject({
    archive: [],
    central: [{ alarm: "session-audit-acme-archive-security-undelivered", account: ARCHIVE }],
  });
});

it("a change of who may put events on the bus is reported by both channels of the archive account", async () => {
  deployed.spoil("archive-eu-west-1");
  await admit("*", { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION_ID } });
  const { archive, central } = await received();
  expect(archive).toEqual([expect.objectContaining({ action: "PutPermission", account: ARCHIVE })]);
  expect(central).toEqual(archive);
});

describe("the summary of a report, for the central topic in another account", () => {
  const publish = async (account: string, role: string) =>
    runReport(
      embedded,
      { map, caller: await embedded.emulator.credentials(account, role, "eve") },
      "--account",
      "work",
      "--no-trail",
      "--publish",
    );
  const CENTRAL = topic(ARCHIVE, "central-security");
  /** Whether a role may have SNS encrypt for the topic, with the policies as deployed. */
  const mayEncrypt = async (account: string, role: string) => {
    const { allowed } = await embedded.emulator.authorize({
      principal: `arn:aws:sts::${account}:assumed-role/${role}/eve`,
      accountId: ARCHIVE,
      action: "kms:GenerateDataKey",
      resource: `arn:aws:kms:${REGION}:${ARCHIVE}:key/${await keyId("central")}`,
      context: { "kms:ViaService": `sns.${REGION}.amazonaws.com` },
      encryptionContext: { "aws:sns:topicArn": CENTRAL },
    });
    return allowed;
  };

  beforeAll(async () => {
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["sns:Publish", "kms:GenerateDataKey", "kms:Decrypt", "sts:AssumeRole"],
          Resource: "*",
        },
      ],
    });
    for (const [account, role] of [
      [WORK, "auditor"],
      [WORK, "somebody"],
      [ARCHIVE, "auditor"],
    ] as const) {
      const { iam } = clients[account]!;
      await createRole(iam, role, { AWS: `arn:aws:iam::${account}:root` });
      await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "report", PolicyDocument }));
    }
  });

  it("is published by a role of the map's reporters, which may use the key of the topic", async () => {
    await heard.central.receiveTexts();
    const { status, stderr } = await publish(WORK, "auditor");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const [text, ...others] = await heard.central.receiveTexts();
    expect(others).toEqual([]);
    expect(text).toMatch(/^Sessions of acme from /);
    expect(text).toContain("Covered: all 1 targets.");
    expect(await mayEncrypt(WORK, "auditor")).toBe(true);
  });

  it("of any other role is refused, in AWS's words and with what to do, after the report", async () => {
    await heard.central.receiveTexts();
    const { status, stdout, stderr } = await publish(WORK, "somebody");
    expect(status).toBe(1);
    expect(stdout).toContain("Sessions of acme");
    expect(stderr).toContain(`--publish to ${CENTRAL}: `);
    expect(stderr).toMatch(/assumed-role\/somebody\/eve is not authorized to perform: sns:Publish/);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      "Publish with a role of access.reporters of the account log-archive",
    );
    expect(await heard.central.receiveTexts()).toEqual([]);
    expect(await mayEncrypt(WORK, "somebody")).toBe(false);
  });

  it("may be encrypted by no role of that name in the topic's own account", async () => {
    expect(await mayEncrypt(ARCHIVE, "auditor")).toBe(false);
  });
});

describe("the bus", () => {
  const FORWARDER = names.centralRole({ kind: "target", place: place(WORK) });
  const putEvents = (account: string, role: string, eventBusInvocation: string) =>
    embedded.emulator.authorize({
      principal: `arn:aws:iam::${account}:role/${role}`,
      accountId: ARCHIVE,
      action: "events:PutEvents",
      resource: BUS,
      context: { "events:eventBusInvocation": eventBusInvocation },
    });

  beforeAll(async () => {
    await deployed.deploy();
    await createEventRole(clients[STRANGER]!.iam, FORWARDER);
    await createEventRole(clients[WORK]!.iam, "app");
  });

  it.each`
    who                                        | account     | role         | forwarded  | allowed
    ${"a rule of the target, in its role"}     | ${WORK}     | ${FORWARDER} | ${"true"}  | ${true}
    ${"a person in that role, with PutEvents"} | ${WORK}     | ${FORWARDER} | ${"false"} | ${false}
    ${"a rule of the target, in another role"} | ${WORK}     | ${"app"}     | ${"true"}  | ${false}
    ${"a rule outside of the organization"}    | ${STRANGER} | ${FORWARDER} | ${"true"}  | ${false}
  `("accepts events from $who: $allowed", async ({ account, role, forwarded, allowed }) => {
    const asked = await putEvents(account as string, role as string, forwarded as string);
    expect(asked.allowed).toBe(allowed);
  });
});
