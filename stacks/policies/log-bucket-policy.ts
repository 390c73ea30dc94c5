import { arns, names, principalOf, type Place } from "../names";
import { refuseDeletion, refuseForeignAdministration, refuseOldTls, refusePlainHttp } from "./bucket-policy";
import { policy, type Policy } from "./policy";

/** The policy of a bucket of server access logs: S3 delivers them, for one source bucket. */
export function accessLogBucketPolicy(
  place: Place,
  { bucket: name, source, protect }: { bucket: string; source: string; protect: boolean },
): Policy {
  const bucket = { arn: arns.bucket(place, name) };
  return policy(
    {
      Sid: "S3DeliversAccessLogs",
      Effect: "Allow",
      Principal: { Service: principalOf("logging.s3", place) },
      Action: ["s3:PutObject"],
      Resource: `${bucket.arn}/*`,
      Condition: {
        ArnEquals: { "aws:SourceArn": arns.bucket(place, source) },
        StringEquals: { "aws:SourceAccount": place.account.id },
      },
    },
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseForeignAdministration(bucket, place),
    protect && refuseDeletion(bucket),
  );
}

/** The policy of a trail's bucket: CloudTrail delivers this trail, under the account's own prefix. */
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
      // CloudTrail test-writes to the bucket when the trail is created.
      Sid: "CloudTrailDelivers",
      Effect: "Allow",
      Principal: cloudTrail,
      Action: ["s3:PutObject"],
      Resource: `${bucket.arn}/AWSLogs/${place.account.id}/*`,
      Condition: { StringEquals: { ...thisTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseForeignAdministration(bucket, place),
    protect && refuseDeletion(bucket),
  );
}
