import { arnParts } from "../../aws/arn";
import { regionalArn } from "../clients/partitions";
import {
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { keyOf } from "../iam/keys";
import type { SessionRun } from "./session-run";
import { serviceFor } from "../iam/service-principal";

/**
 * The largest number of events in one call of the agent.
 * @see https://github.com/aws/amazon-ssm-agent/tree/mainline/agent/agentlogstocloudwatch/cloudwatchlogspublisher
 */
const EVENTS_PER_CALL = 4;

/** Writes the session to the log group while it runs, as JSON with the identity and the target. */
export async function streamTranscript(run: SessionRun): Promise<void> {
  if (!run.streaming) return;
  const { session } = run.setting;
  const messages = run.transcript.map((line) =>
    JSON.stringify({
      eventVersion: "1.0",
      eventTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      awsRegion: session.region,
      target: { id: session.target },
      userIdentity: { arn: session.owner },
      runAsUser: run.user,
      sessionId: session.sessionId,
      sessionData: [line],
    }),
  );
  await writeOrWarn(run, messages);
}

/**
 * Writes the session to the log group after its end, as plain text. The agent does so only when streaming is off in the
 * preferences. A session that should have streamed and could not therefore leaves nothing in the log group.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/shell/shell.go
 */
export async function uploadToLogGroup(run: SessionRun): Promise<void> {
  if (run.setting.inputs.cloudWatchLogGroupName === "" || run.setting.inputs.cloudWatchStreamingEnabled)
    return;
  await writeOrWarn(run, [run.transcript.join("\n")]);
}

async function writeOrWarn(run: SessionRun, messages: readonly string[]): Promise<void> {
  // The agent cannot see the content of a tunnel.
  if (run.setting.sessionType === "Port") return;
  try {
    await write(run, messages);
  } catch (error) {
    run.warnings.push(
      `Nothing more is written to ${run.setting.inputs.cloudWatchLogGroupName}: ${(error as Error).message}`,
    );
  }
}

async function write(run: SessionRun, messages: readonly string[]): Promise<void> {
  const { session, agent } = run.setting;
  const logGroupName = run.setting.inputs.cloudWatchLogGroupName;
  const logStreamName = session.sessionId;
  const groupArn = regionalArn("logs", session.region, session.accountId, `log-group:${logGroupName}`);
  const streamArn = `${groupArn}:log-stream:${logStreamName}`;
  await run.agentRequires("logs:CreateLogStream", streamArn);
  await agent.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  await run.agentRequires("logs:DescribeLogStreams", groupArn);
  await agent.logs.send(new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: logStreamName }));
  for (let start = 0; start < messages.length; start += EVENTS_PER_CALL) {
    await run.agentRequires("logs:PutLogEvents", streamArn);
    await requireServiceKey(run, groupArn);
    const logEvents = messages
      .slice(start, start + EVENTS_PER_CALL)
      .map((message) => ({ message, timestamp: Date.now() }));
    await agent.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    run.setting.subscriptions.deliver(
      { accountId: session.accountId, region: session.region, name: logGroupName },
      logStreamName,
      logEvents.map(({ message }) => message),
    );
    run.logStream = logStreamName;
  }
}

/**
 * Requires that CloudWatch Logs, and not the agent, may use the key of the log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
async function requireServiceKey(run: SessionRun, groupArn: string): Promise<void> {
  const { region, accountId } = run.setting.session;
  const logGroupNamePrefix = run.setting.inputs.cloudWatchLogGroupName;
  const { logGroups = [] } = await run.setting.agent.logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix }),
  );
  const keyId = logGroups.find((group) => group.logGroupName === logGroupNamePrefix)?.kmsKeyId;
  if (keyId === undefined) return;
  const key = await keyOf(
    await run.setting.accounts.in(arnParts(keyId).accountId || accountId, region),
    keyId,
  );
  if (key === undefined || !key.usable)
    throw new Error(`The log group's key ${keyId} is missing or disabled`);
  for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
    await run.log.require({
      principal: serviceFor("logs", groupArn),
      accountId: key.accountId,
      action,
      resource: key.arn,
      encryptionContext: { "aws:logs:arn": groupArn },
      context: { "kms:ResourceAliases": key.aliases },
    });
  }
}
