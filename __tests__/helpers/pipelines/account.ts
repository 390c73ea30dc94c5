import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { AccountsMap } from "../../../accounts/schema";
import { clientConfig, createRole } from "../../../demo/people";
import { createSurroundings } from "../../../demo/surroundings";
import { simulate } from "../../../emulator/iam/policy-simulator";
import type { OrganizationDirectory } from "../../../emulator/organizations/directory";
import { bootstrap, PIPELINE_ROLES } from "../../../fleet/bootstrap/templates";
import type { Pipeline, Purpose } from "../../../fleet/bootstrap/trust";
import { checkMap } from "../../../stacks/read-organization";
import { makeRoles, rolesOf, type MadeRole } from "../cloudformation";
import { Fleet, withS3State } from "../fleet";

/** The account of the dummy credentials, which owns the bucket of the states. */
export const PIPELINE_ACCOUNT = "123456789012";
export const REGION = "eu-central-1";
export const PLANS_BUCKET = `session-audit-plans-${PIPELINE_ACCOUNT}`;
export const WAVES = ["canary", "early", "rest"];
const DUMMY = { accessKeyId: "AKIAEMULATOR", secretAccessKey: "emulator" };

/** The management account of the organization, and the role with which the pipeline lists the organization. */
const MANAGEMENT = "999999999999";
export const SYNC_ROLE = `arn:aws:iam::${MANAGEMENT}:role/organization-reader`;
/** Where the pipeline keeps its reports. */
export const REPORTS_BUCKET = "acme-reports";

/**
 * Two accounts in two of the three waves. Their sessions go to log groups alone, so that their stacks are small. One has a
 * security channel, on which reports are published.
 */
