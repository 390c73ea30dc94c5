import { join } from "node:path";
import { GetDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import { COMMANDS } from "../../demo/operators";
import { runDemo, type DemoOutcome } from "../../demo/run";
import { organizationOf, type Deployment } from "../../demo/deployment";
import { isTampering, OWN_DOCUMENT } from "../../demo/findings";
import { readOrganization } from "../../stacks/read-organization";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

// The example organization, deployed by the demo: real Terraform, real provider, embedded AWS.
const EXAMPLE = join(ROOT, "__tests__", "fixtures", "example-map.ts");
const STOREFRONT = "333333333333";
let embedded: Embedded;
let deployment: Deployment;
let outcome: DemoOutcome;

beforeAll(async () => {
  embedded = await startEmbedded({
    // The map lets storefront create its own trail. Without it, storefront would have no notifications.
    organizationTrail: (id) => id !== STOREFRONT,
    recordManagementCalls: isTampering,
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
    expect(transcript).toBe(
      `s3://session-audit-acme-111111111111-${region}/sessions/${id}/${region}/${sessionId}.log`,
    );
  });
});

it("allows the reviewer that the map names to read what was typed, in S3 and in CloudWatch Logs", () => {
  everySession(({ transcriptText, logLines }) => {
    for (const line of COMMANDS.flat()) {
      expect(transcriptText).toContain(line);
      expect(logLines.join("\n")).toContain(line);
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
