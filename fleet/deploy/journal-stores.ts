import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../processes/user-error";
import { EXIT } from "../command";
import { isTaken, parseS3Folder, s3Client } from "../s3-folder";
import type { JournalStore } from "./journal";

/**
 * Keeps a journal in a file, one line after the other. Of two processes that write into one file, the one that finds more in
 * it than it has read and written itself fails: its line has the number of another line.
 */
export const fileStore = (file: string): JournalStore => {
  /** Bytes of the file, as far as this process knows; null: it has not looked yet. */
  let known: number | null = null;
  const refuseOther = (found: number, sequence: number) => {
    if (known === null || found === known) return;
    throw new UserError({
      what: `another process has written into ${file}, so line ${sequence} would not fit the line before it.`,
      remedy: "Wait for its end, then go on with --resume. Its journal says what was applied.",
      exitCode: EXIT.elsewhere,
    });
  };
  return {
    place: file,
    read: async () => {
      const data = await readFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return Buffer.alloc(0);
        // Where the path is a folder, the error does not name it.
        throw Object.assign(error, { path: file });
      });
      known = data.length;
      // A line without its newline was not finished: a line and its newline are written together.
      const lines = data.toString("utf8").split("\n");
      const torn = lines.pop()!;
      return { lines, isTorn: torn !== "" };
    },
    append: async (sequence, text) => {
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, "a", 0o600);
      try {
        const { size } = await handle.stat();
        refuseOther(size, sequence);
        const line = Buffer.from(`${text}\n`);
        await handle.write(line);
        known = size + line.length;
        refuseOther((await handle.stat()).size, sequence);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    dropTorn: async (lines) => {
      const whole = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      await writeFile(file, whole, { mode: 0o600 });
      known = whole.length;
    },
  };
};

/** Digits of a line's number in its key: keys sort by number. */
const DIGITS = 6;

/**
 * Keeps a journal in S3, one object for each line, so that a machine that is lost takes nothing with it. S3 creates an
 * object only if its key is free, so that of two deployments one fails at its first line.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @param url like `s3://bucket/prefix`
 * @throws UserError if the text is no such URL
 */
export async function s3Store(url: string, env: NodeJS.ProcessEnv): Promise<JournalStore> {
  const { bucket, prefix } = parseS3Folder(
    url,
    `--journal ${JSON.stringify(url)} is not a place for a journal.`,
    "Leave it out to keep the journal in the plan folder.",
  );
  const { ListObjectsV2Command, GetObjectCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await s3Client(env);
  const keyOf = (sequence: number) => `${prefix}/${String(sequence).padStart(DIGITS, "0")}.json`;
  return {
    place: url,
    read: async () => {
      const texts: string[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}/`, ContinuationToken: token }),
        );
        for (const { Key } of page.Contents ?? []) {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
          texts.push(await Body!.transformToString());
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return { lines: texts, isTorn: false };
    },
    append: async (sequence, text) => {
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: keyOf(sequence),
        Body: text,
        ContentType: "application/json",
        IfNoneMatch: "*",
      });
      await client.send(put).catch((error: Error) => {
        if (!isTaken(error)) throw error;
        throw new UserError({
          what: `another deployment has just written line ${sequence} of ${url}.`,
          remedy: "Let it go on. It deploys the same plans.",
          exitCode: EXIT.elsewhere,
        });
      });
    },
    // S3 has an object whole or not at all, so no line is torn.
    dropTorn: () => Promise.resolve(),
  };
}
