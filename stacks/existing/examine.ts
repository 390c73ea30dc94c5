import type { Construct } from "constructs";
import type { Target } from "../../accounts/model/organization";
import type { Settings } from "../../accounts/model/settings";
import { arnParts } from "../../aws/arn";
import type { BaseStack } from "../kit/base-stack";
import { topicArn, type Place } from "../names";
import type { Destinations } from "../policies/destinations";
import { requiredOfBucketKey } from "../policies/existing-bucket-policy";
import { usesOf } from "../policies/key-policy";
import { topicStatements } from "../policies/notification-policy";
import type { Policy } from "../policies/policy";
import { ExistingBucket } from "./existing-bucket";
import { ExistingKey, type ExistingKeyProps } from "./existing-key";
import { ExistingLogGroup } from "./existing-log-group";
import { ExistingTopic } from "./existing-topic";
import { warnUnless } from "./expectation";

/**
 * Examines, in each plan, what a map names and Terraform does not manage, as far as it is in the account and region of
 * the stack. The credentials of a stack may not read another account, and a plan must not fail because of that.
 */

/** A place, and what messages call it. */
export interface Examined {
  readonly place: Place;
  /** `payments in eu-central-1` */
  readonly label: string;
}

export const examined = (place: Place, { name }: { readonly name: string }): Examined => ({
  place,
  label: `${name} in ${place.region}`,
});

const isHere = ({ account, region }: Place, owner: string, ownRegion: string) =>
  owner === account.id && ownRegion === region;

/**
 * The key of `encryption.mode: existing`: an output with what its policy must allow, since its owner manages the
 * policy, and an examination of the key.
 * @param output name of the output
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

/** The log group, unless it is created. */
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

/** The bucket and its key, unless a bucket is created. */
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
        // It is always there and never empty: Terraform wants an assertion to refer to something.
        holds: 'aws_ssm_document.Preferences.name == ""',
        otherwise: `${label}: transcripts.bucket: nobody has looked at the bucket ${name}, since the map does not say whose it is. Say transcripts.bucket.account, the id of the account that owns it.`,
      },
    ]);
    return;
  }
  // A bucket is in the region of its key.
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

/** The topics of channels that are on, unless they are created. */
export function examineTopics(
  scope: Construct,
  { place, label }: Examined,
  channels: Partial<Pick<Target["settings"]["notifications"], "activity" | "security">>,
): void {
  for (const [name, channel] of Object.entries(channels)) {
    if (!channel.enabled || channel.topic.kind === "created") continue;
    const arn = topicArn(place, channel, "");
    new ExistingTopic(scope, name === "activity" ? "ExistingActivityTopic" : "ExistingSecurityTopic", {
      label: `${label}: notifications.${name}.topic`,
      topicArn: arn,
      required: topicStatements(place, arn),
    });
  }
}
