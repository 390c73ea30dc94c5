import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { isSet, numberOf } from "../numbers";
import type { Json } from "../plan-json";
import { documentIn, isObject, UNKNOWN } from "../values";
import { FOREVER } from "./buckets";
import { channelOf, type Channel } from "./channels";
import { hasCustomerKey, resourcesNamed, type Seen, type View } from "./view";

/** What the stack of a target says about its sessions at one point in time. undefined: nobody can tell. */
export interface Target {
  /** Whether the target has preferences. Without them, nothing is recorded. */
  readonly exists: boolean;
  /** Name of the bucket of transcripts; null: sessions are not recorded to S3. */
  readonly bucket: string | null | undefined;
  readonly isRecordedToCloudWatch: boolean | undefined;
  readonly isRefusedIfUnrecorded: boolean | undefined;
  /** Whether a customer managed key encrypts the data of sessions, and their logs. Logs that there are none of are. */
  readonly encryption: readonly (boolean | undefined)[];
  /** Days until CloudWatch Logs deletes session logs; null: there are none. */
  readonly logDays: number | null | undefined;
  /** The channels: who is notified. */
  readonly channels: readonly Channel[];
  readonly isWatched: boolean;
  /** Number of enabled rules that report tampering. */
  readonly watchers: number;
  readonly hasGuard: boolean;
}

/** A target without preferences. */
export const NO_TARGET: Target = {
  exists: false,
  bucket: null,
  isRecordedToCloudWatch: false,
  isRefusedIfUnrecorded: false,
  encryption: [false, false],
  logDays: null,
  channels: [],
  isWatched: false,
  watchers: 0,
  hasGuard: false,
};

/** The target of a session stack. */
export function targetOf(view: View): Target {
  const document = view.all("aws_ssm_document").find((one) => view.at(one, "name") === PREFERENCES_DOCUMENT);
  if (document === undefined) return NO_TARGET;
  const content = view.at(document, "content");
  const inputs = inputsIn(content);
  const told = <T>(read: (fields: { readonly [name: string]: Json }) => T): T | undefined =>
    inputs === undefined ? undefined : read(inputs);
  const logGroup = told(({ cloudWatchLogGroupName: name }) => (isSet(name) ? String(name) : null));
  const group = view.all("aws_cloudwatch_log_group").find((one) => view.at(one, "name") === logGroup);
  const watchers = TAMPERING_RULES.map((suffix) => works(view, suffix));
  return {
    exists: true,
    bucket: told(({ s3BucketName: name }) => (isSet(name) ? String(name) : null)),
    isRecordedToCloudWatch: told(() => logGroup !== null),
    isRefusedIfUnrecorded: told(isEnforced),
    encryption: [
      told(({ kmsKeyId }) => isSet(kmsKeyId)),
      logGroup === null ? true : group && hasCustomerKey(view, view.at(group, "kms_key_id")),
    ],
    logDays: logGroup === null ? null : group && retentionOf(view.at(group, "retention_in_days")),
    channels: (["activity", "security"] as const).map((name) => channelOf(view, name)),
    isWatched: watchers.every((isWorking) => isWorking),
    watchers: watchers.filter((isWorking) => isWorking).length,
    hasGuard: hasGuard(view),
  };
}

function inputsIn(content: Seen): { readonly [name: string]: Json } | undefined {
  if (content === UNKNOWN) return undefined;
  const document = documentIn(content);
  const inputs = isObject(document) ? document["inputs"] : undefined;
  return isObject(inputs) ? inputs : {};
}

/** Sessions are refused if one of their destinations cannot be reached, and there is a destination. */
function isEnforced(fields: { readonly [name: string]: Json }): boolean {
  const destinations = [
    ["s3BucketName", "s3EncryptionEnabled"],
    ["cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"],
  ] as const;
  const used = destinations.filter(([name]) => isSet(fields[name]));
  return used.length > 0 && used.every(([, enforced]) => [true, "true"].includes(fields[enforced] as never));
}

/** The provider's 0 means that CloudWatch Logs keeps events forever. */
const retentionOf = (days: Seen): number | undefined =>
  days === UNKNOWN ? undefined : numberOf(days) || FOREVER;

/** Ends of the names of the rules that report changes to the recording (`channelNames` in `stacks/names.ts`). */
const TAMPERING_RULES = ["-security-tampering", "-security-preferences", "-security-channels"] as const;

/** Whether an enabled rule with a name of this end has a target. */
function works(view: View, suffix: string): boolean {
  const rules = resourcesNamed(view, "aws_cloudwatch_event_rule", new RegExp(`${suffix}$`));
  const targets = view.all("aws_cloudwatch_event_target").map((target) => view.at(target, "rule"));
  return rules.some(
    (rule) => view.at(rule, "state") !== "DISABLED" && targets.includes(view.at(rule, "name")),
  );
}

/** The function runs, and EventBridge gives it sessions. */
function hasGuard(view: View): boolean {
  const functions = resourcesNamed(view, "aws_lambda_function", /-guard$/, "function_name");
  return (
    works(view, "-guard-sessions") &&
    functions.some((one) => view.at(one, "reserved_concurrent_executions") !== 0)
  );
}
