import type { AwsRequest } from "./protocol";

/** The bucket whose policy a request is about. */
export function policyOf({ service, url }: Pick<AwsRequest, "service" | "url">): string | undefined {
  return service === "s3" ? /^\/([^/?]+)\/?\?(?:.*&)?policy(?:[=&]|$)/.exec(url)?.[1] : undefined;
}

/** The bucket whose replication a request is about. */
export function replicatedBy({ service, url }: Pick<AwsRequest, "service" | "url">): string | undefined {
  return service === "s3" ? /^\/([^/?]+)\/?\?(?:.*&)?replication(?:[=&]|$)/.exec(url)?.[1] : undefined;
}
