import { randomUUID } from "node:crypto";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { checkTranscripts } from "./check-transcripts";
import { readConfiguration } from "./configuration";
import { endIfNotAllowed, type Run } from "./guard";
import { log } from "./log";
import { Records } from "./records";
import { ReportBook } from "./report-book";
import { SessionManager } from "./session-manager";
import { readEvent } from "./start-event";
import { endStrays } from "./stray-sessions";

/**
 * The part of Lambda's context object that the guard uses.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export interface InvocationContext {
  readonly awsRequestId?: string;
  /** Milliseconds until Lambda stops the invocation. */
  getRemainingTimeInMillis(): number;
}

/** Time in milliseconds that one batch of look-ups may take, retries included. */
const ENOUGH_MS = 30_000;

/**
 * Options of every AWS client. In `adaptive` mode the SDK retries throttled calls, and also delays new calls while AWS
 * throttles.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const retrying = {
  maxAttempts: 8,
  retryMode: "adaptive",
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
};
const ssm = new SSMClient(retrying);
const snsClients = new Map<string, SNSClient>();
/** The topics of all accounts may be in another region than the guard. */
function sns(region: string): SNSClient {
  const client = snsClients.get(region) ?? new SNSClient({ ...retrying, region });
  snsClients.set(region, client);
  return client;
}
const dynamo = new DynamoDBClient(retrying);
const logs = new CloudWatchLogsClient(retrying);
// A bucket that the map names, rather than creates, may be in another region.
const s3 = new S3Client({ ...retrying, followRegionRedirects: true });

/**
 * Lambda's handler. EventBridge invokes it for two reasons: a `StartSession` call was recorded by CloudTrail, or the
 * schedule is due. An event that the guard cannot act on is logged and counted, and no error. On schedule the guard ends sessions that no event announced, and looks for missing records.
 * @throws what AWS answered. Lambda then retries an event twice and puts it into the dead-letter queue.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export async function handler(event: unknown, context: InvocationContext): Promise<void> {
  const configuration = readConfiguration(process.env);
  const book = new ReportBook(dynamo, configuration.table, context.awsRequestId ?? randomUUID());
  const run: Run = {
    configuration,
    book,
    sns,
    sessions: new SessionManager(ssm),
    hasTime: () => context.getRemainingTimeInMillis() > ENOUGH_MS,
  };
  const invocation = readEvent(event, configuration);
  if (invocation.kind === "refused") return log("EventRefused", { reason: invocation.reason });
  if (invocation.kind === "nothing") return log("NoSession", { reason: invocation.reason });
  if (invocation.kind === "session") return endIfNotAllowed(run, invocation.session);
  // Neither task keeps the other from running when it fails.
  const outcomes = await Promise.allSettled([endStrays(run), check(run)]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join("; "));
  if (failures.length > 0) throw failures[0];
}

async function check(run: Run): Promise<void> {
  const { transcripts } = run.configuration;
  if (transcripts === null) return;
  await checkTranscripts({
    ...run,
    check: transcripts,
    records: new Records(s3, logs, transcripts),
    now: new Date(),
  });
}
