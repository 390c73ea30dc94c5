import { DataAwsCloudcontrolapiResource } from "@cdktf/provider-aws/lib/data-aws-cloudcontrolapi-resource";
import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket";
import { DataAwsS3BucketPolicy } from "@cdktf/provider-aws/lib/data-aws-s3-bucket-policy";
import { Construct } from "constructs";
import { arns, type Place } from "../names";
import type { Statement } from "../policies/policy";
import { encryptsWith } from "./existing-bucket";
import { addressOf, stopUnless, warnUnless } from "./expectation";
import { allows, refusesWrites } from "./policy-expression";

/** Which bucket of access logs is examined, and whose access it logs. */
export interface ExistingLogBucketProps {
  /** What messages begin with: account, region and setting, as in `payments in eu-central-1: transcripts.accessLogs`. */
  readonly label: string;
  /** Account and region of the bucket whose access is logged. S3 delivers to buckets of the same account and region. */
  readonly place: Place;
  /** Name of the bucket of access logs. */
  readonly name: string;
  /** Name of the bucket whose access is logged. The keys of its access logs begin with it. */
  readonly source: string;
  /** The statement of the bucket policy that lets S3 deliver. */
  readonly required: Statement;
}

/**
 * Examines an existing bucket for server access logs that the map names. What makes S3 deliver nothing stops the plan,
 * because S3 says nothing when it delivers nothing: another region, a default retention of Object Lock, a KMS key, or no
 * bucket policy. A policy that does not seem to let S3 deliver causes a warning.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 * @see docs/decisions/0012-what-exists-is-looked-at.md
 * @example
 * new ExistingLogBucket(this, "ExistingAccessLogs", {
 *   label: "payments in eu-central-1: transcripts.accessLogs", place, name: "their-logs",
 *   source: names.transcriptBucket(place), required: deliveryOfAccessLogs(place, { bucket: "their-logs", source }),
 * });
 */
export class ExistingLogBucket extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { label, place, name, source, required }: ExistingLogBucketProps,
  ) {
    super(scope, id);
    const there = new DataAwsS3Bucket(this, "Default", {
      bucket: name,
      lifecycle: stopUnless({
        holds: `self.region == ${JSON.stringify(place.region)}`,
        otherwise: `${label}: the bucket ${name} is not in ${place.region}, where the bucket ${source} is, and S3 delivers access logs within a region only. Name a bucket of this account and region.`,
      }),
    });
    // Cloud Control reads buckets of its own region, so it asks after the region is known to be the right one.
    const bucket = new DataAwsCloudcontrolapiResource(this, "Settings", {
      typeName: "AWS::S3::Bucket",
      identifier: name,
      dependsOn: [there],
      lifecycle: stopUnless(
        {
          holds: `!can(jsondecode(self.properties).ObjectLockConfiguration.Rule.DefaultRetention.Mode)`,
          otherwise: `${label}: the bucket ${name} has Object Lock with a default retention, and S3 delivers no access logs to it, without an error. Take the default retention off, or name another bucket.`,
        },
        {
          holds: encryptsWith("self.properties", null),
          otherwise: `${label}: the bucket ${name} encrypts with a KMS key by default, and S3 delivers access logs only to buckets that encrypt with S3's own key (AES256). Change its default encryption, or name another bucket.`,
        },
      ),
    });
    const properties = `jsondecode(${addressOf(bucket)}.properties)`;
    // Without ACLs, only a bucket policy can let S3 deliver. Observed: reading this data source fails, and stops the plan,
    // if the bucket has no policy. A bucket with ACLs may let the group of S3's log delivery in instead, which Cloud
    // Control does not show, so its policy is not read.
    // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html#grant-log-delivery-permissions-general
    const policy = new DataAwsS3BucketPolicy(this, "PolicyThatLetsS3Deliver", { bucket: name });
    const hasNoAcls = `try(${properties}.OwnershipControls.Rules[0].ObjectOwnership, "") == "BucketOwnerEnforced"`;
    policy.addOverride("count", `\${${hasNoAcls} ? 1 : 0}`);
    const document = `jsondecode(${addressOf(policy)}[0].policy)`;
    const object = `${arns.bucket(place, name)}/${source}/2000-01-01-00-00-00-0123456789ABCDEF`;
    const ifRead = (holds: string) => `length(${addressOf(policy)}) == 0 || try(${holds}, false)`;
    warnUnless(this, id, [
      {
        holds: `try(${properties}.ObjectLockConfiguration.ObjectLockEnabled, "") != "Enabled"`,
        otherwise: `${label}: the bucket ${name} has Object Lock, and AWS does not promise to deliver access logs to such a bucket, even without a default retention. Name another bucket.`,
      },
      {
        holds: ifRead(allows(document, required)),
        otherwise: `${label}: the policy of the bucket ${name} does not let S3 deliver access logs. Add the statement ${required.Sid} of the output required_access_log_statements to it.`,
      },
      {
        holds: ifRead(`!${refusesWrites(document, object)}`),
        otherwise: `${label}: the policy of the bucket ${name} refuses every write below ${source}/, so that no access log would get there. Take that statement out.`,
      },
    ]);
  }
}
