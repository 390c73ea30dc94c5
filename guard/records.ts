import { DescribeLogStreamsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { TranscriptCheck } from "./configuration";
import { transcriptKey, type RecordKind } from "./expected-records";

/**
 * Looks whether records are there, by their names alone: the guard may read none of them. Listing objects shows that
 * one exists, as `HeadObject` would, which AWS grants only together with reading.
 */
export class Records {
  constructor(
    private readonly s3: S3Client,
    private readonly logs: CloudWatchLogsClient,
    private readonly check: TranscriptCheck,
  ) {}

  /** Which of these records of a session are not there. */
  async missing(sessionId: string, expected: readonly RecordKind[]): Promise<readonly RecordKind[]> {
    const found = await Promise.all(
      expected.map((kind) => (kind === "transcript" ? this.transcript(sessionId) : this.stream(sessionId))),
    );
    return expected.filter((_kind, index) => !found[index]);
  }

  private async transcript(sessionId: string): Promise<boolean> {
    const { name: Bucket, prefix } = this.check.bucket!;
    const key = transcriptKey(prefix, sessionId);
    return absentIf(["NoSuchBucket"], async () => {
      // Of all keys that begin like this one, itself comes first.
      const { Contents = [] } = await this.s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: key, MaxKeys: 1 }),
      );
      return Contents.some(({ Key }) => Key === key);
    });
  }

  private async stream(logStreamNamePrefix: string): Promise<boolean> {
    const { name: logGroupName } = this.check.logGroup!;
    return absentIf(["ResourceNotFoundException"], async () => {
      const { logStreams = [] } = await this.logs.send(
        new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix, limit: 1 }),
      );
      return logStreams.some(({ logStreamName }) => logStreamName === logStreamNamePrefix);
    });
  }
}

/** A bucket or group that is gone has taken the record along. Being refused proves nothing, and is an error. */
async function absentIf(names: readonly string[], find: () => Promise<boolean>): Promise<boolean> {
  try {
    return await find();
  } catch (error) {
    if (names.includes((error as Error).name)) return false;
    throw error;
  }
}
