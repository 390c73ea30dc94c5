import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { clientConfig, createInstanceRoles, createRole } from "../../demo/people";
import { ROOT_CREDENTIALS } from "../../emulator/clients/identities";
import { readOrganization } from "../../stacks/read-organization";
import { exampleWith } from "../helpers/example";
import { Fleet, STATE_BUCKET, withS3State } from "../helpers/fleet";
import { PIPELINES, stateDocument, type StateRole } from "../helpers/state-policies";

// What Terraform calls on the bucket of the states. The embedded AWS judges each call of the two pipelines by the policies
// in docs/state-plan-role.json and docs/state-deploy-role.json, and by the bucket's policy.
const ACCOUNT = "123456789012";
const REGION = "eu-central-1";

/** One account in one region, and no notifications: what Terraform does with a state does not depend on the stacks. */
const MAP = withS3State(
  exampleWith((map) => {
    const { sandbox } = map.accounts;
    map.accounts = { sandbox: { ...sandbox!, wave: "canary", protect: false } };
    delete map.archive;
    map.transcripts = { readers: ["arn:aws:iam::222222222222:role/session-reviewer"] };
    map.notifications = { activity: { enabled: false }, security: { enabled: false } };
    delete map.accept;
  }),
);

let fleet: Fleet;
const inRegion = (region: string) => ({
  endpoint: fleet.emulator.endpoint,
  region,
  credentials: ROOT_CREDENTIALS,
});

/** Sets what a pipeline may do with the states. @param without an action that its policy leaves out */
async function setPolicy(role: StateRole, without?: string): Promise<void> {
  const { Statement, ...policy } = stateDocument(`state-${role}-role`);
  const statements = Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((action) => action !== without),
  })).filter(({ Action }) => Action.length > 0);
  await new IAMClient(await clientConfig(fleet.emulator, ACCOUNT, "us-east-1")).send(
    new PutRolePolicyCommand({
      RoleName: PIPELINES[role],
      PolicyName: "states",
      PolicyDocument: JSON.stringify({ ...policy, Statement: statements }),
    }),
  );
}

/** The credentials of a pipeline. */
async function credentialsOf(role: StateRole) {
  const { Credentials } = await new STSClient(inRegion(REGION)).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/${PIPELINES[role]}`,
      RoleSessionName: "pipeline",
    }),
  );
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
}

/** Runs a command as a pipeline, and returns the calls on the bucket that AWS has judged. */
async function run(role: StateRole, ...argv: string[]) {
  const { accessKeyId, secretAccessKey, sessionToken } = await credentialsOf(role);
  Object.assign(fleet.env, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  });
  const before = fleet.emulator.judgments.length;
  const outcome = await fleet.run(...argv);
  const judgments = fleet.emulator.judgments.slice(before);
  const calls = new Set(
    judgments.map(
      ({ action, resource }) => `${action} ${resource.replace(/\/[\w-]+\.tfstate/, "/*.tfstate")}`,
    ),
  );
  return { ...outcome, calls: [...calls].sort(), refused: judgments.filter(({ allowed }) => !allowed) };
}

beforeAll(async () => {
  fleet = await Fleet.start({ judgedRoles: Object.values(PIPELINES) });
  fleet.write(MAP);
  const iam = new IAMClient(await clientConfig(fleet.emulator, ACCOUNT, "us-east-1"));
  for (const role of ["plan", "deploy"] as const) {
    await createRole(iam, PIPELINES[role], { AWS: `arn:aws:iam::${ACCOUNT}:root` });
    await setPolicy(role);
  }
  // What docs/state-bucket.md asks for beside the policy, for a journal in this bucket.
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: PIPELINES.deploy,
      PolicyName: "journals",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:PutObject"],
            Resource: `arn:aws:s3:::${STATE_BUCKET}/journals/*`,
          },
        ],
      }),
    }),
  );
  for (const account of readOrganization(fleet.path("map.json")).accounts)
    await createInstanceRoles(fleet.emulator, account);
  await new S3Client({ ...inRegion(REGION), forcePathStyle: true }).send(
    new PutBucketPolicyCommand({
      Bucket: STATE_BUCKET,
      Policy: JSON.stringify(stateDocument("state-bucket-policy")),
    }),
  );
});
afterAll(() => fleet.stop());

const BUCKET = `arn:aws:s3:::${STATE_BUCKET}`;
const STATE = `${BUCKET}/session-audit/*.tfstate`;
const LOCK = `${STATE}.tflock`;

it("a first plan and a deployment are refused nothing, and call what their policies allow", async () => {
  const plan = await run("plan", "plan", "--out", "first");
  expect(plan).toMatchObject({ status: 2, refused: [] });
  const journal = `s3://${STATE_BUCKET}/journals/first`;
  const deploy = await run("deploy", "deploy", "first", "--no-converge-check", "--journal", journal);
  expect(deploy).toMatchObject({ status: 0, refused: [] });
  // S3 has no state yet: a plan reads that there is none.
  expect(plan.calls).toEqual([
    `s3:DeleteObject ${LOCK}`,
    `s3:GetObject ${STATE}`,
    `s3:GetObject ${LOCK}`,
    `s3:ListBucket ${BUCKET}`,
    `s3:PutObject ${LOCK}`,
  ]);
  const states = deploy.calls.filter((call) => !call.includes("/journals/"));
  expect(deploy.calls).toContain(`s3:PutObject ${BUCKET}/journals/first/000001.json`);
  expect(states).toEqual([
    `s3:DeleteObject ${LOCK}`,
    `s3:GetObject ${STATE}`,
    `s3:GetObject ${LOCK}`,
    `s3:ListBucket ${BUCKET}`,
    `s3:PutObject ${STATE}`,
    `s3:PutObject ${LOCK}`,
  ]);
});

it("a plan and a search for drift of what is deployed are refused nothing", async () => {
  expect(await run("plan", "plan", "--out", "again")).toMatchObject({ status: 0, refused: [] });
  expect(await run("plan", "drift")).toMatchObject({ status: 0, refused: [] });
});

it.each<[StateRole, string, string]>([
  ["deploy", "journals/first/000001.json", "PreconditionFailed"],
  ["deploy", "session-audit/account-sandbox.tfstate.tflock", "written"],
  ["plan", "session-audit/account-sandbox.tfstate.tflock", "written"],
])("%s cannot overwrite %s, and creates it only if its key is free", async (role, Key, conditional) => {
  const config = { ...inRegion(REGION), credentials: await credentialsOf(role), forcePathStyle: true };
  const put = (IfNoneMatch?: string) =>
    new S3Client(config)
      .send(new PutObjectCommand({ Bucket: STATE_BUCKET, Key, Body: "{}", IfNoneMatch }))
      .then(
        () => "written",
        (error: Error) => error.name,
      );
  try {
    expect([await put(), await put("*"), await put(), await put("*")]).toEqual([
      "AccessDenied",
      conditional,
      "AccessDenied",
      "PreconditionFailed",
    ]);
  } finally {
    await unlockAll();
  }
});

/** A plan that may not unlock leaves its lock. */
async function unlockAll(): Promise<void> {
  const s3 = new S3Client({ ...inRegion(REGION), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: STATE_BUCKET }));
  for (const { Key = "" } of Contents)
    if (Key.endsWith(".tflock")) await s3.send(new DeleteObjectCommand({ Bucket: STATE_BUCKET, Key }));
}

