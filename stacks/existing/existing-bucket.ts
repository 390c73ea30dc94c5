import { DataAwsCloudcontrolapiResource } from "@cdktf/provider-aws/lib/data-aws-cloudcontrolapi-resource";
import { DataAwsS3BucketPolicy } from "@cdktf/provider-aws/lib/data-aws-s3-bucket-policy";
import { Construct } from "constructs";
import { arns, type Place } from "../names";
import { addressOf, stopUnless, warnUnless } from "./expectation";
import { refusesKey, refusesPlainHttp, refusesWrites } from "./policy-expression";

/** Which bucket is examined, and how it is used. */
export interface ExistingBucketProps {
  /** What messages begin with: account, region and setting, as in `payments in eu-central-1: transcripts.bucket`. */
  readonly label: string;
  /** Account and region of the bucket, which are those of the stack. */
  readonly place: Place;
  /** Name of the bucket. */
  readonly name: string;
  /** Key prefix of transcripts, without slash at either end: `<prefix>/<account>/<region>`. */
  readonly prefix: string;
  /** ARN of the KMS key that the bucket encrypts with according to the map; null: SSE-S3 (AES256). */
  readonly keyArn: string | null;
}

/**
 * Examines an existing bucket that the map names, in the account and region of the stack. Wrong encryption stops the
 * plan. Missing protection, and a policy that refuses transcripts, cause warnings.
 * @see docs/decisions/0012-what-exists-is-looked-at.md
 * @example
 * new ExistingBucket(this, "ExistingBucket", {
 *   label: "payments in eu-central-1: transcripts.bucket", place, name: "central-logs",
 *   prefix: "sessions/222222222222/eu-central-1", keyArn: null,
 * });
 */
export class ExistingBucket extends Construct {
  constructor(scope: Construct, id: string, { label, place, name, prefix, keyArn }: ExistingBucketProps) {
    super(scope, id);
    // Observed with AWS provider 5.100.0: no other data source has a bucket's encryption, versioning and Object Lock.
    const bucket = new DataAwsCloudcontrolapiResource(this, "Default", {
      typeName: "AWS::S3::Bucket",
      identifier: name,
      lifecycle: stopUnless({
        holds: encryptsWith("self.properties", keyArn),
        otherwise: `${label}: the bucket ${name} does not encrypt with ${keyArn ?? "S3's own key (AES256)"} by default, which is all that instances may use: every transcript would be lost. Change its default encryption, naming a key by its ARN, or change transcripts.bucket.keyArn.`,
      }),
    });
    // Observed: reading this data source fails, and stops the plan, if the bucket has no policy.
    const policy = new DataAwsS3BucketPolicy(this, "PolicyThatRefusesPlainHttp", { bucket: name });
    const properties = `jsondecode(${addressOf(bucket)}.properties)`;
    const document = `jsondecode(${addressOf(policy)}.policy)`;
    const object = `${arns.bucket(place, name)}/${prefix}/alice.log`;
    warnUnless(this, id, [
      {
        holds: `try(${properties}.VersioningConfiguration.Status, "") == "Enabled"`,
        otherwise: `${label}: the bucket ${name} is not versioned, and a transcript that is overwritten is gone. Switch versioning on.`,
      },
      {
        holds: `can(${properties}.ObjectLockConfiguration.Rule.DefaultRetention.Mode)`,
        otherwise: `${label}: the bucket ${name} has no Object Lock with a default retention, and transcripts can be deleted. Switch it on.`,
      },
      {
        holds: `!${refusesWrites(document, object)}`,
        otherwise: `${label}: the policy of the bucket ${name} refuses every write below ${prefix}/, so that no transcript would get there. Take that statement out.`,
      },
      ...(keyArn === null
        ? []
        : [
            {
              holds: `!${refusesKey(document, keyArn)}`,
              otherwise: `${label}: the policy of the bucket ${name} refuses what is encrypted with ${keyArn}, which is what instances send. Name this key in it.`,
            },
          ]),
      {
        holds: refusesPlainHttp(document),
        otherwise: `${label}: the policy of the bucket ${name} does not refuse plain HTTP. Deny s3:* where aws:SecureTransport is false.`,
      },
    ]);
  }
}

/**
 * Terraform expression: whether the default encryption of a bucket is what the map says. A bucket without an
 * encryption configuration has SSE-S3, as every bucket has since January 2023. DSSE-KMS is not accepted, because
 * SSM Agent treats such a bucket as unencrypted.
 * @param properties expression of the bucket's properties as JSON
 * @param keyArn ARN of the KMS key; null: SSE-S3
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/session/shell/shell.go
 */
export function encryptsWith(properties: string, keyArn: string | null): string {
  const rules = `try(jsondecode(${properties}).BucketEncryption.ServerSideEncryptionConfiguration, [])`;
  const byDefault = "r.ServerSideEncryptionByDefault";
  if (keyArn === null)
    return `alltrue([for r in ${rules} : try(${byDefault}.SSEAlgorithm, "AES256") == "AES256"])`;
  // The configuration of a bucket may have the key's id instead of the ARN. Both mean the same key in its own account.
  const names = JSON.stringify([keyArn, keyArn.split("/").at(-1)!]);
  return `anytrue([for r in ${rules} : try(${byDefault}.SSEAlgorithm == "aws:kms" && contains(${names}, ${byDefault}.KMSMasterKeyID), false)])`;
}
