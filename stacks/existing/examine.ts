import type { Construct } from "constructs";
import type { Target } from "../../accounts/model/organization";
import type { Settings } from "../../accounts/model/settings";
import { topicArn, type Place } from "../names";
import type { Destinations } from "../policies/destinations";
import { requiredOfBucketKey } from "../policies/existing-bucket-policy";
import { topicStatements } from "../policies/notification-policy";
import type { Statement } from "../policies/policy";
import { ExistingBucket } from "./existing-bucket";
import { ExistingKey } from "./existing-key";
import { ExistingLogGroup } from "./existing-log-group";
import { ExistingTopic } from "./existing-topic";
import { warnUnless } from "./expectation";

/**
 * Looks, in each plan, at what a map names and Terraform does not manage: as far as it lies in the account and region
 * of the stack. What lies elsewhere is not ours to read, and a plan must not fail of that.
 */

/** A place, and how people call it. */
export interface Examined {
  readonly place: Place;
  /** `payments in eu-central-1` */
  readonly where: string;
}

export const examined = (place: Place, { name }: { readonly name: string }): Examined => ({
  place,
  where: `${name} in ${place.region}`,
});

const isHere = ({ account, region }: Place, owner: string, ofRegion: string) =>
  owner === account.id && ofRegion === region;

/** The key of `encryption.mode: existing`, and the output with what its policy must allow. */
export function examineKey(
  scope: Construct,
  id: string,
  { place, where }: Examined,
  key: { readonly keyArn: string | null; readonly required: readonly Statement[]; readonly output: string },
): void {
  const [, , , region, owner] = key.keyArn?.split(":") ?? [];
  if (key.keyArn === null || !isHere(place, owner!, region!)) return;
  new ExistingKey(scope, id, { ...key, keyArn: key.keyArn, place: `${where}: encryption.keyArn` });
}

/** The log group, unless it is created. */
export function examineLogGroup(
  scope: Construct,
  { where }: Examined,
  { logs, preferences }: Settings,
): void {
  if (logs.group.kind !== "existing") return;
  const enforced = preferences.enforce.cloudWatch;
  new ExistingLogGroup(scope, "ExistingLogGroup", {
    where,
    name: logs.group.name,
    settings: logs,
    enforced,
  });
}

/** The bucket and its key, unless a bucket is created. */
export function examineBucket(
  scope: Construct,
  { place, where }: Examined,
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
        otherwise: `${where}: transcripts.bucket: nobody has looked at the bucket ${name}, since the map does not say whose it is. Say transcripts.bucket.account, the id of the account that owns it.`,
      },
    ]);
    return;
  }
  // A bucket lies where its key does.
  if (!isHere(place, accountId, keyArn?.split(":")[3] ?? place.region)) return;
  new ExistingBucket(scope, "ExistingBucket", { where, place, name, prefix: transcripts.prefix, keyArn });
  const [, , , , owner] = keyArn?.split(":") ?? [];
  if (keyArn === null || owner !== place.account.id) return;
  new ExistingKey(scope, "ExistingBucketKey", {
    place: `${where}: transcripts.bucket.keyArn`,
    keyArn,
    required: requiredOfBucketKey(place, name, keyArn),
    output: "required_bucket_key_statements",
  });
}

/** The topics of channels that are on, unless they are created. */
export function examineTopics(
  scope: Construct,
  { place, where }: Examined,
  channels: Partial<Pick<Target["settings"]["notifications"], "activity" | "security">>,
): void {
  for (const [name, channel] of Object.entries(channels)) {
    if (!channel.enabled || channel.topic.kind === "created") continue;
    const arn = topicArn(place, channel, "");
    new ExistingTopic(scope, name === "activity" ? "ExistingActivityTopic" : "ExistingSecurityTopic", {
      place: `${where}: notifications.${name}.topic`,
      topicArn: arn,
      required: topicStatements(place, arn),
    });
  }
}
