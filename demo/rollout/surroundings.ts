import { CloudWatchLogsClient, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { AttachRolePolicyCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client, type BucketLocationConstraint } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Emulator } from "../../emulator";
import { ROOT_CREDENTIALS } from "../../emulator/clients/identities";
import { clientConfig, createRole } from "../people";

/** What an organization has beside the stacks: a bucket for the states, roles, and people who change things by hand. */

/** Configuration of an AWS SDK client that calls as the pipeline, whose identity Terraform starts with. */
const pipelineConfig = ({ endpoint }: Pick<Emulator, "endpoint">, region: string) => ({
  endpoint,
  region,
  credentials: ROOT_CREDENTIALS,
});

/** Creates a bucket for Terraform states in the account of the pipeline. */
export async function createStateBucket(
  emulator: Pick<Emulator, "endpoint">,
  { bucket, region }: { bucket: string; region: string },
): Promise<void> {
  const s3 = new S3Client({ ...pipelineConfig(emulator, region), forcePathStyle: true });
  const LocationConstraint = region as BucketLocationConstraint;
  await s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint } }),
  );
}

/** The ARN that a trust policy names to admit the pipeline. */
export async function pipelineArn(emulator: Emulator, region: string): Promise<string> {
  const sts = new STSClient(pipelineConfig(emulator, region));
  const { Account } = await sts.send(new GetCallerIdentityCommand({}));
  return `arn:aws:iam::${Account}:root`;
}

/** A role of an account, and who may assume it. */
export interface TrustedRole {
  readonly accountId: string;
  readonly region: string;
  readonly role: string;
  /** ARN of who may assume the role. */
  readonly trusts: string;
}

/** Creates a role that may do everything in its account. */
export async function createTrustedRole(
  emulator: Emulator,
  { accountId, region, role, trusts }: TrustedRole,
): Promise<void> {
  const iam = new IAMClient(await clientConfig(emulator, accountId, region));
  const RoleName = await createRole(iam, role, { AWS: trusts });
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

/** Changes who may assume a role. */
export async function changeTrust(
  emulator: Emulator,
  { accountId, region, role, trusts }: TrustedRole,
): Promise<void> {
  const iam = new IAMClient(await clientConfig(emulator, accountId, region));
  const Statement = [{ Effect: "Allow", Principal: { AWS: trusts }, Action: "sts:AssumeRole" }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument }));
}

/** Changes how long a log group keeps its events, as a person does in the console. */
export async function changeRetention(
  emulator: Emulator,
  {
    accountId,
    region,
    logGroup,
    days,
  }: { accountId: string; region: string; logGroup: string; days: number },
): Promise<void> {
  const logs = new CloudWatchLogsClient(await clientConfig(emulator, accountId, region));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: logGroup, retentionInDays: days }));
}
