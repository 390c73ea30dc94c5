import { join } from "node:path";
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import { COMMANDS } from "../../demo/operators";
import { runDemo, type DemoOutcome } from "../../demo/run";
import { organizationOf, type Deployment } from "../../demo/deployment";
import { isTampering, listenForFindings, OWN_DOCUMENT } from "../../demo/findings";
import { clientConfig } from "../../demo/people";
import { readOrganization } from "../../stacks/read-organization";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

// The example organization, deployed by the demo: real Terraform, real provider, embedded AWS.
const EXAMPLE = join(ROOT, "__tests__", "fixtures", "example-map.ts");
const STOREFRONT = "333333333333";
/** A call that changes a role. */
const ON_ROLES = /^PutRolePolicy$/;
let embedded: Embedded;
let deployment: Deployment;
let outcome: DemoOutcome;

beforeAll(async () => {
  embedded = await startEmbedded({
    // The map lets storefront create its own trail. Without it, storefront would have no notifications.
    organizationTrail: (id) => id !== STOREFRONT,
    recordManagementCalls: (call) => isTampering(call) || ON_ROLES.test(call.eventName),
    organization: organizationOf(readOrganization(EXAMPLE)),
  });
  deployment = embedded.rehearse(EXAMPLE);
  await deployment.synthesize();
  outcome = await runDemo({ deployment, emulator: embedded.emulator });
});
afterAll(() => embedded?.stop());

const everySession = (check: (session: DemoOutcome["evidence"][number]) => void) =>
  outcome.evidence.forEach(check);

it("runs a session in every workload account and region", () => {
  expect(outcome.evidence.map(({ wave, account, region }) => `${wave} ${account} ${region}`)).toEqual([
    "canary sandbox eu-central-1",
    "early storefront us-east-1",
    "rest payments eu-central-1",
    "rest payments us-east-1",
  ]);
});

it("leaves each transcript in the archive of its region, below its own account", () => {
  const ids = { sandbox: "222222222222", storefront: "333333333333", payments: "444444444444" };
  everySession(({ transcript, account, region, sessionId }) => {
    const id = ids[account as keyof typeof ids];
    expect(transcript!.place).toBe(
      `s3://session-audit-acme-111111111111-${region}/sessions/${id}/${region}/${sessionId}.log`,
    );
  });
});

it("allows the reviewer that the map names to read what was typed, in S3 and in CloudWatch Logs", () => {
  everySession(({ transcript, logStream }) => {
    for (const line of COMMANDS.flat()) {
      expect(transcript!.text).toContain(line);
      expect(logStream!.lines.join("\n")).toContain(line);
    }
  });
});

it("notifies the subscriber of each session's start and end", () => {
  everySession(({ notifications, sessionId }) => {
    expect(notifications.map(({ action }) => action)).toEqual(["StartSession", "TerminateSession"]);
    expect(new Set(notifications.map(({ session }) => session))).toEqual(new Set([sessionId]));
    expect(notifications[0]).toMatchObject({
      instance: "i-0123456789abcdef0",
      reason: "INC-1234 restart after deploy",
    });
  });
});

it("reports a refused session and changed preferences in the security channel", () => {
  expect(outcome.findings).toMatchObject([
    {
      account: "payments",
      region: "us-east-1",
      message: {
        action: "StartSession",
        who: "arn:aws:sts::444444444444:assumed-role/operator/bob",
        document: OWN_DOCUMENT,
        error: "AccessDenied",
        explanation: expect.stringContaining("is not authorized to perform: ssm:StartSession"),
      },
    },
    {
      message: {
        action: "UpdateDocument",
        who: "arn:aws:sts::444444444444:assumed-role/Administrator/mallory",
        service: "ssm.amazonaws.com",
        account: "444444444444",
      },
    },
  ]);
});

it("ends a session that leaves no record where the map has a guard, and reports who opened it", () => {
  expect(outcome.ended).toMatchObject([
    {
      account: "storefront",
      region: "us-east-1",
      message: {
        action: "SessionEnded",
        who: "arn:aws:sts::333333333333:assumed-role/contractor/mallory",
        document: "AWS-StartInteractiveCommand",
        account: "333333333333",
      },
    },
  ]);
});

describe("a change of a role that records", () => {
  const SANDBOX = "222222222222";
  const FORWARDING = "session-audit-acme-account-events";

  it("is reported in the region of the account's only target, although AWS reports it in another one", async () => {
    const { emulator } = embedded;
    const organization = readOrganization(EXAMPLE);
    const target = organization.targets.find(({ account }) => account.id === SANDBOX)!;
    const listener = await listenForFindings(emulator, organization, target, "role-listener");
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Action: "logs:PutLogEvents", Resource: "*" }],
    });
    const iam = new IAMClient({
      ...(await clientConfig(emulator, SANDBOX, "us-east-1")),
      credentials: await emulator.credentials(SANDBOX, "Administrator", "mallory"),
    });
    const denial = { RoleName: "app-server", PolicyName: "deny" };
    await iam.send(new PutRolePolicyCommand({ ...denial, PolicyDocument }));
    await emulator.settled();
    const told = await listener.receive();
    await iam.send(new DeleteRolePolicyCommand(denial));
    expect(told).toMatchObject([
      {
        action: "PutRolePolicy",
        service: "iam.amazonaws.com",
        who: `arn:aws:sts::${SANDBOX}:assumed-role/Administrator/mallory`,
        account: SANDBOX,
        region: "us-east-1",
      },
    ]);
    const delivered = emulator.deliveries.filter(
      ({ eventName, outcome }) => eventName === "PutRolePolicy" && outcome === "delivered",
    );
    const central = "arn:aws:events:eu-central-1:111111111111:event-bus/session-audit-acme-central";
    const toCentral = delivered.filter(({ targetArn }) => targetArn === central);
    expect(new Set(toCentral.map(({ region, rule }) => `${region} ${rule}`))).toEqual(
      new Set([`us-east-1 ${FORWARDING}`]),
    );
    const route = delivered.map(({ region, rule }) => [region, rule]);
    // The rule in the global region forwards to both: EventBridge does not forward an event a second time.
    expect(new Set(route.map((hop) => hop.join(" ")))).toEqual(
      new Set([
        `us-east-1 ${FORWARDING}`,
        "eu-central-1 session-audit-acme-security-account",
        "eu-central-1 session-audit-acme-central-security-tampering",
      ]),
    );
  });
});

it("has no changes in a second plan of any stack", () => {
  expect(outcome.changed.map(({ stack, output }) => `${stack.id}\n${output}`)).toEqual([]);
});

it("refuses to destroy protected resources, and they still exist", async () => {
  const refusal = /Instance cannot be destroyed/;
  await expect(deployment.planDestroy("session-payments-eu-central-1")).rejects.toThrow(refusal);
  await expect(deployment.planDestroy("archive-eu-central-1")).rejects.toThrow(refusal);
  const ssm = new SSMClient({
    endpoint: embedded.emulator.endpoint,
    region: "eu-central-1",
    credentials: await embedded.emulator.credentials("444444444444"),
  });
  const { Content } = await ssm.send(new GetDocumentCommand({ Name: "SSM-SessionManagerRunShell" }));
  expect(Content).toContain("session-audit-acme-111111111111-eu-central-1");
});
