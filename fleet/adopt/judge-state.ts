import type { Look } from "../aws-errors";
import { lockVerdict, type LockProps } from "./lock-file";
import type { Line, StateFacts } from "./model";

/** The place of the states. */
export type StatePlace = Pick<LockProps, "bucketArn" | "stateKey"> & { readonly bucket: string };

/** What stands in the way in the bucket of the states. */
export function judgeState({ bucket }: StateFacts, place: StatePlace): Line[] {
  const subject = "state";
  if (!bucket.looked)
    return [
      {
        subject,
        verdict: "not-looked-at",
        text: `The bucket ${place.bucket} was not read: ${bucket.reason}.`,
      },
    ];
  if (bucket.value === null)
    return [
      {
        subject,
        verdict: "to-do",
        text: `The bucket ${place.bucket} does not exist.`,
        remedy: "Create it in the region that the map names, with versioning.",
      },
    ];
  const { isVersioned, policy, ...caller } = bucket.value;
  return [versioningLine(place.bucket, isVersioned), ...lockLines(policy, { ...place, ...caller })];
}

function versioningLine(bucket: string, isVersioned: Look<boolean>): Line {
  const subject = "state";
  if (!isVersioned.looked)
    return {
      subject,
      verdict: "not-looked-at",
      text: `The versioning of the bucket ${bucket} was not read: ${isVersioned.reason}.`,
    };
  if (isVersioned.value)
    return { subject, verdict: "ok", text: `The bucket ${bucket} exists, and keeps versions.` };
  return {
    subject,
    verdict: "to-do",
    text: `The bucket ${bucket} does not keep versions: a state that is damaged is lost.`,
    remedy: "Switch versioning on.",
  };
}

function lockLines(policy: Look<string | null>, props: LockProps & { readonly bucket: string }): Line[] {
  const subject = "state";
  const { bucket, principal } = props;
  if (!policy.looked)
    return [
      {
        subject,
        verdict: "not-looked-at",
        text: `The policy of the bucket ${bucket} was not read: ${policy.reason}.`,
      },
    ];
  const { refused, unclear } = lockVerdict(policy.value, props);
  if (refused.length > 0)
    return [
      {
        subject,
        verdict: "to-do",
        text: `The policy of the bucket ${bucket} refuses ${refused.join(", ")} on lock files (*.tflock) to ${principal}.`,
        remedy: "Permit these calls on <prefix>/*.tflock: Terraform locks each state with such a file.",
      },
    ];
  if (unclear.length > 0)
    return [
      {
        subject,
        verdict: "note",
        text: `The policy of the bucket ${bucket} has conditions on ${unclear.join(", ")} of lock files (*.tflock): a plan will show whether they hold.`,
      },
    ];
  return [{ subject, verdict: "ok", text: `The policy of the bucket ${bucket} takes lock files.` }];
}