export const PIPELINE_MAP: AccountsMap = withS3State({
  organization: { name: "acme", id: "o-a1b2c3d4e5" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" },
  waves: ["canary", "early", { name: "rest", approve: true }],
  trail: "existing",
  transcripts: { bucket: "none" },
  preferences: { enforce: { s3: false } },
  access: { reporters: [`arn:aws:iam::${PIPELINE_ACCOUNT}:role/${PIPELINE_ROLES.report}`] },
  notifications: { activity: { enabled: false }, security: { enabled: false } },
  protect: false,
  sync: { homeRegion: REGION, regions: [REGION], exclude: [MANAGEMENT] },
  accounts: {
    sandbox: {
      id: "222222222222",
      homeRegion: REGION,
      regions: [REGION],
      wave: "canary",
      notifications: { security: { enabled: true, accountChanges: false } },
    },
    payments: { id: "444444444444", homeRegion: REGION, regions: [REGION], wave: "rest" },
  },
});

/** An embedded AWS on which the templates of `session-audit bootstrap` are deployed for a pipeline. */
export interface PipelineAccount {
  readonly fleet: Fleet;
  /** A client with all rights in the account of the pipeline. */
  readonly s3: S3Client;
  readonly roleArn: (purpose: Purpose) => string;
  /** The environment of a job that has no credentials. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Exchanges a token for credentials of a role. Tokens are not emulated: the trust policy of the template decides.
   * @throws Error if the role does not admit the subject
   */
  readonly exchange: (role: string, subject: string) => Promise<NodeJS.ProcessEnv>;
  /** Credentials of a role, without a token. */
  readonly assume: (role: string) => Promise<NodeJS.ProcessEnv>;
  /** The accounts that AWS Organizations lists. Tests change it. */
  readonly directory: OrganizationDirectory;
  /** What the embedded AWS has refused to the roles: who, action and resource. */
  readonly refused: () => string[];
}

/** Starts it. Every call of the roles is judged by the policies of the templates. */
export async function startPipelineAccount(
  pipeline: Pipeline,
  map: AccountsMap = PIPELINE_MAP,
): Promise<PipelineAccount> {
  const organization = checkMap(map, "map");
  const ids = organization.accounts.map(({ id }) => id);
  const directory: OrganizationDirectory = {
    root: "r-ab12",
    units: [],
    accounts: [MANAGEMENT, ...ids].map((id) => ({
      id,
      state: "ACTIVE",
      parent: "r-ab12",
      name: organization.accounts.find((account) => account.id === id)?.name ?? "management",
    })),
  };
  const fleet = await Fleet.start({
    organization: {
      id: organization.id!,
      accounts: [PIPELINE_ACCOUNT, ...ids],
      managementAccount: MANAGEMENT,
    },
    organizationDirectory: directory,
    judgedRoles: ["session-audit-plan", "session-audit-deploy", ...Object.values(PIPELINE_ROLES)],
  });
  const { emulator } = fleet;
  const config = { endpoint: emulator.endpoint, region: REGION, credentials: DUMMY };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: PLANS_BUCKET,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
  const templates = bootstrap({ organization, pipeline, pipelineAccount: PIPELINE_ACCOUNT });
  const { PolicyDocument } = templates.pipeline.Resources["PlansBucketPolicy"]!.Properties;
  await s3.send(new PutBucketPolicyCommand({ Bucket: PLANS_BUCKET, Policy: JSON.stringify(PolicyDocument) }));
  const roles = rolesOf(templates.pipeline, PIPELINE_ACCOUNT, { IdentityProvider: "create" });
  await makeRoles(emulator, PIPELINE_ACCOUNT, roles, {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${PIPELINE_ACCOUNT}:root` },
        Action: "sts:AssumeRole",
      },
    ],
  });
  for (const id of ids) await makeRoles(emulator, id, rolesOf(templates.accounts, id));
  await attachSchedules(fleet);
  await createSurroundings(emulator, organization);

  const { SESSION_AUDIT_WORKSPACE: _, SESSION_AUDIT_ACCOUNTS: __, ...env } = fleet.env;
  for (const name of Object.keys(env)) if (/^AWS_(ACCESS|SECRET|SESSION)/.test(name)) delete env[name];
  const sts = new STSClient(config);
  const assume = async (RoleArn: string) => {
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "pipeline" }));
    return {
      AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials!.SessionToken,
    };
  };
  return {
    fleet,
    s3,
    env,
    assume,
    directory,
    roleArn: (purpose) => `arn:aws:iam::${PIPELINE_ACCOUNT}:role/${PIPELINE_ROLES[purpose]}`,
    exchange: async (role, subject) => {
      const found = roles.find(({ name }) => role.endsWith(`/${name}`))!;
      if (!(await admits(found, subject))) throw new Error(`${role} does not admit ${subject}`);
      return assume(role);
    },
    refused: () =>
      emulator.judgments
        .filter(({ allowed }) => !allowed)
        .map(({ principal, action, resource }) => `${principal} ${action} ${resource}`),
  };
}

/**
 * What docs/pipelines.md asks for the schedules beyond the templates: a bucket for reports, the permissions of `report --out`
 * and `--publish` that docs/report.md lists, and a role that lists the organization.
 */
async function attachSchedules({ emulator }: Fleet): Promise<void> {
  const owner = await clientConfig(emulator, PIPELINE_ACCOUNT, REGION);
  const s3 = new S3Client({ ...owner, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: REPORTS_BUCKET,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: REPORTS_BUCKET,
      VersioningConfiguration: { Status: "Enabled" },
    }),
  );
  const allow = (Action: readonly string[], Resource: string) => ({ Effect: "Allow", Action, Resource });
  const reports = `arn:aws:s3:::${REPORTS_BUCKET}`;
  const attach = (RoleName: string, ...Statement: object[]) =>
    new IAMClient(owner).send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: "schedules",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );
  await attach(
    PIPELINE_ROLES.report,
    allow(["s3:ListBucketVersions"], reports),
    allow(["s3:GetObjectVersion", "s3:PutObject"], `${reports}/*`),
    allow(["sns:Publish"], `arn:aws:sns:${REGION}:*:session-audit-acme-security`),
    allow(["kms:GenerateDataKey", "kms:Decrypt"], `arn:aws:kms:${REGION}:*:key/*`),
  );
  await attach(PIPELINE_ROLES.plan, allow(["sts:AssumeRole"], SYNC_ROLE));
  const management = new IAMClient(await clientConfig(emulator, MANAGEMENT, "us-east-1"));
  const reader = SYNC_ROLE.split("/").at(-1)!;
  await createRole(management, reader, {
    AWS: `arn:aws:iam::${PIPELINE_ACCOUNT}:role/${PIPELINE_ROLES.plan}`,
  });
  await management.send(
    new PutRolePolicyCommand({
      RoleName: reader,
      PolicyName: "list",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [allow(["organizations:List*", "organizations:Describe*"], "*")],
      }),
    }),
  );
}

/** Whether a role admits a token of GitHub with this subject. */
async function admits({ name, trust }: MadeRole, subject: string): Promise<boolean> {
  const provider = "token.actions.githubusercontent.com";
  const { result } = await simulate({
    principal: `arn:aws:iam::${PIPELINE_ACCOUNT}:oidc-provider/${provider}`,
    action: "sts:AssumeRoleWithWebIdentity",
    resourceAccountId: PIPELINE_ACCOUNT,
    resource: `arn:aws:iam::${PIPELINE_ACCOUNT}:role/${name}`,
    identityPolicies: [
      { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    ],
    context: { [`${provider}:sub`]: subject, [`${provider}:aud`]: "sts.amazonaws.com" },
    resourcePolicy: trust,
  });
  return result === "Allowed";
}
