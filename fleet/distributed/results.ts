import type { S3Client } from "@aws-sdk/client-s3";
import { isTaken, type S3Folder } from "../s3-folder";

/** The result of an item: what its command has printed, and why it failed if it did. */
export interface StoredResult {
  readonly ok: boolean;
  readonly cause?: string;
  readonly result?: unknown;
}

/**
 * The results of the items of a run, in S3. An item that succeeded has one result for good, which is written only if
 * there is none: a message that is delivered twice changes nothing. An item that failed may be tried again, so a later
 * failure replaces an earlier one.
 */
export class Results {
  constructor(
    private readonly s3: S3Client,
    private readonly folder: S3Folder,
  ) {}

  private keyOf(name: string, ok: boolean): string {
    return `${this.folder.prefix}/${name}/${ok ? "done" : "failed"}.json`;
  }

  /** What an item has resulted in; null: no worker has finished it. */
  async read(name: string): Promise<StoredResult | null> {
    return (await this.get(name, true)) ?? this.get(name, false);
  }

  async write(name: string, result: StoredResult): Promise<void> {
    const { PutObjectCommand } = await import("@aws-sdk/client-s3");
    const put = new PutObjectCommand({
      Bucket: this.folder.bucket,
      Key: this.keyOf(name, result.ok),
      Body: JSON.stringify(result),
      ContentType: "application/json",
      ...(result.ok && { IfNoneMatch: "*" }),
    });
    await this.s3.send(put).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
  }

  private async get(name: string, ok: boolean): Promise<StoredResult | null> {
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const get = new GetObjectCommand({ Bucket: this.folder.bucket, Key: this.keyOf(name, ok) });
    const found = await this.s3.send(get).catch((error: Error) => {
      if (error.name === "NoSuchKey") return null;
      throw error;
    });
    return found && (JSON.parse(await found.Body!.transformToString()) as StoredResult);
  }
}
