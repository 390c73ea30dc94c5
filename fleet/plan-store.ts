import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { z } from "zod";
import { allOrNothing } from "../files/all-or-nothing";
import { sha256Of } from "../files/checksum";
import { UserError } from "../processes/user-error";
import { refuseExisting } from "./plan-folder";
import { isTaken, parseS3Folder, type S3Folder } from "./s3-folder";

/** How many objects are written or read side by side. */
const PARALLEL = 16;

/** The object that lists the files of a stored folder with their checksums. It is written last. */
const INDEX = "files.json";

/** Whether a path with `/` stays within its folder: each of its parts is a name. A backslash divides paths on Windows. */
const staysWithin = (path: string): boolean =>
  path.split("/").every((part) => !["", ".", ".."].includes(part) && !/[\\\0]/.test(part));

/** Checksums of the files of a folder, by their paths. */
const index = z.record(z.string().refine(staysWithin), z.string().regex(/^[0-9a-f]{64}$/));

/**
 * Where a plan folder is stored, and the checksum of the list of its files, like `s3://bucket/prefix#<64 hex digits>`.
 * Who has it from a trusted place, such as the output of a job, gets these files or none: whoever can write into the
 * bucket cannot put other plans in their place.
 */
export type StoredPlan = S3Folder & { readonly checksum: string };

const EXAMPLE_REMEDY = "Give what session-audit store has printed.";

/** @throws UserError if the text names no stored plan folder */
export function parseStoredPlan(text: string): StoredPlan {
  const [url, checksum, ...more] = text.split("#");
  const what = `${JSON.stringify(text)} is not a stored plan folder.`;
  if (!/^[0-9a-f]{64}$/.test(checksum ?? "") || more.length > 0) {
    throw new UserError({
      what,
      allowed: "s3://<bucket>/<prefix>#<checksum of 64 hex digits>",
      remedy: EXAMPLE_REMEDY,
    });
  }
  return { ...parseS3Folder(url!, what, EXAMPLE_REMEDY), checksum: checksum! };
}

/**
 * Copies a folder into S3, where nothing may be yet. The encryption is that of the bucket.
 * @returns the checksum of the list of files
 * @throws UserError if something is there
 */
export async function storePlan(folder: string, { bucket, prefix }: S3Folder, s3: S3Client): Promise<string> {
  const { PutObjectCommand } = await import("@aws-sdk/client-s3");
  const put = async (name: string, Body: Buffer | string) => {
    // Two jobs that store in one place would mix their plans: S3 creates an object only if its key is free.
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: `${prefix}/${name}`,
      Body,
      IfNoneMatch: "*",
    });
    await s3.send(command).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
      throw new UserError({
        what: `s3://${bucket}/${prefix} has a plan folder already.`,
        remedy: "Name another place: a stored plan folder is never overwritten.",
      });
    });
  };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const checksums = await forEach(files, async (file): Promise<[string, string]> => {
    const name = relative(folder, file).split(sep).join("/");
    const data = await readFile(file);
    await put(`files/${name}`, data);
    return [name, sha256Of(data)];
  });
  const list = JSON.stringify(Object.fromEntries(checksums.sort(([a], [b]) => (a < b ? -1 : 1))));
  await put(INDEX, list);
  return sha256Of(Buffer.from(list));
}

/** Reads an object of a stored folder. @throws UserError if it is gone, or is not the one that was stored */
async function readerOf({ bucket, prefix }: StoredPlan, s3: S3Client) {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  return async (name: string, expected: string): Promise<Buffer> => {
    const Key = `${prefix}/${name}`;
    const { Body } = await s3
      .send(new GetObjectCommand({ Bucket: bucket, Key }))
      .catch((error: Error): never => {
        // A role that may not list the bucket is not told that an object is missing.
        if (error.name !== "NoSuchKey" && error.name !== "AccessDenied") throw error;
        throw new UserError({
          what: `s3://${bucket}/${Key} cannot be read: ${error.message}`,
          remedy: "Stored plan folders expire. If this one has expired, plan again.",
        });
      });
    const data = Buffer.from(await Body!.transformToByteArray());
    if (sha256Of(data) === expected) return data;
    throw new UserError({
      what: `s3://${bucket}/${Key} is not what was stored.`,
      found: `checksum ${sha256Of(data)} in place of ${expected}`,
      remedy: "Do not deploy it. Find out who wrote into the bucket, and plan again.",
    });
  };
}

/** The files of a stored folder that are wanted, with their checksums. */
async function filesIn(
  { bucket, prefix, checksum }: StoredPlan,
  get: Awaited<ReturnType<typeof readerOf>>,
  wanted: (name: string) => boolean,
): Promise<[name: string, checksum: string][]> {
  const files = index.safeParse(JSON.parse((await get(INDEX, checksum)).toString("utf8")));
  if (files.success) return Object.entries(files.data).filter(([name]) => wanted(name));
  throw new UserError({
    what: `s3://${bucket}/${prefix}/${INDEX} is no list of the files of a plan folder.`,
    found: `at ${JSON.stringify(files.error.issues[0]!.path.join("."))}: ${files.error.issues[0]!.message}`,
    allowed: "paths within the folder, like account-sandbox/plan.json, each with a checksum of 64 hex digits",
    remedy: "Store a plan folder with session-audit store, and give what it prints.",
  });
}

/**
 * Gets a stored folder, whole or not at all.
 * @param folder what is created; nothing may be there
 * @param wanted which files to get, by their paths in the folder; by default all
 * @throws UserError if the stored files are gone, or are not those that were stored
 */
export async function fetchPlan(
  stored: StoredPlan,
  folder: string,
  s3: S3Client,
  wanted: (name: string) => boolean = () => true,
): Promise<void> {
  const get = await readerOf(stored, s3);
  await refuseExisting(folder);
  const chosen = await filesIn(stored, get, wanted);
  await allOrNothing(folder, async (work) => {
    await chmod(work, 0o700);
    const whole = join(work, "plan");
    await mkdir(whole, { mode: 0o700 });
    await forEach(chosen, async ([name, expected]) => {
      const file = join(whole, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, await get(`files/${name}`, expected), { mode: 0o600 });
    });
    return whole;
  });
}

/**
 * Refuses a folder that `fetchPlan` has created before, unless files are still those that were stored.
 * @param names the paths of these files in the folder
 * @throws UserError that names the first other file
 */
export async function refuseOtherThanStored(
  stored: StoredPlan,
  folder: string,
  s3: S3Client,
  names: readonly string[],
): Promise<void> {
  const get = await readerOf(stored, s3);
  for (const [name, expected] of await filesIn(stored, get, (one) => names.includes(one))) {
    const file = join(folder, name);
    const data = await readFile(file).catch(() => null);
    if (data !== null && sha256Of(data) === expected) continue;
    throw new UserError({
      what: `${file} is not what was stored.`,
      found: data === null ? "no such file" : `checksum ${sha256Of(data)} in place of ${expected}`,
      remedy: `Find out who wrote into the folder, and remove ${folder}.`,
    });
  }
}

/**
 * Works on items side by side. After the first failure it begins nothing more, and waits for what runs: nothing is
 * written any more once it throws.
 */
async function forEach<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const limit = pLimit(PARALLEL);
  const results: Result[] = [];
  const failures: unknown[] = [];
  const one = async (item: Item) => {
    if (failures.length > 0) return;
    try {
      results.push(await work(item));
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(items.map((item) => limit(one, item)));
  if (failures.length > 0) throw failures[0];
  return results;
}
