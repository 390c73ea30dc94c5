import type { Construct } from "constructs";
import type { Target } from "../../accounts/model/organization";
import type { Settings } from "../../accounts/model/settings";
import { arnParts } from "../../aws/arn";
import type { BaseStack } from "../kit/base-stack";
import { topicArn, type Place } from "../names";
import type { Destinations } from "../policies/destinations";
import { requiredOfBucketKey } from "../policies/existing-bucket-policy";
import { deliveryOfAccessLogs } from "../policies/log-bucket-policy";
import { usesOf } from "../policies/key-policy";
import { statementsOfExistingTopic } from "../policies/notification-policy";
import type { Policy } from "../policies/policy";
import { ExistingBucket } from "./existing-bucket";
import { ExistingKey, type ExistingKeyProps } from "./existing-key";
import { ExistingLogBucket } from "./existing-log-bucket";
import { ExistingLogGroup } from "./existing-log-group";
import { ExistingTopic } from "./existing-topic";
import { warnUnless } from "./expectation";

/**
 * Each plan examines the existing resources that the map names, as far as they are in the account and region of the
 * stack. The stack's credentials need not have access to other accounts, and a plan must not fail for that reason.
 * @see docs/decisions/0012-what-exists-is-looked-at.md
 */

/** The account and region whose resources are examined, with a name for messages. */
export interface Examined {
  /** Account and region of the stack. */
  readonly place: Place;
  /** What messages call them: the name of the account and the region, as in `payments in eu-central-1`. */
  readonly label: string;
}

/**
 * An account and region, labelled for messages. The second parameter is the account as the map has it.
 * @example examined(place, target.account)
 */
export const examined = (place: Place, { name }: { readonly name: string }): Examined => ({
  place,
  label: `${name} in ${place.region}`,
});

/** Whether a resource is in the account and region of the stack. */
const isHere = ({ account, region }: Place, owner: string, ownRegion: string) =>
  owner === account.id && ownRegion === region;

/**
 * Examines the key of `encryption.mode: "existing"`, and declares an output with the statements that its policy needs,
 * because the owner of the key manages that policy. Does nothing in other modes.
 * @param output name of the output
 * @example
 * examineKey(this, "ExistingKey", here, { encryption, policy, output: "required_key_statements" })
 */
export function examineKey(
  stack: BaseStack,
  id: string,
  { place, label }: Examined,
  {
    encryption,
    policy,
    output,
  }: { readonly encryption: Settings["encryption"]; readonly policy: Policy; readonly output: string },
): void {
  if (encryption.mode !== "existing") return;
  const { keyArn } = encryption;
  const required = usesOf(policy);
  stack.output(output, required);
  lookAtKey(stack, id, place, { label: `${label}: encryption.keyArn`, keyArn, required, output });
}

function lookAtKey(scope: Construct, id: string, place: Place, props: ExistingKeyProps): void {
  const { accountId, region } = arnParts(props.keyArn);
  if (isHere(place, accountId, region)) new ExistingKey(scope, id, props);
}

/** Examines the log group of a target if it is an existing one. */
export function examineLogGroup(
  scope: Construct,
  { label }: Examined,
  { logs, preferences }: Settings,
): void {
  if (logs.group.kind !== "existing") return;
  new ExistingLogGroup(scope, "ExistingLogGroup", {
    label: `${label}: logs.group`,
    name: logs.group.name,
    settings: logs,
    enforced: preferences.enforce.cloudWatch,
  });
}

/** Examines the bucket of transcripts and its key if it is an existing one. */
export function examineBucket(
  scope: Construct,
  { place, label }: Examined,
  { transcripts: { bucket } }: Settings,
  { transcripts }: Destinations,
): void {
  if (bucket.kind !== "existing" || transcripts === null) return;
  const { name, keyArn, accountId } = bucket;
  if (accountId === null) {
    warnUnless(scope, "ExistingBucketHasAnOwner", [
      {
        // This is never true, because the name is never empty. Observed: Terraform rejects an assertion that refers
        // to no object of the configuration.
        holds: 'aws_ssm_document.Preferences.name == ""',
        otherwise: `${label}: transcripts.bucket: nobody has looked at the bucket ${name}, since the map does not say whose it is. Say transcripts.bucket.account, the id of the account that owns it.`,
      },
    ]);
    return;
  }
  // The map does not say the region of a bucket. It is that of the bucket's key, because SSE-KMS requires a key in the
  // same region.
  // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
  if (!isHere(place, accountId, keyArn === null ? place.region : arnParts(keyArn).region)) return;
  new ExistingBucket(scope, "ExistingBucket", {
    label: `${label}: transcripts.bucket`,
    place,
    name,
    prefix: transcripts.prefix,
    keyArn,
  });
  if (keyArn === null) return;
  lookAtKey(scope, "ExistingBucketKey", place, {
    label: `${label}: transcripts.bucket.keyArn`,
    keyArn,
    required: requiredOfBucketKey(place, name, keyArn),
    output: "required_bucket_key_statements",
  });
}

const TRANSCRIPT_LOGS = { id: "ExistingAccessLogs", output: "required_access_log_statements" } as const;
/** Ids for the access logs of a bucket of recordings. */
export const RECORDING_LOGS = {
  id: "ExistingRecordingAccessLogs",
  output: "required_recording_access_log_statements",
} as const;

/**
 * Examines the existing bucket for the access logs of a bucket of transcripts, and declares an output with the statement
 * that its policy needs. Does nothing if the map names none.
 * @param source name of the bucket whose access is logged
 * @param as ids of the construct and of the output
 */
export function examineAccessLogs(
  stack: BaseStack,
  { place, label }: Examined,
  { accessLogs }: Settings["transcripts"],
  source: string,
  as: { readonly id: string; readonly output: string } = TRANSCRIPT_LOGS,
): void {
  if (accessLogs.kind !== "existing") return;
  const required = deliveryOfAccessLogs(place, { bucket: accessLogs.name, source });
  stack.output(as.output, [required]);
  new ExistingLogBucket(stack, as.id, {
    label: `${label}: transcripts.accessLogs`,
    place,
    name: accessLogs.name,
    source,
    required,
  });
}

/** Examines the existing topics of the channels that are enabled. */
export function examineTopics(
  scope: Construct,
  { place, label }: Examined,
  channels: Partial<Pick<Target["settings"]["notifications"], "activity" | "security">>,
): void {
  for (const [name, channel] of Object.entries(channels)) {
    if (!channel.enabled || channel.topic.kind !== "existing") continue;
    const arn = topicArn(place, channel, "")!;
    new ExistingTopic(scope, name === "activity" ? "ExistingActivityTopic" : "ExistingSecurityTopic", {
      label: `${label}: notifications.${name}.topic`,
      topicArn: arn,
      required: statementsOfExistingTopic(place, arn),
    });
  }
}
