import {
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetBucketEncryptionCommand, PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { PROBE_LINE } from "../../guard/probe-sessions";
import { transcriptKey } from "../../guard/expected-records";
import type { Inputs } from "./checks/preferences";
import type { ProbeStep } from "./checks/probe";
import type { Site } from "./clients";
import type { Provider } from "./configuration";
import { look } from "./read/seen";

/** Who writes a probe, and where. */
export interface ProbeWriter {
  /** Clients that sign with the role. */
  readonly site: Site;
  readonly provider: Provider;
  /** Name or ARN of the role, which the record names. */
  readonly role: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes the calls of the SSM Agent that check and write a record: first all about the log group, then all about the bucket.
 * The agent checks both before it writes anything, and starts no session after some of the refusals. The probe goes on after
 * each of them, so that one run reports all that is refused.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/shell/shell.go for the checks
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/s3util/s3util.go for the upload
 */
export async function writeProbe(id: string, inputs: Inputs, writer: ProbeWriter): Promise<ProbeStep[]> {
  const steps: ProbeStep[] = [];
  const step = async <T>(call: string, make: () => Promise<T>): Promise<T | undefined> => {
    const seen = await look(make, writer.signal);
    steps.push({ call, refused: "seen" in seen ? null : seen.unseen });
    return "seen" in seen ? seen.seen : undefined;
  };
  await writeLogs(id, inputs, writer, step);
  await writeTranscript(id, inputs, writer, step);
  return steps;
}

type Step = <T>(call: string, make: () => Promise<T>) => Promise<T | undefined>;

async function writeLogs(id: string, { logGroup, enforced }: Inputs, writer: ProbeWriter, step: Step) {
  if (logGroup === "") return;
  const { logs } = writer.site;
  await step("logs:DescribeLogGroups", async () => {
    const { logGroups = [] } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroup, limit: 50 }),
    );
    const group = logGroups.find(({ logGroupName }) => logGroupName === logGroup);
    if (group === undefined) throw refusal(`there is no log group ${logGroup}`);
    if (enforced.cloudWatch && group.kmsKeyId === undefined)
      throw refusal(`${logGroup} is not encrypted with a key`);
  });
  const stream = { logGroupName: logGroup, logStreamName: id };
  await step("logs:CreateLogStream", () => logs.send(new CreateLogStreamCommand(stream)));
  await step("logs:DescribeLogStreams", () =>
    logs.send(new DescribeLogStreamsCommand({ logGroupName: logGroup, logStreamNamePrefix: id })),
  );
  await step("logs:PutLogEvents", () => {
    const { region } = writer.provider;
    const message = JSON.stringify({
      eventVersion: "1.0",
      eventTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      awsRegion: region,
      target: { id: "none" },
      userIdentity: { arn: writer.role },
      runAsUser: "none",
      sessionId: id,
      sessionData: [PROBE_LINE],
    });
    return logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ message, timestamp: Date.now() }] }));
  });
}

async function writeTranscript(
  id: string,
  { bucket, prefix, enforced }: Inputs,
  writer: ProbeWriter,
  step: Step,
) {
  if (bucket === "") return;
  const { s3 } = writer.site;
  const sealed = await step("s3:GetEncryptionConfiguration", async () => {
    const found = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    const rule = found.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    if (enforced.s3 && !["aws:kms", "AES256"].includes(rule?.SSEAlgorithm ?? ""))
      throw refusal(
        `the SSM Agent does not accept the encryption ${rule?.SSEAlgorithm ?? "none"} of ${bucket}`,
      );
    return rule;
  });
  // The agent sends a header only if it could read the encryption of the bucket, and then exactly what is set there.
  const headers: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId"> =
    sealed?.SSEAlgorithm === "aws:kms"
      ? {
          ServerSideEncryption: "aws:kms",
          ...(sealed.KMSMasterKeyID && { SSEKMSKeyId: sealed.KMSMasterKeyID }),
        }
      : sealed?.SSEAlgorithm === "AES256"
        ? { ServerSideEncryption: "AES256" }
        : {};
  await step("s3:PutObject", () =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: transcriptKey(prefix, id),
        Body: `${PROBE_LINE}\n`,
        ContentType: "text/plain",
        ACL: "bucket-owner-full-control",
        ...headers,
      }),
    ),
  );
}

/** What the agent itself refuses, in the form of an answer of AWS. */
const refusal = (message: string): Error =>
  Object.assign(new Error(message), { name: "SessionRefused", $metadata: {} });
