import {
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { arnParts } from "../../aws/arn";
import { partitionOf } from "../../aws/regions";
import { look } from "../aws-errors";
import { attemptsIn, wantsPathStyle } from "../client-settings";
import { sharedRole } from "../role-credentials";
import type { StateBackend } from "../states";
import type { FoundBucket, StateFacts } from "./model";

/** A backend in S3. */
export type S3State = Extract<StateBackend, { readonly backend: "s3" }>;

/** Reads the bucket of the states with the identity with which Terraform reaches it to plan. It changes nothing. */
export async function readState(
  state: S3State,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<StateFacts> {
  const { region } = state;
  const roleArn = state.planRoleArn ?? state.roleArn;
  const role = { externalId: null, sessionName: "session-audit-adopt", region, env };
  const config = {
    region,
    retryMode: "adaptive",
    maxAttempts: attemptsIn(env),
    ...(roleArn !== undefined && { credentials: sharedRole({ roleArn, ...role }) }),
  };
  const s3 = new S3Client({ ...config, followRegionRedirects: true, forcePathStyle: wantsPathStyle(env) });
  const sts = new STSClient(config);
  try {
    return { bucket: await look(() => bucketOf(s3, sts, state.bucket, signal), signal) };
  } finally {
    s3.destroy();
    sts.destroy();
  }
}

async function bucketOf(
  s3: S3Client,
  sts: STSClient,
  Bucket: string,
  signal?: AbortSignal,
): Promise<FoundBucket | null> {
  const { Arn = "", Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    // The answer to a HEAD request has no error code.
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return null;
    throw error;
  }
  const [isOwn, isVersioned, policy] = await Promise.all([
    s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: Account })).then(
      () => true,
      () => false,
    ),
    look(async () => {
      const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
      return Status === "Enabled";
    }, signal),
    look(async () => {
      try {
        return (await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? null;
      } catch (error) {
        if ((error as Error).name === "NoSuchBucketPolicy") return null;
        throw error;
      }
    }, signal),
  ]);
  return { isOwn, isVersioned, policy, principal: roleBehind(Arn), accountId: Account };
}

/**
 * The ARN of the role behind a session, without the path that the session's ARN does not have; other ARNs stay.
 * @example roleBehind("arn:aws:sts::111111111111:assumed-role/ci/build") // "arn:aws:iam::111111111111:role/ci"
 */
export function roleBehind(arn: string): string {
  const { accountId, resource } = arnParts(arn);
  const name = /^assumed-role\/([^/]+)\//.exec(resource)?.[1];
  return name === undefined ? arn : `arn:${arn.split(":")[1]}:iam::${accountId}:role/${name}`;
}

/** The ARN of the bucket, in the partition of its region. */
export const bucketArn = ({ bucket, region }: S3State): string =>
  `arn:${partitionOf(region) ?? "aws"}:s3:::${bucket}`;
