import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteSubscriptionFilterCommand,
  DescribeLogGroupsCommand,
  GetDataProtectionPolicyCommand,
  GetLogEventsCommand,
  PutDataProtectionPolicyCommand,
  PutDestinationCommand,
  PutDestinationPolicyCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { SessionRecord } from "../../emulator";
import { clientConfig, createInstanceRoles, createPerson, tagRunAs } from "../../demo/people";
import { readLogStream } from "../../demo/evidence";
import type { Deployment } from "../../demo/deployment";
import { placeOf } from "../../stacks/names";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

// Session logs that are masked, and sent to another account whose destination admits the organization.
const MAP = join(ROOT, "__tests__", "fixtures", "logs.yaml");
const ACCOUNT = "555555555555";
const SIEM = "999999999999";
const REGION = "eu-west-1";
const GROUP = "/session-audit/logs/sessions";
const DESTINATION = `arn:aws:logs:${REGION}:${SIEM}:destination:siem`;
const SECRET = "wJalrXUtnFEMIaK7MDENGabPxRfiCYEXAMPLEKEY";

let embedded: Embedded;
let deployment: Deployment;
let logs: CloudWatchLogsClient;
let record: SessionRecord;
let untagged: SessionRecord;
/** The log events of the session that the subscription has sent on. */
let sent: Embedded["emulator"]["logDeliveries"];

const clientOf = async (account: string) =>
  new CloudWatchLogsClient(await clientConfig(embedded.emulator, account, REGION));

/** Creates a destination whose access policy admits `AWS` under the condition. */
async function admit(destinationName: string, Condition: object, AWS = "*"): Promise<void> {
  const siem = await clientOf(SIEM);
  const targetArn = `arn:aws:kinesis:${REGION}:${SIEM}:stream/siem`;
  const roleArn = `arn:aws:iam::${SIEM}:role/from-cloudwatch-logs`;
  await siem.send(new PutDestinationCommand({ destinationName, targetArn, roleArn }));
  const Resource = DESTINATION.replace(/siem$/, destinationName);
  const Statement = [
    { Effect: "Allow", Principal: { AWS }, Action: "logs:PutSubscriptionFilter", Resource, Condition },
  ];
  const accessPolicy = JSON.stringify({ Version: "2012-10-17", Statement });
  await siem.send(new PutDestinationPolicyCommand({ destinationName, accessPolicy }));
}
const ofOrganization = (id: string) => ({ StringEquals: { "aws:PrincipalOrgID": id } });

const read = (role: string, unmask?: boolean) =>
  readLogStream(
    embedded.emulator,
    { accountId: ACCOUNT, role },
    {
      place: placeOf(deployment.organization, deployment.organization.targets[0]!),
      group: GROUP,
      stream: record.sessionId,
      unmask,
    },
  );

beforeAll(async () => {
  embedded = await startEmbedded({
    organizationTrail: false,
    organization: { id: "o-a1b2c3d4e5", accounts: [ACCOUNT] },
  });
  deployment = embedded.rehearse(MAP);
  logs = await clientOf(ACCOUNT);
  await admit("siem", ofOrganization("o-a1b2c3d4e5"));
  await createInstanceRoles(embedded.emulator, deployment.organization.accounts[0]!);
  await deployment.synthesize();
});
afterAll(() => embedded?.stop());

let isDeployed = false;
/** Deploys the stacks and runs a session, unless an earlier test has done so. */
beforeEach(async () => {
  if (isDeployed) return;
  await deployment.apply(deployment.stacks);
  const account = deployment.organization.accounts[0]!;
  await createPerson(embedded.emulator, deployment.organization, account, "operator");
  await createPerson(embedded.emulator, deployment.organization, account, "reviewer", "session-reviewer");
  await createPerson(embedded.emulator, deployment.organization, account, "reviewer", "another-reviewer");
  await createPerson(embedded.emulator, deployment.organization, account, "operator", "untagged");
  await tagRunAs(embedded.emulator, account, "operator", "carol");
  const before = embedded.emulator.logDeliveries.length;
  const request = {
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0fedcba9876543210",
    instanceRoleName: "app-server",
    users: ["carol"],
    operatorRoleName: "operator",
    operatorSessionName: "carol",
    commands: [
      ["cat .aws/credentials", `aws_secret_access_key = ${SECRET}`] as const,
      ["cat secret", "tok_abcd1234"] as const,
      "uptime",
    ],
  };
  record = await embedded.emulator.runSession(request);
  untagged = await embedded.emulator.runSession({ ...request, operatorRoleName: "untagged" });
  sent = embedded.emulator.logDeliveries.slice(before);
  isDeployed = true;
});

it("a second plan has no changes", async () => {
  expect((await deployment.changed(deployment.stacks)).map(({ output }) => output)).toEqual([]);
});

it("keeps the session logs forever: the log group has no retention", async () => {
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: GROUP }));
  expect(logGroups!.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])).toEqual([
    [GROUP, undefined],
  ]);
});

