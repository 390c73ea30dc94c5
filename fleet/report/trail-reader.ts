import { S3Client } from "@aws-sdk/client-s3";
import type { Organization } from "../../accounts/model/organization";
import { attemptsIn, wantsPathStyle } from "../client-settings";
import { trailSessions } from "./trail";
import { trailBucketOf, trailBucketSessions } from "./trail-bucket";
import type { ReadProps } from "./target-reader";

/**
 * Makes the function that reads the sessions of a target from CloudTrail: from its event history, or from the files of a
 * trail. The bucket of a trail may belong to an account outside the map, so the credentials of the environment read it.
 * @param url the bucket of a trail; undefined: the event history
 * @throws UserError if the URL names no bucket
 */
export function trailReader(
  organization: Organization,
  period: ReadProps["period"],
  {
    url,
    env,
    signal,
  }: { readonly url: string | undefined; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): NonNullable<ReadProps["trail"]> {
  if (url === undefined) return (_target, { cloudtrail }) => trailSessions(cloudtrail, period, { signal });
  const place = trailBucketOf(url);
  const s3 = trailClient(organization, env);
  return ({ account, region }, _clients, sawDay) =>
    trailBucketSessions(
      s3,
      place,
      { accountId: account.id, region, organizationId: organization.id },
      period,
      sawDay,
    );
}

/** A client for the bucket of a trail, with the credentials of the environment. */
export const trailClient = (organization: Organization, env: NodeJS.ProcessEnv): S3Client =>
  new S3Client({
    region: env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? organization.targets[0]!.region,
    retryMode: "adaptive",
    maxAttempts: attemptsIn(env),
    followRegionRedirects: true,
    forcePathStyle: wantsPathStyle(env),
  });
