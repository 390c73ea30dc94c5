import { DescribeLogGroupsCommand, type LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import { bucketEncryption } from "./bucket-encryption";
import { SessionRefused, type SessionRun } from "./session-run";
import { keyOf } from "../iam/keys";
import { arnParts } from "../../aws/arn";

/**
 * The handshake that encrypts the data channel when the preferences name a key: the operator's client generates a data
 * key and the agent decrypts it, both with the session and the target as encryption context.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/datachannel/datachannel.go
 * @throws {@link SessionRefused} with the message that the operator sees
 */
export async function kmsHandshake(run: SessionRun): Promise<void> {
  const { session, inputs } = run.setting;
  // Sessions of type Port are never encrypted with this key.
  if (inputs.kmsKeyId === "" || run.setting.sessionType === "Port") return;
  const key = await keyOf(
    await run.setting.accounts.in(accountOf(inputs.kmsKeyId, session.accountId), session.region),
    inputs.kmsKeyId,
  );
  const alias = /(?:^|:)(alias\/.+)$/.exec(inputs.kmsKeyId)?.[1];
  const call = async (principal: string, action: string) => {
    if (key === undefined) throw new Error(`NotFoundException: Key '${inputs.kmsKeyId}' does not exist`);
    await run.log.require({
      principal,
      accountId: key.accountId,
      action,
      resource: key.arn,
      // As in SessionPermissions, an operator whose role does not exist is an administrator of the account.
      ...(principal === session.owner && { unknown: "administrator" as const }),
      encryptionContext: { "aws:ssm:SessionId": session.sessionId, "aws:ssm:TargetId": session.target },
      context: {
        "kms:ResourceAliases": key.aliases,
        ...(alias === undefined || action !== "kms:GenerateDataKey" ? {} : { "kms:RequestAlias": alias }),
      },
    });
    if (!key.usable) throw new Error(`DisabledException: ${key.arn} is disabled`);
  };
  const client =
    "Encountered error while initiating handshake. KMSEncryption failed on client with status 2 error:";
  await call(session.owner, "kms:GenerateDataKey").catch((error: Error) => {
    throw new SessionRefused(`${client} Error calling KMS GenerateDataKey: ${error.message}`);
  });
  await call(run.setting.agentArn, "kms:Decrypt").catch((error: Error) => {
    const text = "Fetching data key failed: Unable to retrieve data key, Error when decrypting data key";
    throw new SessionRefused(`Encountered error while initiating handshake. ${text} ${error.message}`);
  });
}

const accountOf = (keyId: string, own: string): string => arnParts(keyId).accountId || own;

/**
 * The checks that the agent makes before a session starts. Unless the preferences require encryption, a log group that is
 * missing or cannot be described is only a warning, and the session starts without a record.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/shell/shell.go
 * @throws {@link SessionRefused} with the agent's message when the record must be encrypted and the agent cannot confirm it
 */
export async function startChecks(run: SessionRun): Promise<void> {
  const { inputs } = run.setting;
  if (inputs.cloudWatchLogGroupName !== "") {
    const group = await describeLogGroup(run).catch((error: Error) => {
      run.warnings.push(
        `Unable to describe the log group ${inputs.cloudWatchLogGroupName}: ${error.message}`,
      );
      return undefined;
    });
    if (inputs.cloudWatchEncryptionEnabled && group?.kmsKeyId === undefined) {
      throw new SessionRefused(
        "We couldn't start the session because encryption is not set up on the selected CloudWatch Logs log group. " +
          "Either encrypt the log group or choose an option to enable logging without encryption.",
      );
    }
    run.streaming = inputs.cloudWatchStreamingEnabled && group !== undefined;
    if (group === undefined) {
      run.warnings.push(`The log group ${inputs.cloudWatchLogGroupName} does not exist: streaming is off`);
    }
    if (run.streaming && run.setting.sessionType !== "Standard_Stream") {
      run.streaming = false;
      run.warnings.push(`Streaming is not supported for sessions of type ${run.setting.sessionType}`);
    }
  }
  if (inputs.s3BucketName !== "" && inputs.s3EncryptionEnabled) {
    const encryption = await bucketEncryption(run).catch((error: Error) => {
      throw new SessionRefused(
        "Couldn't start the session because we are unable to validate encryption on Amazon S3 bucket. " +
          `Error: ${error.message}`,
      );
    });
    // The agent does not know dual-layer encryption (aws:kms:dsse) and treats the bucket as not encrypted.
    if (encryption.algorithm !== "aws:kms" && encryption.algorithm !== "AES256") {
      throw new SessionRefused(
        "We couldn't start the session because encryption is not set up on the selected Amazon S3 bucket. " +
          "Either encrypt the bucket or choose an option to enable logging without encryption.",
      );
    }
  }
}

async function describeLogGroup(run: SessionRun): Promise<LogGroup | undefined> {
  const logGroupNamePrefix = run.setting.inputs.cloudWatchLogGroupName;
  await run.agentRequires("logs:DescribeLogGroups", "*");
  const { logGroups = [] } = await run.setting.agent.logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix }),
  );
  return logGroups.find((group) => group.logGroupName === logGroupNamePrefix);
}
