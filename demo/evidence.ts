import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { regionalService } from "../emulator/clients/partitions";
import { arns, type Place } from "../stacks/names";
import type { Emulator } from "../emulator";

/** Reads back the records of sessions as a reviewer. The deployed policies decide about each read first. */

/** A role that reads records. */
export interface Reader {
  readonly accountId: string;
  /** Name of the role, without its path. */
  readonly role: string;
}

const config = async (emulator: Emulator, reader: Reader, region: string) => ({
  endpoint: emulator.endpoint,
  region,
  credentials: await emulator.credentials(reader.accountId, reader.role),
  maxAttempts: 2,
});

/**
 * Reads a transcript from a bucket.
 * @param place account and region of the bucket, which is the target's own or the archive's
 * @throws Error if the policies refuse the reader, or if there is no such object
 */
export async function readTranscript(
  emulator: Emulator,
  reader: Reader,
  { place, bucket, key }: { place: Place; bucket: string; key: string },
): Promise<string> {
  const principal = arns.role({ ...place.account, id: reader.accountId }, reader.role);
  const object = `${arns.bucket(place, bucket)}/${key}`;
  const s3 = new S3Client({ ...(await config(emulator, reader, place.region)), forcePathStyle: true });
  const read = await emulator.authorize({
    principal,
    accountId: place.account.id,
    action: "s3:GetObject",
    resource: object,
  });
  if (!read.allowed) throw new Error(`${reader.role} may not read ${object}: ${read.reason}`);
  const { Body, SSEKMSKeyId } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (SSEKMSKeyId !== undefined) {
    const decrypt = await emulator.authorize({
      principal,
      accountId: place.account.id,
      action: "kms:Decrypt",
      resource: SSEKMSKeyId,
      context: { "kms:ViaService": regionalService("s3", place.region) },
      encryptionContext: { "aws:s3:arn": arns.bucket(place, bucket) },
    });
    if (!decrypt.allowed) throw new Error(`${reader.role} may not decrypt ${object}: ${decrypt.reason}`);
  }
  return (await Body?.transformToString()) ?? "";
}

/**
 * Reads the lines of the terminal that a session has streamed to its log group.
 * @param unmask whether to ask for masked text, which needs the permission `logs:Unmask`
 * @throws Error if the policies refuse the reader, or if there is no such stream
 */
export async function readLogStream(
  emulator: Emulator,
  reader: Reader,
  { place, group, stream, unmask }: { place: Place; group: string; stream: string; unmask?: boolean },
): Promise<string[]> {
  const allowed = await emulator.authorize({
    principal: arns.role({ ...place.account, id: reader.accountId }, reader.role),
    accountId: place.account.id,
    action: "logs:GetLogEvents",
    resource: `${arns.logGroup(place, group)}:log-stream:${stream}`,
  });
  if (!allowed.allowed) throw new Error(`${reader.role} may not read ${group}: ${allowed.reason}`);
  const logs = new CloudWatchLogsClient(await config(emulator, reader, place.region));
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, startFromHead: true, unmask }),
  );
  return events.flatMap(
    ({ message = "{}" }) => (JSON.parse(message) as { sessionData?: string[] }).sessionData ?? [],
  );
}
