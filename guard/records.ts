import { DescribeLogStreamsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { TranscriptCheck } from "./configuration";
import { transcriptKey, type RecordKind, type RecordState } from "./expected-records";

/**
 * Looks up whether the records of sessions exist and hold anything. The guard lists names, sizes and times, and reads no
 * content: `s3:ListBucket` is enough for that, whereas `HeadObject` needs `s3:GetObject`, the permission to read the
 * transcript. The record of a bucket or log group that does not exist is absent; every other error of AWS is thrown.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export class Records {
  constructor(
    private readonly s3: S3Client,
    private readonly logs: CloudWatchLogsClient,
    private readonly check: TranscriptCheck,
  ) {}

  /**
   * The state of each expected record of a session, in the order of `expected`.
   * @throws what AWS answered, unless the answer is that the bucket or log group does not exist
   */
  async look(
    sessionId: string,
    expected: readonly RecordKind[],
  ): Promise<ReadonlyMap<RecordKind, RecordState>> {
    const found = expected.map(async (kind) => {
      const look = kind === "transcript" ? this.transcript(sessionId) : this.stream(sessionId);
      return [kind, await look] as const;
    });
    return new Map(await Promise.all(found));
  }

  private async transcript(sessionId: string): Promise<RecordState> {
    const { name: Bucket, prefix } = this.check.bucket!;
    const key = transcriptKey(prefix, sessionId);
    return absentIf(["NoSuchBucket"], async () => {
      // S3 lists keys in lexicographical order, so the key itself comes before longer keys with the same beginning.
      // See https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
      const { Contents = [] } = await this.s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: key, MaxKeys: 1 }),
      );
      const object = Contents.find(({ Key }) => Key === key);
      return stateOf(object, (object?.Size ?? 0) > 0);
    });
  }

  private async stream(logStreamNamePrefix: string): Promise<RecordState> {
    const { name: logGroupName } = this.check.logGroup!;
    return absentIf(["ResourceNotFoundException"], async () => {
      const { logStreams = [] } = await this.logs.send(
        new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix, limit: 1 }),
      );
      const stream = logStreams.find(({ logStreamName }) => logStreamName === logStreamNamePrefix);
      // Any of the three proves an event; the last two are set some time after the first.
      const times = [stream?.firstEventTimestamp, stream?.lastEventTimestamp, stream?.lastIngestionTime];
      return stateOf(
        stream,
        times.some((time) => time !== undefined),
      );
    });
  }
}

const stateOf = (record: object | undefined, holdsAnything: boolean): RecordState =>
  record === undefined ? "absent" : holdsAnything ? "present" : "empty";

/**
 * The result of a look-up, and "absent" if the bucket or log group itself does not exist. Every other error is thrown on:
 * a refused call, for example, proves nothing about the record.
 */
async function absentIf(names: readonly string[], find: () => Promise<RecordState>): Promise<RecordState> {
  try {
    return await find();
  } catch (error) {
    if (names.includes((error as Error).name)) return "absent";
    throw error;
  }
}
