import type { AwsRequest } from "./protocol";

type Located = Pick<AwsRequest, "service" | "url">;

/** The bucket that a request creates or deletes, by a URL that names no key and no setting; otherwise undefined. */
export function bucketItselfOf({ service, url }: Located): string | undefined {
  return service === "s3" ? /^\/([^/?]+)\/?(\?x-id=\w+)?$/.exec(url)?.[1] : undefined;
}

/** The bucket and the key in the path of a request to S3. */
export function bucketAndKey({ url }: Pick<AwsRequest, "url">): { bucket: string; key: string } {
  const [, bucket = "", ...key] = new URL(url, "http://gateway").pathname.split("/");
  return { bucket, key: decodeURIComponent(key.join("/")) };
}

/** The bucket whose policy a request reads, sets or deletes; otherwise undefined. */
export const bucketOfPolicy = (request: Located): string | undefined => bucketOfSetting(request, "policy");

/** The bucket whose replication configuration a request reads, sets or deletes; otherwise undefined. */
export const bucketOfReplication = (request: Located): string | undefined =>
  bucketOfSetting(request, "replication");

/** The bucket whose lifecycle a request reads, sets or deletes; otherwise undefined. */
export const bucketOfLifecycle = (request: Located): string | undefined =>
  bucketOfSetting(request, "lifecycle");

function bucketOfSetting({ service, url }: Located, setting: string): string | undefined {
  if (service !== "s3") return undefined;
  const { pathname, searchParams } = new URL(url, "http://gateway");
  const [bucket, ...key] = pathname.split("/").slice(1);
  return bucket !== "" && key.join("") === "" && searchParams.has(setting) ? bucket : undefined;
}
