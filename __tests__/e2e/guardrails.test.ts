import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfig, createInstanceRoles, createPerson } from "../../demo/people";
import { type Deployment, organizationOf } from "../../demo/deployment";
import { readOrganization } from "../../stacks/read-organization";
import { Deployed } from "../helpers/deployed";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

// The service control policies, deployed by the real Terraform: who may still do what.
const MAP = join(ROOT, "__tests__", "fixtures", "guardrails.yaml");
const ACCOUNT = "222222222222";
const REGION = "eu-central-1";
const PREFERENCES = `arn:aws:ssm:${REGION}:${ACCOUNT}:document/SSM-SessionManagerRunShell`;
const GUARDRAILS = "guardrails";
const UNRECORDED = "shell-without-a-record";

let embedded: Embedded;
let deployment: Deployment;
let deployed: Deployed;

/** Creates a role whose own policy allows every action, so that only a service control policy can refuse one. */
async function createAdministrator(RoleName: string): Promise<void> {
  const iam = new IAMClient(await clientConfig(embedded.emulator, ACCOUNT, "us-east-1"));
  const allow = (more: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: allow({
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: "sts:AssumeRole",
      }),
    }),
  );
  const PolicyDocument = allow({ Action: "*", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "everything", PolicyDocument }));
}

const judged = (
  role: string,
  action: string,
  resource: string,
  context: Record<string, string | readonly string[]> = {},
) =>
  embedded.emulator.authorize({
    principal: `arn:aws:iam::${ACCOUNT}:role/${role}`,
    accountId: ACCOUNT,
    action,
    resource,
    context,
  });
const changesPreferences = (role: string) => judged(role, "ssm:UpdateDocument", PREFERENCES);

const INSTANCE = `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0fedcba9876543210`;
/** Other ways into an instance, with the statement that refuses each. */
const OTHER_WAYS = [
  ["ssm:SendCommand", "RefuseOtherAccess", {}],
  ["ssm:StartAccessRequest", "RefuseOtherAccess", {}],
  ["ec2:ModifyInstanceAttribute", "RefuseUserData", { "ec2:Attribute": "UserData" }],
] as const;

const session = (operatorRoleName: string, documentName?: string) =>
  embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0fedcba9876543210",
    instanceRoleName: "app-server",
    operatorRoleName,
    operatorSessionName: "alice",
    commands: ["id"],
    documentName,
  });

beforeAll(async () => {
  const organization = readOrganization(MAP);
  embedded = await startEmbedded({ organizationTrail: false, organization: organizationOf(organization) });
  deployment = embedded.rehearse(MAP);
  const [account] = organization.accounts;
  await createInstanceRoles(embedded.emulator, account!);
  await deployment.synthesize();
  deployed = new Deployed(deployment);
  await deployed.deploy(deployment.stacks.map(({ id }) => id).filter((id) => id !== GUARDRAILS));
  await createPerson(embedded.emulator, organization, account!, "operator");
  await Promise.all(
    ["administrator", "session-audit-deploy", "break-glass", "patching"].map(createAdministrator),
  );
  const ssm = new SSMClient(await clientConfig(embedded.emulator, ACCOUNT, REGION));
  const Content = JSON.stringify({ schemaVersion: "1.0", sessionType: "Standard_Stream", inputs: {} });
  await ssm.send(
    new CreateDocumentCommand({ Name: UNRECORDED, DocumentType: "Session", DocumentFormat: "JSON", Content }),
  );
});
afterAll(() => embedded?.stop());

describe("without guardrails", () => {
  beforeAll(() => deployed.destroy(GUARDRAILS));

  it("an administrator changes the preferences", async () => {
    expect(await changesPreferences("administrator")).toMatchObject({ allowed: true });
  });

  it("an administrator opens a session without a record", async () => {
    expect(await session("administrator", UNRECORDED)).toMatchObject({ started: true });
  });

  it.each(OTHER_WAYS)("an administrator gets into a host by %s", async (action, _sid, context) => {
    expect(await judged("administrator", action, INSTANCE, context)).toMatchObject({ allowed: true });
  });
});

