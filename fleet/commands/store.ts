import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { newCommand, type Context } from "../command";
import { readManifest } from "../plan-folder";
import { fetchPlan, parseStoredPlan, storePlan } from "../plan-store";
import { parseS3Folder, s3Client } from "../s3-folder";

const STORE_EXAMPLES = `
Examples:
  Hand a plan folder over to another job of a pipeline:
    npx session-audit store plans/monday s3://acme-plans/plans/monday

Exit codes:
  0  the plan folder was stored; its place and checksum were printed
  1  it was not stored`;

const FETCH_EXAMPLES = `
Examples:
  Get the plan folder that another job has stored, and deploy it:
    npx session-audit fetch "$STORED" plans/monday
    npx session-audit deploy plans/monday

Exit codes:
  0  the plan folder was made
  1  the stored files are gone, or are not those that were stored`;

/** `session-audit store`: a plan folder into S3. */
export const storeCommand = (context: Context): Command =>
  newCommand("store", context)
    .description(
      "Copies a plan folder into S3, for another job of a pipeline, and prints its place with a checksum: " +
        "s3://<bucket>/<prefix>#<checksum>. Nothing may be in this place yet. Plans hold states: encrypt the bucket with " +
        "a key of your own, and let it expire them. docs/pipelines.md describes such a bucket.",
    )
    .argument("<folder>", "a plan folder, or a part of one")
    .argument("<url>", "s3://<bucket>/<prefix>")
    .addHelpText("after", STORE_EXAMPLES)
    .action(async (name: string, url: string) => {
      const { io } = context;
      const folder = resolve(io.cwd, name);
      const what = `${JSON.stringify(url)} is not a place for a plan folder.`;
      const place = parseS3Folder(url, what, "Name a folder in a bucket.");
      await readManifest(folder);
      const checksum = await storePlan(folder, place, await s3Client(io.env));
      io.stdout.write(`s3://${place.bucket}/${place.prefix}#${checksum}\n`);
    });

/** `session-audit fetch`: a plan folder from S3. */
export const fetchCommand = (context: Context): Command =>
  newCommand("fetch", context)
    .description(
      "Gets a plan folder that `session-audit store` has stored. It refuses every file that is not the stored one.",
    )
    .argument("<stored>", "what store has printed: s3://<bucket>/<prefix>#<checksum>")
    .argument("<folder>", "the plan folder to create")
    .addHelpText("after", FETCH_EXAMPLES)
    .action(async (stored: string, name: string) => {
      const { io } = context;
      const folder = resolve(io.cwd, name);
      await fetchPlan(parseStoredPlan(stored), folder, await s3Client(io.env));
      io.stdout.write(`Plan folder: ${relative(io.cwd, folder) || "."}\n`);
    });
