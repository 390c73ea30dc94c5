import { arnParts } from "../../aws/arn";
import { partitionOf, regionalService } from "../clients/partitions";
import { PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { posix } from "node:path";
import { bucketEncryption, storedEncryption, type BucketEncryption } from "./bucket-encryption";
import { keyOf } from "../iam/keys";
import { bucketRegion } from "../s3/bucket-region";
import type { SessionRun } from "./session-run";

/**
 * The agent's upload of the transcript at the end of a session. A failure is only one line in the agent's own log: the
 * session ends successfully and the object is missing.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/shell/shell.go
 */
export async function uploadTranscript(run: SessionRun): Promise<void> {
  if (run.setting.inputs.s3BucketName === "" || run.setting.sessionType === "Port") return;
  try {
    await upload(run);
  } catch (error) {
    run.warnings.push(
      `The transcript was not uploaded to ${run.setting.inputs.s3BucketName}: ${(error as Error).message}`,
    );
  }
}

/** The URLs that Systems Manager reports for a session. They follow from the preferences, even if nothing was written there. */
export function announcedOutput({ setting: { session, inputs } }: SessionRun): {
  s3?: string;
  logStream?: string;
} {
  const { region, sessionId } = session;
  const group = encodeURIComponent(inputs.cloudWatchLogGroupName);
  return {
    ...(inputs.s3BucketName === ""
      ? {}
      : {
          s3: `https://${regionalService("s3", region)}/${inputs.s3BucketName}/${keyOfTranscript(inputs.s3KeyPrefix, sessionId)}`,
        }),
    ...(inputs.cloudWatchLogGroupName === ""
      ? {}
      : {
          logStream: `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${group};stream=${sessionId}`,
        }),
  };
}

/**
 * The key of the transcript. The agent joins prefix and name as a path, and removes colons.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/s3util/s3util.go
 */
const keyOfTranscript = (prefix: string, sessionId: string): string =>
  posix.join(prefix, `${sessionId}.log`).replace(/:/g, "");

async function upload(run: SessionRun): Promise<void> {
  const { session, inputs, agent } = run.setting;
  const bucketArn = `arn:${partitionOf(session.region)}:s3:::${inputs.s3BucketName}`;
  const key = keyOfTranscript(inputs.s3KeyPrefix, session.sessionId);
  const seen = await bucketEncryption(run).catch((error: Error) => {
    run.warnings.push(`The upload carries no encryption header: ${error.message}`);
    return undefined;
  });
  const headers = encryptionHeaders(seen);
  const accountId = run.bucketOwner;
  const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
  const context = {
    ...acl,
    "s3:x-amz-server-side-encryption": headers.ServerSideEncryption,
    "s3:x-amz-server-side-encryption-aws-kms-key-id": headers.SSEKMSKeyId,
  };
  await run.agentRequires("s3:PutObject", `${bucketArn}/${key}`, { accountId, context });
  // The agent always sends the header `x-amz-acl`.
  // @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  await run.agentRequires("s3:PutObjectAcl", `${bucketArn}/${key}`, { accountId, context: acl });
  await requireKey(run, headers, bucketArn, `${bucketArn}/${key}`);
  await agent.s3.send(
    new PutObjectCommand({
      Bucket: inputs.s3BucketName,
      Key: key,
      Body: `${run.transcript.join("\n")}\n`,
      ContentType: "text/plain",
      ACL: "bucket-owner-full-control",
      ...headers,
    }),
  );
  run.transcriptKey = key;
}

function encryptionHeaders(
  seen: BucketEncryption | undefined,
): Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId"> {
  if (seen?.algorithm === "AES256") return { ServerSideEncryption: "AES256" };
  if (seen?.algorithm !== "aws:kms") return {};
  return {
    ServerSideEncryption: "aws:kms",
    ...(seen.keyId === undefined ? {} : { SSEKMSKeyId: seen.keyId }),
  };
}

/**
 * Requires that the agent may use the KMS key of the object: S3 generates the data key with the agent's permissions.
 * Without an encryption header, the default encryption of the bucket applies.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
async function requireKey(
  run: SessionRun,
  headers: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">,
  bucketArn: string,
  objectArn: string,
): Promise<void> {
  const stored = await storedEncryption(run).catch(() => undefined);
  const keyId =
    headers.SSEKMSKeyId ?? (headers.ServerSideEncryption === undefined ? stored?.keyId : undefined);
  const isKms = (headers.ServerSideEncryption ?? stored?.algorithm ?? "").startsWith("aws:kms");
  if (!isKms || keyId === undefined) return;
  const { accountId } = run.setting.session;
  // S3 uses the KMS of the bucket's region. An id or an alias is looked up in the account of the agent, which makes the call.
  const region = await bucketRegion(run.setting.agent, run.setting.inputs.s3BucketName);
  const keyRegion = arnParts(keyId).region || region;
  if (keyRegion !== region) throw new Error(`KMS.NotFoundException: Invalid arn ${keyRegion}`);
  const keyAccount = arnParts(keyId).accountId || accountId;
  const key = await keyOf(await run.setting.accounts.in(keyAccount, keyRegion), keyId);
  if (key === undefined)
    throw new Error(`KMS.NotFoundException: Key '${keyId}' does not exist in ${keyAccount}`);
  if (!key.usable) throw new Error(`KMS.DisabledException: ${key.arn} is disabled`);
  for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
    await run.agentRequires(action, key.arn, {
      accountId: key.accountId,
      encryptionContext: { "aws:s3:arn": stored?.bucketKey === true ? bucketArn : objectArn },
      context: { "kms:ViaService": regionalService("s3", keyRegion), "kms:ResourceAliases": key.aliases },
    });
  }
}
