import { UserError } from "../../../processes/user-error";
import { DirectoryPlace } from "./directory-place";
import type { Place } from "./place";
import { S3Place } from "./s3-place";

/**
 * The place that `--out` and `report verify` name.
 * @param cwd folder that relative paths begin at
 * @throws UserError if the URL names no bucket, or if there is no name at all: it is never taken for the current directory
 * @example openPlace("s3://acme-reports/weekly", { cwd: process.cwd(), env: process.env })
 */
export function openPlace(
  where: string,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Place {
  if (where.trim() !== "" && !/^[a-z0-9]+:\/\//i.test(where)) return new DirectoryPlace(where, cwd);
  const [, bucket, prefix = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/.exec(where) ?? [];
  if (bucket === undefined) {
    throw new UserError({
      what: `${JSON.stringify(where)} is not a place for reports.`,
      allowed: "a folder, or s3://<bucket>/<prefix>",
      remedy: "Name the folder or the bucket in which reports are kept.",
    });
  }
  return new S3Place(bucket, prefix, env);
}
