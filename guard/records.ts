import { DescribeLogStreamsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { TranscriptCheck } from "./configuration";
import { transcriptKey, type RecordKind } from "./expected-records";

/**
 * Looks up whether the records of sessions exist. The guard lists names and reads no content: `s3:ListBucket` is enough
 * for that, whereas `HeadObject` needs `s3:GetObject`, the permission to read the transcript. The record of a bucket or
 * log group that does not exist is missing; every other error of AWS is thrown.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export class Records {
  constructor(
    private readonly s3: S3Client,
    private readonly logs: CloudWatchLogsClient,
    private readonly check: TranscriptCheck,
  ) {}

  /**
   * The records of a session that do not exist.
   * @param expected the records to look for
   * @returns those of `expected` that are missing, in the same order
   * @throws what AWS answered, unless the answer is that the bucket or log group does not exist
   */
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
      // S3 lists keys in lexicographical order, so the key itself comes before longer keys with the same beginning.
      // See https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
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

/**
 * The result of a look-up, and false if the bucket or log group itself does not exist. Every other error is thrown on:
 * a refused call, for example, proves nothing about the record.
 */
async function absentIf(names: readonly string[], find: () => Promise<boolean>): Promise<boolean> {
  try {
    return await find();
  } catch (error) {
    if (names.includes((error as Error).name)) return false;
    throw error;
  }
}
