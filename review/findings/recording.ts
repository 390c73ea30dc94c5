import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { isSet } from "../numbers";
import type { Json } from "../plan-json";
import { at, documentIn, equal, isKnown, isObject, say, type Value, type Values } from "../values";
import { field, preferencesIn, recordsElsewhere, textOf, TYPE } from "./preferences";
import { called, CHANGING, placeOf, type Found, type Rule } from "./rule";
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

const DESTINATION_NAMES = ["s3BucketName", "cloudWatchLogGroupName"] as const;

/** Sessions in the place are recorded nowhere: any more, or from the first day on. A map cannot say so. */
const NOWHERE: Rule = {
  id: "recording-off",
  types: [TYPE],
  kinds: ["create", ...CHANGING],
  find: (subject) => {
    const { before, after } = subject;
    const any = (values: Values | null) => DESTINATION_NAMES.some((name) => isSet(textOf(values, name)));
    const isNew = before === null;
    if (after === null || !isKnown(preferencesIn(after)) || !(isNew || any(before)) || any(after))
      return undefined;
    return {
      severity: "critical",
      title: `Sessions in ${placeOf(subject)} are recorded nowhere${isNew ? "" : " any more"}`,
      detail: "The preferences name neither a bucket nor a log group.",
      remedy: "Set transcripts.bucket or logs.group in the map.",
    };
  },
};

/** What new preferences name and do not check. */
const UNCHECKED = [
  {
    id: "enforcement-s3-missing",
    destination: "s3BucketName",
    check: "s3EncryptionEnabled",
    words: "the bucket is not encrypted or cannot be reached",
    setting: "preferences.enforce.s3",
  },
  {
    id: "enforcement-cloudwatch-missing",
    destination: "cloudWatchLogGroupName",
    check: "cloudWatchEncryptionEnabled",
    words: "the log group is missing or has no key",
    setting: "preferences.enforce.cloudWatch",
  },
] as const;

/** New preferences that enforce less than they could. A map may say so on purpose, and its warnings have it. */
const NOT_ENFORCED: readonly Rule[] = UNCHECKED.map(({ id, destination, check, words, setting }) => ({
  id,
  types: [TYPE],
  kinds: ["create"],
  find: (subject) => {
    const { after } = subject;
    if (!isSet(textOf(after, destination)) || !turnedOff(true, textOf(after, check))) return undefined;
    return {
      severity: "medium",
      title: `Sessions in ${placeOf(subject)} start although ${words}`,
      detail: `The new preferences do not have SSM Agent check it (${check} is not true), so a session may leave no record there.`,
      remedy: `Set ${setting}: true in the map.`,
    };
  },
}));

/** What the stacks write beside the inputs. The description has no effect. */
const CONTENT: Readonly<Record<string, string | null>> = {
  schemaVersion: "1.0",
  sessionType: "Standard_Stream",
  description: null,
  inputs: null,
};

/** The parts of the preferences beside their inputs, which decide whether Session Manager takes them for preferences. */
const OTHER_CONTENT: Rule = {
  id: "preferences-other-content",
  types: [TYPE],
  kinds: ["create", ...CHANGING],
  find: (subject) => {
    const [before, after] = [contentIn(subject.before), contentIn(subject.after)];
    const names = [...new Set([...Object.keys(CONTENT), ...Object.keys(after ?? {})])];
    if (after === null) return undefined;
    return names
      .filter((name) => {
        const own = Object.hasOwn(CONTENT, name) ? CONTENT[name] : undefined;
        return own !== null && !equal(after[name], own) && !equal(after[name], before?.[name]);
      })
      .map((name): Found => ({
        severity: "high",
        title: `The preferences of ${placeOf(subject)} have ${name}: ${say(after[name] as Value)} (until now: ${say(before?.[name] as Value)})`,
        // https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
        detail:
          "Preferences have the schema version 1.0, the type Standard_Stream and inputs. Nobody can tell how a session with other preferences is recorded.",
        remedy: "Take it back to what session-audit writes.",
      }));
  },
};

/** The whole document; null: it is another document, or it is hidden. */
function contentIn(values: Values | null): { readonly [name: string]: Json } | null {
  if (values === null || values["name"] !== PREFERENCES_DOCUMENT) return null;
  const document = documentIn(values["content"]);
  return isObject(document) ? document : null;
}

const sharedWith = (values: Values | null): readonly string[] => {
  const accounts = at(values ?? undefined, ["permissions", "account_ids"]);
  if (typeof accounts === "symbol") return [say(accounts)];
  return isKnown(accounts)
    ? String(accounts)
        .split(",")
        .map((id) => id.trim())
        .filter(isSet)
    : [];
};

/**
 * A document that others may use. Public documents are named `all`.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html
 */
const SHARED: Rule = {
  id: "document-shared",
  types: [TYPE],
  kinds: ["create", ...CHANGING],
  find: (subject) => {
    const gained = sharedWith(subject.after).filter((id) => !sharedWith(subject.before).includes(id));
    if (gained.length === 0) return undefined;
    const isPublic = gained.some((id) => id.toLowerCase() === "all");
    return {
      severity: isPublic ? "high" : "medium",
      title: `The ${called(subject)} is shared with ${isPublic ? "everybody" : gained.join(", ")}`,
      detail: "Others can read where sessions are recorded, and run the document in their accounts.",
      remedy: "Take permissions away: session-audit shares no document.",
    };
  },
};

/** The preferences themselves are hidden. */
const UNTOLD: Rule = {
  id: "preferences-untold",
  types: [TYPE],
  kinds: ["create", ...CHANGING],
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

export const RECORDING_RULES: readonly Rule[] = [
  NOWHERE,
  UNTOLD,
  OTHER_CONTENT,
  SHARED,
  ...DESTINATIONS,
  ...ENFORCEMENT,
  ...NOT_ENFORCED,
];
