import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteSubscriptionFilterCommand,
  GetDataProtectionPolicyCommand,
  PutDataProtectionPolicyCommand,
  PutDestinationCommand,
  PutDestinationPolicyCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { SessionRecord } from "../../emulator";
import { clientConfig, createInstanceRoles, createPerson } from "../../demo/people";
import { readLogStream } from "../../demo/evidence";
import type { Deployment } from "../../demo/deployment";
import { placeOf } from "../../stacks/names";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

/** Session logs that are masked and sent on to another account, by a subscription in the organization's name. */
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
/** What the subscription has sent on of the session. */
let sent: Embedded["emulator"]["logDeliveries"];

const clientOf = async (account: string) =>
  new CloudWatchLogsClient(await clientConfig(embedded.emulator, account, REGION));

/** Whom the destination admits, as its owner says. */
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
  embedded = await startEmbedded({ organizationTrail: false, organizationId: "o-a1b2c3d4e5" });
  deployment = embedded.rehearse(MAP);
  logs = await clientOf(ACCOUNT);
  await admit("siem", ofOrganization("o-a1b2c3d4e5"));
  await createInstanceRoles(embedded.emulator, deployment.organization.accounts[0]!);
  await deployment.synthesize();
});
afterAll(() => embedded?.stop());

let isDeployed = false;
/** Everything is deployed and a session has been held, unless it is so already. */
beforeEach(async () => {
  if (isDeployed) return;
  await deployment.apply(deployment.stacks);
  const account = deployment.organization.accounts[0]!;
  await createPerson(embedded.emulator, deployment.organization, account, "operator");
  await createPerson(embedded.emulator, deployment.organization, account, "reviewer", "session-reviewer");
  await createPerson(embedded.emulator, deployment.organization, account, "reviewer", "another-reviewer");
  const before = embedded.emulator.logDeliveries.length;
  record = await embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0fedcba9876543210",
    instanceRoleName: "app-server",
    operatorRoleName: "operator",
    operatorSessionName: "carol",
    commands: [
      ["cat .aws/credentials", `aws_secret_access_key = ${SECRET}`],
      ["cat secret", "tok_abcd1234"],
      "uptime",
    ],
  });
  sent = embedded.emulator.logDeliveries.slice(before);
  isDeployed = true;
});

it("has nothing to change in a second plan", async () => {
  expect((await deployment.changed(deployment.stacks)).map(({ output }) => output)).toEqual([]);
});

it("records the session", () => {
  expect(record).toMatchObject({ started: true, warnings: [], logStream: record.sessionId });
});

it("shows a reviewer asterisks for what was secret, and all the rest", async () => {
  expect(await read("another-reviewer")).toEqual([
    "sh-5.2$ cat .aws/credentials",
    `aws_secret_access_key = ${"*".repeat(40)}`,
    "sh-5.2$ cat secret",
    "*".repeat(12),
    "sh-5.2$ uptime",
  ]);
});

it("shows the secret to a reviewer who may see it, and asks for it", async () => {
  expect(await read("session-reviewer")).not.toContain(`aws_secret_access_key = ${SECRET}`);
  expect(await read("session-reviewer", true)).toEqual(
    expect.arrayContaining([`aws_secret_access_key = ${SECRET}`, "tok_abcd1234"]),
  );
});

it("refuses the secret to a reviewer who may not see it, however they ask", async () => {
  await expect(read("another-reviewer", true)).rejects.toThrow("logs:Unmask");
});

it("sends on what the pattern lets through, masked", () => {
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
    ["in a role that may not, to another destination", { ...to("strangers"), roleArn: role }, "AccessDenied"],
    ["to a destination that is not there", { ...to("nowhere"), roleArn: role }, "ResourceNotFound"],
    [
      "across regions",
      { destinationArn: DESTINATION.replace(REGION, "us-east-1"), roleArn: role },
      "InvalidParameter",
    ],
    [
      "in a role that CloudWatch Logs may not take",
      { roleArn: `arn:aws:iam::${ACCOUNT}:role/app-server` },
      "AccessDenied",
    ],
    [
      "to a stream that the role may not write to",
      { destinationArn: `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/siem`, roleArn: role },
      "AccessDenied",
    ],
    ["of an infrequently accessed group", { logGroupName: "/infrequent", roleArn: role }, "InvalidOperation"],
    ["of a group that is not there", { logGroupName: "/none", roleArn: role }, "ResourceNotFound"],
  ])("refuses a subscription %s", async (_, more, error) => {
    await expect(subscribe(more)).rejects.toMatchObject({ name: expect.stringContaining(error) as string });
  });

  it("takes two subscriptions of a log group, and no third", async () => {
    await subscribe({ ...to("by-account") });
    try {
      await expect(subscribe({ filterName: "third", ...to("by-account") })).rejects.toThrow("limit exceeded");
    } finally {
      await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: GROUP, filterName: "another" }));
    }
  });

  it("refuses masking of an infrequently accessed group", async () => {
    const { policyDocument } = await logs.send(
      new GetDataProtectionPolicyCommand({ logGroupIdentifier: GROUP }),
    );
    const put = new PutDataProtectionPolicyCommand({ logGroupIdentifier: "/infrequent", policyDocument });
    await expect(logs.send(put)).rejects.toThrow("Infrequent Access");
  });
});

it("is torn down", async () => {
  isDeployed = false;
  await deployment.destroy("session-solo-eu-west-1");
  await deployment.destroy("account-solo");
  await expect(read("session-reviewer")).rejects.toThrow();
});