describe("with guardrails", () => {
  beforeAll(() => deployed.deploy());

  it("a second plan has no changes", async () => {
    const guardrails = deployment.stacks.filter(({ id }) => id === GUARDRAILS);
    expect((await deployment.changed(guardrails)).map(({ output }) => output)).toEqual([]);
  });

  it("an administrator cannot change the preferences, because of the deployed policy", async () => {
    const { allowed, reason } = await changesPreferences("administrator");
    expect(allowed).toBe(false);
    expect(reason).toContain("KeepPreferences");
  });

  it.each(["session-audit-deploy", "break-glass"])("%s may still change the preferences", async (role) => {
    expect(await changesPreferences(role)).toMatchObject({ allowed: true });
  });

  it.each(OTHER_WAYS)(
    "an administrator is refused %s, because of the deployed policy, and the role for patching is not",
    async (action, sid, context) => {
      const { allowed, reason } = await judged("administrator", action, INSTANCE, context);
      expect(allowed).toBe(false);
      expect(reason).toContain(sid);
      expect(await judged("patching", action, INSTANCE, context)).toMatchObject({ allowed: true });
    },
  );

  it.each([
    ["iam:PutRolePermissionsBoundary", `arn:aws:iam::${ACCOUNT}:role/app-server`, "KeepInstanceBoundaries"],
    ["iam:PutRolePolicy", `arn:aws:iam::${ACCOUNT}:role/app-server`, "KeepInstanceRoles"],
    ["iam:UpdateAssumeRolePolicy", `arn:aws:iam::${ACCOUNT}:role/patching`, "KeepRoles"],
    ["events:UpdateEventBus", `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`, "KeepNotifications"],
  ])("an administrator is refused %s on %s by %s", async (action, resource, sid) => {
    const { allowed, reason } = await judged("administrator", action, resource);
    expect(allowed).toBe(false);
    expect(reason).toContain(sid);
  });

  it("an administrator is refused a created topic as the target of a rule of their own, and not another topic", async () => {
    const put = (topic: string) =>
      judged("administrator", "events:PutTargets", `arn:aws:events:${REGION}:${ACCOUNT}:rule/mallory`, {
        "events:TargetArn": [`arn:aws:sns:${REGION}:${ACCOUNT}:${topic}`],
      });
    const { allowed, reason } = await put("session-audit-acme-security");
    expect(allowed).toBe(false);
    expect(reason).toContain("KeepTopicsFromRules");
    expect(await put("theirs")).toMatchObject({ allowed: true });
  });

  it.each(["session-audit-deploy", "break-glass"])(
    "%s may still change a role of instances",
    async (role) => {
      const change = await judged(role, "iam:PutRolePolicy", `arn:aws:iam::${ACCOUNT}:role/app-server`);
      expect(change).toMatchObject({ allowed: true });
    },
  );

  it("an administrator is refused a session without a record", async () => {
    const { started, refusal } = await session("administrator", UNRECORDED);
    expect(started).toBe(false);
    expect(refusal).toContain("RefuseUnrecordedSessions");
  });

  it("the break-glass role opens a session without a record", async () => {
    expect(await session("break-glass", UNRECORDED)).toMatchObject({ started: true });
  });

  it.each(["SSM-SessionManagerRunShell", undefined])(
    "an operator opens a session with the document %s, and it is recorded",
    async (document) => {
      const record = await session("operator", document);
      expect(record).toMatchObject({ started: true, warnings: [], logStream: record.sessionId });
    },
  );

  it("only the management account may change guardrails", async () => {
    const { emulator } = embedded;
    const call = async (accountId: string) => {
      const { accessKeyId } = await emulator.credentials(accountId);
      const scope = `Credential=${accessKeyId}/20260101/us-east-1/organizations/aws4_request`;
      const response = await fetch(emulator.endpoint, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AWSOrganizationsV20161128.DetachPolicy",
          authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
        },
        body: JSON.stringify({ PolicyId: "p-00000001", TargetId: "ou-ab12-1a2b3c4d" }),
      });
      return response.text();
    };
    expect(await call(ACCOUNT)).toContain("AccessDeniedException");
    expect(await changesPreferences("administrator")).toMatchObject({ allowed: false });
  });
});

describe("after the guardrails have been destroyed", () => {
  beforeAll(async () => {
    await deployed.deploy();
    await deployed.destroy(GUARDRAILS);
  });

  it("an administrator can change the preferences again", async () => {
    expect(await changesPreferences("administrator")).toMatchObject({ allowed: true });
  });
});
