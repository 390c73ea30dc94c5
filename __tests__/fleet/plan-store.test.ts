import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GetObjectCommand } from "@aws-sdk/client-s3";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { sha256Of } from "../../files/checksum";
import { fetchPlan, parseStoredPlan, refuseOtherThanStored, storePlan } from "../../fleet/plan-store";

const PLACE = { bucket: "acme-plans", prefix: "plans/monday" };

let directory: string;
let objects: Map<string, Buffer>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-store-"));
  objects = new Map();
  mkdirSync(join(directory, "plan", "account-sandbox"), { recursive: true });
  writeFileSync(join(directory, "plan", "manifest.json"), "{}");
  writeFileSync(join(directory, "plan", "account-sandbox", "plan.tfplan"), Buffer.from([0, 255, 10]));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A bucket in memory that knows conditional writes. */
const s3 = {
  send: (command: unknown): Promise<unknown> => {
    if (command instanceof PutObjectCommand) {
      const { Key, Body, IfNoneMatch } = command.input;
      if (IfNoneMatch === "*" && objects.has(Key!))
        return Promise.reject(Object.assign(new Error("taken"), { $metadata: { httpStatusCode: 412 } }));
      objects.set(Key!, Buffer.from(Body as Buffer));
      return Promise.resolve({});
    }
    const found = objects.get((command as GetObjectCommand).input.Key!);
    if (!found) return Promise.reject(Object.assign(new Error("no such key"), { name: "NoSuchKey" }));
    return Promise.resolve({ Body: { transformToByteArray: () => Promise.resolve(found) } });
  },
} as unknown as S3Client;

const store = () => storePlan(join(directory, "plan"), PLACE, s3);
const fetch = (checksum: string) => fetchPlan({ ...PLACE, checksum }, join(directory, "copy"), s3);

it("brings back what was stored, for its owner alone", async () => {
  await fetch(await store());
  expect(readFileSync(join(directory, "copy", "account-sandbox", "plan.tfplan"))).toEqual(
    Buffer.from([0, 255, 10]),
  );
  expect(readdirSync(join(directory, "copy")).sort()).toEqual(["account-sandbox", "manifest.json"]);
  expect(statSync(join(directory, "copy")).mode & 0o777).toBe(0o700);
});

it("names a folder by all of its files", async () => {
  const first = await store();
  objects.clear();
  expect(await store()).toBe(first);
  objects.clear();
  writeFileSync(join(directory, "plan", "account-sandbox", "plan.json"), "{}");
  expect(await store()).not.toBe(first);
});

it("writes nothing over a folder that is there", async () => {
  await store();
  const before = new Map(objects);
  writeFileSync(join(directory, "plan", "manifest.json"), '{"other":1}');
  await expect(store()).rejects.toThrow("has a plan folder already");
  expect(objects).toEqual(before);
});

it.each<[what: string, change: (objects: Map<string, Buffer>) => void, error: string]>([
  [
    "a file that was changed",
    (all) => all.set("plans/monday/files/manifest.json", Buffer.from("[]")),
    "files/manifest.json is not what was stored",
  ],
  [
    "a list that was changed, with its files",
    (all) => {
      const text = '{"manifest.json":"';
      const hash = createHash("sha256").update("[]").digest("hex");
      all.set("plans/monday/files/manifest.json", Buffer.from("[]"));
      all.set("plans/monday/files.json", Buffer.from(`${text}${hash}"}`));
    },
    "files.json is not what was stored",
  ],
  ["a file that is gone", (all) => all.delete("plans/monday/files/manifest.json"), "plan again"],
  ["a folder that has expired", (all) => all.clear(), "plan again"],
])("takes nothing of a folder with %s", async (_, change, error) => {
  const checksum = await store();
  change(objects);
  await expect(fetch(checksum)).rejects.toThrow(error);
  expect(readdirSync(directory)).toEqual(["plan"]);
});

it.each([
  "../escaped",
  "a/../../escaped",
  "a/../../../escaped",
  "a/..",
  "./a",
  "a/./b",
  "/etc/passwd",
  "a//b",
  "a/",
  "",
  "..\\escaped",
  "a\\..\\..\\escaped",
])("writes no file at %j", async (path) => {
  const data = Buffer.from("text");
  const list = Buffer.from(JSON.stringify({ [path]: sha256Of(data) }));
  objects.set("plans/monday/files.json", list);
  objects.set(`plans/monday/files/${path}`, data);
  await expect(fetch(sha256Of(list))).rejects.toThrow(/is no list of the files of a plan folder/);
  expect(readdirSync(directory)).toEqual(["plan"]);
});

it("keeps names that begin with a dot, or have two of them", async () => {
  for (const name of [".terraform.lock.hcl", "a..b", "..."])
    writeFileSync(join(directory, "plan", "account-sandbox", name), name);
  await fetch(await store());
  expect(readdirSync(join(directory, "copy", "account-sandbox")).sort()).toEqual(
    ["...", ".terraform.lock.hcl", "a..b", "plan.tfplan"].sort(),
  );
});

it.each<[what: string, change: (copy: string) => void, error: string | null]>([
  ["is as it was fetched", () => {}, null],
  ["has a further file", (copy) => writeFileSync(join(copy, "apply.log"), ""), null],
  [
    "has another manifest",
    (copy) => writeFileSync(join(copy, "manifest.json"), "[]"),
    "is not what was stored",
  ],
  ["has no manifest any more", (copy) => rmSync(join(copy, "manifest.json")), "no such file"],
])("judges a fetched folder that %s", async (_, change, error) => {
  const checksum = await store();
  await fetch(checksum);
  const copy = join(directory, "copy");
  change(copy);
  const judged = refuseOtherThanStored({ ...PLACE, checksum }, copy, s3, ["manifest.json"]);
  if (error === null) await judged;
  else await expect(judged).rejects.toThrow(error);
});

it("replaces no folder", async () => {
  const checksum = await store();
  mkdirSync(join(directory, "copy"));
  await expect(fetch(checksum)).rejects.toThrow("a plan folder is never overwritten");
});

it("reads what store prints", () => {
  const checksum = "0f".repeat(32);
  expect(parseStoredPlan(`s3://acme-plans/plans/monday#${checksum}`)).toEqual({ ...PLACE, checksum });
});

it.each([
  "s3://acme-plans/plans/monday",
  "s3://acme-plans/plans/monday#0f",
  `s3://acme-plans#${"0f".repeat(32)}`,
  `/plans/monday#${"0f".repeat(32)}`,
  `s3://acme-plans/plans#${"0f".repeat(32)}#`,
])("refuses %j, which names no stored plan folder", (text) => {
  expect(() => parseStoredPlan(text)).toThrow(/is not a stored plan folder/);
});
