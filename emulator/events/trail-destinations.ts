import { arnParts } from "../../aws/arn";
import { partitionOf, regionalArn } from "../clients/partitions";
import { AwsError, type Handler } from "../gateway/protocol";
import type { AuthorizationRequest } from "../iam/authorizer";
import type { Core } from "../iam/core";
import { keyOf } from "../iam/keys";
import { serviceFor } from "../iam/service-principal";

/** The account that owns a bucket; undefined when there is no such bucket. */
export interface Owners {
  of(bucket: string): Promise<string | undefined>;
}

type Trail = Readonly<Partial<Record<"Name" | "S3BucketName" | "S3KeyPrefix" | "KmsKeyId", string>>>;

/**
 * Refuses a trail whose bucket or key does not admit CloudTrail. CloudTrail writes a test file when a trail is created or
 * gets another bucket; moto checks only that the bucket exists.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 * @throws {@link AwsError} with the error code of CloudTrail
 */
export function trailDestinations({ accounts, authorizer, identities }: Core, owners: Owners): Handler {
  return async ({ service, operation, accessKeyId, region, body }) => {
    if (service !== "cloudtrail" || !/^(Create|Update)Trail$/.test(operation)) return undefined;
    const { Name = "", S3BucketName, S3KeyPrefix, KmsKeyId } = JSON.parse(body.toString("utf8")) as Trail;
    const { accountId } = await identities.of(accessKeyId, region);
    const trail = Name.startsWith("arn:")
      ? Name
      : regionalArn("cloudtrail", region, accountId, `trail/${Name}`);
    const principal = serviceFor("cloudtrail", trail);
    const source = { "aws:SourceArn": trail, "aws:SourceAccount": accountId };
    const require = async (request: Omit<AuthorizationRequest, "principal">, code: string, what: string) => {
      const context = { ...source, ...request.context };
      const { allowed, reason } = await authorizer.authorize({ ...request, principal, context });
      if (!allowed) throw new AwsError(code, `${what}: ${reason}`);
    };
    if (S3BucketName !== undefined) {
      const owner = await owners.of(S3BucketName);
      if (owner === undefined)
        throw new AwsError("S3BucketDoesNotExistException", `S3 bucket ${S3BucketName} does not exist!`);
      const bucket = `arn:${partitionOf(region)}:s3:::${S3BucketName}`;
      const prefix = S3KeyPrefix ? `${S3KeyPrefix}/` : "";
      const file = `${bucket}/${prefix}AWSLogs/${accountId}/CloudTrail/${region}/test`;
      const code = "InsufficientS3BucketPolicyException";
      const what = `Incorrect S3 bucket policy is detected for bucket: ${S3BucketName}`;
      await require({ accountId: owner, action: "s3:GetBucketAcl", resource: bucket }, code, what);
      const context = { "s3:x-amz-acl": "bucket-owner-full-control" };
      await require({ accountId: owner, action: "s3:PutObject", resource: file, context }, code, what);
    }
    if (KmsKeyId === undefined || KmsKeyId === "") return undefined;
    const { accountId: named } = arnParts(KmsKeyId);
    const key = await keyOf(await accounts.in(named || accountId, region), KmsKeyId);
    if (key === undefined) throw new AwsError("KmsKeyNotFoundException", `There is no key ${KmsKeyId}`);
    if (!key.usable) throw new AwsError("KmsKeyDisabledException", `${key.arn} is disabled`);
    const use = { accountId: key.accountId, resource: key.arn };
    const code = "InsufficientEncryptionPolicyException";
    const what = `Insufficient permissions to access KMS key ${KmsKeyId}`;
    await require({ ...use, action: "kms:DescribeKey" }, code, what);
    const encryptionContext = { "aws:cloudtrail:arn": trail };
    await require({ ...use, action: "kms:GenerateDataKey", encryptionContext }, code, what);
    return undefined;
  };
}
