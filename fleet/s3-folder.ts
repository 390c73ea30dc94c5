import type { S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../processes/user-error";
import { attemptsIn, wantsPathStyle } from "./client-settings";
import { notingCalls } from "./failed-call";

/** A folder in S3. */
export interface S3Folder {
  readonly bucket: string;
  /** Without a slash at either end. */
  readonly prefix: string;
}

/**
 * Reads a URL like `s3://bucket/prefix`.
 * @param what what is wrong if it is none, like `--journal "x" is not a place for a journal.`
 * @throws UserError if the text is no such URL
 */
export function parseS3Folder(url: string, what: string, remedy: string): S3Folder {
  const [, bucket, prefix] = /^s3:\/\/([a-z0-9.-]{3,63})\/([\w!.*'()/-]{1,900}?)\/?$/.exec(url) ?? [];
  if (bucket !== undefined && prefix !== undefined) return { bucket, prefix };
  throw new UserError({ what, allowed: "s3://<bucket>/<prefix>", remedy });
}

/** A client for a bucket in any region. */
export async function s3Client(env: NodeJS.ProcessEnv): Promise<S3Client> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client({
    maxAttempts: attemptsIn(env),
    followRegionRedirects: true,
    forcePathStyle: wantsPathStyle(env),
  });
  return notingCalls(client);
}

/** Whether S3 refused a conditional write because the object exists, or is being written by somebody else. */
export function isTaken(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === 412 || status === 409;
}
