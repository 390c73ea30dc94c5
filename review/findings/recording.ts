import { isSet } from "../numbers";
import { isKnown, say, type Values } from "../values";
import { field, preferencesIn, recordsElsewhere, textOf, TYPE } from "./preferences";
import { CHANGING, placeOf, type Rule } from "./rule";
import { exchanged, removed, turnedOff } from "./weakening";

/**
 * Rules about the preferences: where sessions are recorded, and what is refused.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
 */

const RECORDING_DETAIL =
  "What people do in their sessions can no longer be shown there to anybody who investigates. Sessions that are open go on as they began.";

/** Where sessions are recorded. */
const DESTINATIONS: readonly Rule[] = [
  field("s3BucketName", {
    id: "recording-to-s3-off",
    isWeaker: removed,
    severity: (_before, _after, subject) =>
      recordsElsewhere(subject, "cloudWatchLogGroupName") ? "high" : "critical",
    title: ({ place, before }) => `Sessions in ${place} are no longer recorded to S3 (until now: ${before})`,
    detail: RECORDING_DETAIL,
    remedy: "Name a bucket again: transcripts.bucket in the map.",
  }),
  field("cloudWatchLogGroupName", {
    id: "recording-to-cloudwatch-off",
    isWeaker: removed,
    severity: (_before, _after, subject) => (recordsElsewhere(subject, "s3BucketName") ? "high" : "critical"),
    title: ({ place, before }) =>
      `Sessions in ${place} are no longer recorded to CloudWatch Logs (until now: ${before})`,
    detail: RECORDING_DETAIL,
    remedy: "Name a log group again: logs.group in the map.",
  }),
  field("s3BucketName", {
    id: "recording-bucket-changed",
    isWeaker: exchanged,
    severity: "high",
    title: ({ place, before, after }) =>
      `Transcripts of ${place} go to the bucket ${after} instead of ${before}`,
    detail:
      "Transcripts that exist stay where they are. Whoever reads and keeps the old bucket may not have the new one.",
    remedy: "Make sure that the new bucket is yours, and as protected as the old one.",
  }),
  field("cloudWatchLogGroupName", {
    id: "recording-log-group-changed",
    isWeaker: exchanged,
    severity: "medium",
    title: ({ place, before, after }) =>
      `Session logs of ${place} go to the log group ${after} instead of ${before}`,
    detail:
      "Logs that exist stay where they are. Subscriptions and masking of the old log group do not apply to the new one.",
    remedy: "Make sure that the new log group is encrypted, kept and watched like the old one.",
  }),
  field("s3KeyPrefix", {
    id: "recording-prefix-changed",
    isWeaker: (before, after) => removed(before, after) || exchanged(before, after),
    severity: "medium",
    title: ({ place, before, after }) =>
      `Transcripts of ${place} get the prefix ${after} instead of ${before}`,
    detail:
      "The policies of the bucket and of the instances allow one prefix: under another one, uploads fail after the session.",
    remedy: "Make sure that the policies allow the new prefix.",
  }),
  field("cloudWatchStreamingEnabled", {
    id: "recording-streaming-off",
    isWeaker: turnedOff,
    severity: "medium",
    title: ({ place }) => `Session logs of ${place} are no longer written while the session runs`,
    detail:
      "They are uploaded when the session ends. If the instance is terminated before that, no log is left.",
    remedy: "Set logs.streaming: true in the map.",
  }),
];

/** What is refused and encrypted. */
const ENFORCEMENT: readonly Rule[] = [
  field("s3EncryptionEnabled", {
    id: "enforcement-s3-off",
    isWeaker: turnedOff,
    severity: "high",
    title: ({ place }) =>
      `Sessions in ${place} start although the bucket is not encrypted or cannot be reached`,
    detail:
      "SSM Agent no longer checks the bucket before a session starts (s3EncryptionEnabled is false), so a session may leave no transcript.",
    remedy: "Set preferences.enforce.s3: true in the map.",
  }),
  field("cloudWatchEncryptionEnabled", {
    id: "enforcement-cloudwatch-off",
    isWeaker: turnedOff,
    severity: "high",
    title: ({ place }) => `Sessions in ${place} start although the log group is missing or has no key`,
    detail:
      "SSM Agent no longer checks the log group before a session starts (cloudWatchEncryptionEnabled is false), so a session may leave no log.",
    remedy: "Set preferences.enforce.cloudWatch: true in the map.",
  }),
  field("kmsKeyId", {
    id: "session-encryption-off",
    isWeaker: removed,
    severity: "high",
    title: ({ place, before }) => `Session data of ${place} is no longer encrypted with the key ${before}`,
    detail: "Between the person and the instance, only TLS remains.",
    remedy: "Set preferences.encryptSessionData: true in the map.",
  }),
  field("kmsKeyId", {
    id: "session-key-changed",
    isWeaker: exchanged,
    severity: "medium",
    title: ({ place, before, after }) =>
      `Session data of ${place} is encrypted with the key ${after} instead of ${before}`,
    detail: "People and instances who may not use the new key can hold no session.",
    remedy: "Make sure that the policy of the new key allows both.",
  }),
];

/** Sessions in the place are recorded nowhere any more. */
const NOWHERE: Rule = {
  id: "recording-off",
  types: [TYPE],
  kinds: CHANGING,
  find: (subject) => {
    const { before, after } = subject;
    const names = ["s3BucketName", "cloudWatchLogGroupName"] as const;
    const any = (values: Values | null) => names.some((name) => isSet(textOf(values, name)));
    if (after === null || !isKnown(preferencesIn(after)) || !any(before) || any(after)) return undefined;
    return {
      severity: "critical",
      title: `Sessions in ${placeOf(subject)} are recorded nowhere any more`,
      detail: "The preferences name neither a bucket nor a log group.",
      remedy: "Set transcripts.bucket or logs.group in the map.",
    };
  },
};

/** The preferences themselves are hidden. */
const UNTOLD: Rule = {
  id: "preferences-untold",
  types: [TYPE],
  kinds: CHANGING,
  find: (subject) => {
    const now = subject.after && preferencesIn(subject.after);
    const isChange = subject.change.attributes.some(({ path }) => path === "content");
    if (typeof now !== "symbol" || !isChange) return undefined;
    return {
      severity: "high",
      title: `Nobody can tell from the plan how sessions in ${placeOf(subject)} will be recorded`,
      detail: `The content of the preferences becomes ${say(now)}.`,
      remedy: "Apply first what the content depends on, and plan again.",
    };
  },
};

export const RECORDING_RULES: readonly Rule[] = [NOWHERE, UNTOLD, ...DESTINATIONS, ...ENFORCEMENT];
