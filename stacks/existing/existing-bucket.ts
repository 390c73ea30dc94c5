import { DataAwsCloudcontrolapiResource } from "@cdktf/provider-aws/lib/data-aws-cloudcontrolapi-resource";
import { DataAwsS3BucketPolicy } from "@cdktf/provider-aws/lib/data-aws-s3-bucket-policy";
import { Construct } from "constructs";
import { arns, type Place } from "../names";
import { addressOf, stopUnless, warnUnless } from "./expectation";
import { refusesKey, refusesPlainHttp, refusesWrites } from "./policy-expression";

export interface ExistingBucketProps {
  /** Account, region and setting, as messages name them: `payments in eu-central-1: transcripts.bucket`. */
  readonly label: string;
  readonly place: Place;
  readonly name: string;
  /** `<prefix>/<account>/<region>` */
  readonly prefix: string;
  /** ARN of the key that the map says the bucket encrypts with; null: S3's own key (AES256). */
  readonly keyArn: string | null;
}

/** Looks at a bucket that a map names, of the account and region of the stack. */
export class ExistingBucket extends Construct {
  constructor(scope: Construct, id: string, { label, place, name, prefix, keyArn }: ExistingBucketProps) {
    super(scope, id);
    // The only data source of the provider that has a bucket's encryption, versioning and Object Lock.
    const bucket = new DataAwsCloudcontrolapiResource(this, "Default", {
      typeName: "AWS::S3::Bucket",
      identifier: name,
      lifecycle: stopUnless({
        holds: encryptsWith("self.properties", keyArn),
        otherwise: `${label}: the bucket ${name} does not encrypt with ${keyArn ?? "S3's own key (AES256)"} by default, which is all that instances may use: every transcript would be lost. Change its default encryption, naming a key by its ARN, or change transcripts.bucket.keyArn.`,
      }),
    });
    // A bucket without a policy is an error of this one.
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

/** A bucket that says nothing has AES256, as S3 gives all since 2023. DSSE counts as unencrypted to the agent. */
function encryptsWith(properties: string, keyArn: string | null): string {
  const rules = `try(jsondecode(${properties}).BucketEncryption.ServerSideEncryptionConfiguration, [])`;
  const byDefault = "r.ServerSideEncryptionByDefault";
  if (keyArn === null)
    return `alltrue([for r in ${rules} : try(${byDefault}.SSEAlgorithm, "AES256") == "AES256"])`;
  // Of this account's key, the id alone says as much as the ARN.
  const names = JSON.stringify([keyArn, keyArn.split("/").at(-1)!]);
  return `anytrue([for r in ${rules} : try(${byDefault}.SSEAlgorithm == "aws:kms" && contains(${names}, ${byDefault}.KMSMasterKeyID), false)])`;
}
