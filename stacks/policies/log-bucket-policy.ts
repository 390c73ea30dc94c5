import { arns, names, principalOf, type Place } from "../names";
import {
  refuseDeletion,
  refuseForeignAdministration,
  refuseOldTls,
  refuseAccessPoints,
  refuseOtherWriters,
  refusePlainHttp,
} from "./bucket-policy";
import { policy, type Policy, type Statement } from "./policy";

/** The bucket for server access logs, and the bucket whose access is logged. */
export interface AccessLogging {
  /** Name of the bucket for access logs. */
  readonly bucket: string;
  /** Name of the bucket whose access is logged. */
  readonly source: string;
}

/**
 * Lets S3 deliver the access logs of one source bucket of the account.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export const deliveryOfAccessLogs = (place: Place, { bucket, source }: AccessLogging): Statement => ({
  Sid: "S3DeliversAccessLogs",
  Effect: "Allow",
  Principal: { Service: principalOf("logging.s3", place) },
  Action: ["s3:PutObject"],
  Resource: `${arns.bucket(place, bucket)}/*`,
  Condition: {
    ArnEquals: { "aws:SourceArn": arns.bucket(place, source) },
    StringEquals: { "aws:SourceAccount": place.account.id },
  },
});

/**
 * The policy of a bucket of server access logs. S3 delivers the logs of one source bucket, nobody else writes, and
 * other accounts change nothing.
 * @param protect whether deletion is refused to everybody
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export function accessLogBucketPolicy(
  place: Place,
  { bucket: name, source, protect }: AccessLogging & { readonly protect: boolean },
): Policy {
  const bucket = { arn: arns.bucket(place, name) };
  return policy(
    deliveryOfAccessLogs(place, { bucket: name, source }),
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseAccessPoints(bucket),
    // null: AWS does not document the value of aws:PrincipalServiceName when S3 delivers access logs.
    refuseOtherWriters(bucket, null),
    refuseForeignAdministration(bucket, place),
    protect && refuseDeletion(bucket),
  );
}

/**
 * The policy of a trail's bucket. CloudTrail delivers the files of this trail below the account's own prefix,
 * nobody else writes, and other accounts change nothing.
 * @param protect whether deletion is refused to everybody
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function trailBucketPolicy(place: Place, { protect }: { protect: boolean }): Policy {
  const bucket = { arn: arns.bucket(place, names.trailBucket(place)) };
  const thisTrail = { "aws:SourceArn": arns.trail(place) };
  const cloudTrail = { Service: principalOf("cloudtrail", place) };
  return policy(
    {
      Sid: "CloudTrailChecksAcl",
      Effect: "Allow",
      Principal: cloudTrail,
      Action: ["s3:GetBucketAcl"],
      Resource: bucket.arn,
      Condition: { StringEquals: thisTrail },
    },
    {
      // CloudTrail writes a test file when the trail is created, so the trail depends on this policy.
      Sid: "CloudTrailDelivers",
      Effect: "Allow",
      Principal: cloudTrail,
      Action: ["s3:PutObject"],
      Resource: `${bucket.arn}/AWSLogs/${place.account.id}/*`,
      Condition: { StringEquals: { ...thisTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseAccessPoints(bucket),
    refuseOtherWriters(bucket, principalOf("cloudtrail", place)),
    refuseForeignAdministration(bucket, place),
    protect && refuseDeletion(bucket),
  );
}
