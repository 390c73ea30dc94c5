import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  type ListObjectVersionsCommandOutput,
} from "@aws-sdk/client-s3";
import type { Listed, Reading } from "../../../report/chain/verify";
import { CHAIN, REPORTS } from "../../../report/chain/manifest";
import { attemptsIn, wantsPathStyle } from "../../client-settings";
import type { Place, Written } from "./place";

/** S3 answers so to a conditional write where there is an object already, and where another write is under way. */
const TAKEN = ["PreconditionFailed", "ConditionalRequestConflict"];

/**
 * Kept reports in a bucket. They are written and read with the credentials of the environment: the roles of the accounts
 * read only. Each write is conditional, and what is read is the first version of each key.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export class S3Place implements Place {
  readonly name: string;
  private readonly s3: S3Client;
  private readonly prefix: string;
  /**
   * The first version of each key. S3 calls a version `"null"` that was written while the bucket had no versioning, and
   * without this name it reads the newest one, which somebody may have written since. null: S3 names no version.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
   */
  private readonly first = new Map<string, string | null>();

  constructor(
    private readonly bucket: string,
    prefix: string,
    env: NodeJS.ProcessEnv,
  ) {
    this.name = `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`;
    this.prefix = prefix === "" ? "" : `${prefix}/`;
    this.s3 = new S3Client({
      region: env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "us-east-1",
      followRegionRedirects: true,
      retryMode: "adaptive",
      maxAttempts: attemptsIn(env),
      forcePathStyle: wantsPathStyle(env),
    });
  }

  async reading(): Promise<Reading> {
    const listed = [...(await this.listed(CHAIN)), ...(await this.listed(REPORTS))];
    return {
      listed,
      read: async (key) => {
        const body = await this.body(key);
        if (body === null) return null;
        const chunks: Buffer[] = [];
        for await (const chunk of body) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      },
      lines: (key) => this.lines(key),
      digest: async (key) => {
        const body = await this.body(key);
        if (body === null) return null;
        const hash = createHash("sha256");
        let size = 0;
        for await (const chunk of body) {
          hash.update(chunk as Buffer);
          size += (chunk as Buffer).length;
        }
        return { size, sha256: hash.digest("hex") };
      },
    };
  }

  async *lines(key: string): AsyncIterable<string> {
    const body = await this.body(key);
    if (body !== null) yield* createInterface({ input: body, crlfDelay: Infinity });
  }

  async write({ key, mediaType, size, sha256, content }: Written): Promise<boolean> {
    try {
      await this.s3.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: `${this.prefix}${key}`,
          IfNoneMatch: "*",
          Body: typeof content === "string" ? createReadStream(content) : content,
          ContentLength: size,
          ContentType: mediaType,
          ChecksumAlgorithm: "SHA256",
          ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
        }),
      );
      return true;
    } catch (error) {
      if (TAKEN.includes((error as Error).name)) return false;
      throw error;
    }
  }

  close(): void {
    this.s3.destroy();
  }

  private async body(key: string): Promise<Readable | null> {
    const version = this.first.get(key);
    if (version === undefined) return null;
    const { Body } = await this.s3.send(
      new GetObjectCommand({
        Bucket: this.bucket,
        Key: `${this.prefix}${key}`,
        ...(version !== null && { VersionId: version }),
      }),
    );
    return Body as Readable;
  }

  /** The keys below a prefix. S3 lists the versions of a key from the newest to the oldest. */
  private async listed(below: string): Promise<Listed[]> {
    const found = new Map<string, Listed>();
    let next: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
    while (next !== null) {
      const page: ListObjectVersionsCommandOutput = await this.s3.send(
        new ListObjectVersionsCommand({ Bucket: this.bucket, Prefix: `${this.prefix}${below}`, ...next }),
      );
      for (const { Key = "", VersionId } of page.Versions ?? []) {
        const key = Key.slice(this.prefix.length);
        const { versions = 0, deleted = false } = found.get(key) ?? {};
        found.set(key, { key, versions: versions + 1, deleted });
        this.first.set(key, VersionId ?? null);
      }
      for (const { Key = "", IsLatest = false } of page.DeleteMarkers ?? []) {
        const key = Key.slice(this.prefix.length);
        const { versions = 0, deleted = false } = found.get(key) ?? {};
        found.set(key, { key, versions, deleted: deleted || IsLatest });
      }
      const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
      next = IsTruncated ? { KeyMarker: NextKeyMarker!, VersionIdMarker: NextVersionIdMarker! } : null;
    }
    return [...found.values()];
  }
}