it("records the session", () => {
  expect(record).toMatchObject({ started: true, warnings: [], logStream: record.sessionId });
});

it("runs the session as the user that the tag of the operator's role names", async () => {
  const stream = { logGroupName: GROUP, logStreamName: record.sessionId };
  const { events = [] } = await logs.send(new GetLogEventsCommand(stream));
  expect(JSON.parse(events[0]!.message!)).toMatchObject({ runAsUser: "carol" });
});

it("refuses a session of an operator whose role has no such tag", () => {
  expect(untagged).toMatchObject({ started: false, refusal: expect.stringContaining("RunAs default user") });
});

it("shows a reviewer asterisks instead of secrets, and everything else", async () => {
  expect(await read("another-reviewer")).toEqual([
    "sh-5.2$ cat .aws/credentials",
    `aws_secret_access_key = ${"*".repeat(40)}`,
    "sh-5.2$ cat secret",
    "*".repeat(12),
    "sh-5.2$ uptime",
  ]);
});

it("shows the secret to a reviewer who may unmask and asks to", async () => {
  expect(await read("session-reviewer")).not.toContain(`aws_secret_access_key = ${SECRET}`);
  expect(await read("session-reviewer", true)).toEqual(
    expect.arrayContaining([`aws_secret_access_key = ${SECRET}`, "tok_abcd1234"]),
  );
});

it("refuses to unmask for a reviewer who may not", async () => {
  await expect(read("another-reviewer", true)).rejects.toThrow("logs:Unmask");
});

it("sends on events that match the pattern, masked", () => {
  expect(sent.map(({ destinationArn, owner, logGroup }) => [destinationArn, owner, logGroup])).toEqual([
    [DESTINATION, ACCOUNT, GROUP],
  ]);
  const lines = sent[0]!.messages.map(
    (message) => (JSON.parse(message) as { sessionData: string[] }).sessionData[0],
  );
  expect(lines).toEqual([`aws_secret_access_key = ${"*".repeat(40)}`, "sh-5.2$ cat secret"]);
});

describe("CloudWatch Logs of the embedded AWS", () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/session-audit-logs-subscription`;
  const subscribe = (more: object) =>
    logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName: GROUP,
        filterName: "another",
        filterPattern: "",
        destinationArn: DESTINATION,
        ...more,
      }),
    );
  const to = (name: string) => ({ destinationArn: DESTINATION.replace(/siem$/, name) });

  beforeAll(async () => {
    await admit("strangers", ofOrganization("o-zzzzzzzzzz"));
    await admit("by-account", {}, ACCOUNT);
    await logs.send(
      new CreateLogGroupCommand({ logGroupName: "/infrequent", logGroupClass: "INFREQUENT_ACCESS" }),
    );
  });

  it.each<[string, object, string]>([
    ["without a role, to a destination that admits the organization", {}, "AccessDenied"],
    [
      "with a role whose policy does not allow it, to another destination",
      { ...to("strangers"), roleArn: role },
      "AccessDenied",
    ],
    ["to a destination that does not exist", { ...to("nowhere"), roleArn: role }, "ResourceNotFound"],
    [
      "across regions",
      { destinationArn: DESTINATION.replace(REGION, "us-east-1"), roleArn: role },
      "InvalidParameter",
    ],
    [
      "with a role that CloudWatch Logs may not assume",
      { roleArn: `arn:aws:iam::${ACCOUNT}:role/app-server` },
      "AccessDenied",
    ],
    [
      "to a stream that the role may not write to",
      { destinationArn: `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/siem`, roleArn: role },
      "AccessDenied",
    ],
    [
      "of a log group of the class Infrequent Access",
      { logGroupName: "/infrequent", roleArn: role },
      "InvalidOperation",
    ],
    ["of a log group that does not exist", { logGroupName: "/none", roleArn: role }, "ResourceNotFound"],
  ])("refuses a subscription %s", async (_, more, error) => {
    await expect(subscribe(more)).rejects.toMatchObject({ name: expect.stringContaining(error) as string });
  });

  it("accepts two subscription filters of a log group, and no third", async () => {
    await subscribe({ ...to("by-account") });
    try {
      await expect(subscribe({ filterName: "third", ...to("by-account") })).rejects.toThrow("limit exceeded");
    } finally {
      await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: GROUP, filterName: "another" }));
    }
  });

  it("refuses to mask a log group of the class Infrequent Access", async () => {
    const { policyDocument } = await logs.send(
      new GetDataProtectionPolicyCommand({ logGroupIdentifier: GROUP }),
    );
    const put = new PutDataProtectionPolicyCommand({ logGroupIdentifier: "/infrequent", policyDocument });
    await expect(logs.send(put)).rejects.toThrow("Infrequent Access");
  });
});

it("all of it can be destroyed", async () => {
  isDeployed = false;
  await deployment.destroy("session-solo-eu-west-1");
  await deployment.destroy("account-solo");
  await expect(read("session-reviewer")).rejects.toThrow();
});
