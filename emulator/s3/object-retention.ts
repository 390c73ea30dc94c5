import { HeadObjectCommand, NotFound } from "@aws-sdk/client-s3";
import type { AccountClients } from "../clients/account-clients";
import { bucketAndKey } from "../gateway/bucket-urls";
import { AwsError, type Handler } from "../gateway/protocol";
import type { BucketOwners } from "./bucket-owners";

/**
 * Answers `GetObjectRetention`, which moto lacks, from the headers of `HeadObject`, which moto has.
 * @throws AwsError with the error code of S3 if the object does not exist or has no retention
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
 */
export const objectRetention =
  (accounts: AccountClients, owners: Pick<BucketOwners, "of">): Handler =>
  async (request) => {
    const { method, service, region } = request;
    const { searchParams } = new URL(request.url, "http://gateway");
    const { bucket, key } = bucketAndKey(request);
    if (service !== "s3" || method !== "GET" || key === "" || !searchParams.has("retention"))
      return undefined;
    const owner = await owners.of(bucket);
    if (owner === undefined) throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
    const { s3 } = await accounts.in(owner, region);
    const VersionId = searchParams.get("versionId") ?? undefined;
    const head = await s3
      .send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId }))
      .catch((error) => {
        if (error instanceof NotFound)
          throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
        throw error;
      });
    const { ObjectLockMode, ObjectLockRetainUntilDate } = head;
    if (ObjectLockMode === undefined || ObjectLockRetainUntilDate === undefined) {
      const text = "The specified object does not have a ObjectLock configuration";
      throw new AwsError("NoSuchObjectLockConfiguration", text, 404);
    }
    const until = ObjectLockRetainUntilDate.toISOString();
    return {
      status: 200,
      headers: { "content-type": "application/xml" },
      body: `<?xml version="1.0" encoding="UTF-8"?><Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Mode>${ObjectLockMode}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`,
    };
  };
