import { DescribeLogGroupsCommand, type LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import { bucketEncryption } from "./bucket-encryption";
import { SessionRefused, type SessionRun } from "./session-run";

/**
 * What the agent looks at before a session starts. Without "encryption enabled" in the preferences a log group that
 * is missing or may not be described is a warning only, and the session goes on unlogged.
 * @throws {@link SessionRefused} with the agent's text when logging must be encrypted and is not known to be
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
    // The agent knows no dual-layer encryption (aws:kms:dsse) and takes it for none.
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