it.each(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])(
  "a plan fails if the policy of the role lacks %s",
  async (action) => {
    await setPolicy("plan", action);
    try {
      const out = `without-${action.slice("s3:".length)}`;
      const { status, refused } = await run("plan", "plan", "--out", out, "--lock-timeout", "1s");
      expect(status).toBe(1);
      expect(new Set(refused.map((judgment) => judgment.action))).toEqual(new Set([action]));
    } finally {
      await setPolicy("plan");
      await unlockAll();
    }
  },
);

it("a role that plans cannot deploy", async () => {
  fleet.write({ ...MAP, logs: { retentionDays: 731 } });
  expect(await run("plan", "plan", "--out", "changed")).toMatchObject({ status: 2 });
  const { status, refused } = await run("plan", "deploy", "changed", "--no-converge-check");
  expect(status).toBe(1);
  expect(refused.map(({ action, resource }) => [action, resource.endsWith(".tfstate")])).toContainEqual([
    "s3:PutObject",
    true,
  ]);
});

it("with a role for the states for each purpose, plans and drift assume the one, and a deployment the other", async () => {
  const arn = (role: StateRole) => `arn:aws:iam::${ACCOUNT}:role/${PIPELINES[role]}`;
  fleet.write({
    ...MAP,
    logs: { retentionDays: 1096 },
    deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" },
    state: { ...MAP.state, roleArn: arn("deploy"), planRoleArn: arn("plan") } as typeof MAP.state,
  });
  const { accessKeyId, secretAccessKey } = ROOT_CREDENTIALS;
  Object.assign(fleet.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  delete fleet.env["AWS_SESSION_TOKEN"];
  /** Runs a command. @returns its exit code, what was refused, and the roles that it has used for the states */
  const using = async (...argv: string[]) => {
    const before = fleet.emulator.judgments.length;
    const { status, stderr } = await fleet.run(...argv);
    const judgments = fleet.emulator.judgments.slice(before);
    const roles = judgments.filter(({ resource }) => resource.startsWith(BUCKET));
    return {
      status,
      stderr,
      refused: judgments.filter(({ allowed }) => !allowed),
      roles: [...new Set(roles.map(({ principal }) => principal))],
    };
  };
  expect(await using("plan", "--out", "by-roles")).toMatchObject({
    status: 2,
    refused: [],
    roles: [expect.stringContaining(PIPELINES.plan)],
  });
  expect(await using("deploy", "by-roles")).toMatchObject({
    status: 0,
    refused: [],
    roles: [expect.stringContaining(PIPELINES.deploy)],
  });
  expect(await using("drift")).toMatchObject({
    status: 0,
    refused: [],
    roles: [expect.stringContaining(PIPELINES.plan)],
  });
});
