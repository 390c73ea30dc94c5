import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { transcriptKey } from "../../../guard/expected-records";
import { findLogStream } from "../../report/log-streams";
import type { Inputs } from "../checks/preferences";
import type { FoundProbe } from "../checks/probe";
import { look } from "./seen";

/** Looks for the record of a probe, with the role that plans. S3 and CloudWatch Logs list what was written at once. */
export async function findProbe(
  id: string,
  { bucket, prefix, logGroup }: Inputs,
  { logs, s3 }: { readonly logs: CloudWatchLogsClient; readonly s3: S3Client },
  signal?: AbortSignal,
): Promise<FoundProbe> {
  const Key = transcriptKey(prefix, id);
  const [stream, transcript] = await Promise.all([
    logGroup === ""
      ? null
      : look(
          async () =>
            (await findLogStream(logs, { name: logGroup, masked: false, shared: false }, id)) !== null,
          signal,
        ),
    bucket === ""
      ? null
      : look(async () => {
          const { Contents = [] } = await s3.send(
            new ListObjectsV2Command({ Bucket: bucket, Prefix: Key, MaxKeys: 1 }),
          );
          return Contents.some((object) => object.Key === Key && object.Size !== 0);
        }, signal),
  ]);
  return {
    stream,
    transcript,
    places: { stream: `${logGroup}: ${id}`, transcript: `s3://${bucket}/${Key}` },
  };
}
