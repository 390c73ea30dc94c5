import type { Quality } from "../model";
import { FOREVER, type Bucket, type Lock } from "./buckets";
import type { Target } from "./targets";
import { every } from "./view";

/** A target with what other stacks of the plan folder say about it. */
export interface Whole extends Target {
  /** undefined: the stack of the bucket is not in the plan folder. */
  readonly store: Bucket | undefined;
  /** undefined: no stack of guardrails is in the plan folder. */
  readonly guardrails: number | undefined;
  /** Number of service control policies that forbid less than before. */
  readonly loosened: number;
  /** Whether chat channels read a topic of the target. undefined: their stack is not in the plan folder. */
  readonly isRead: (topic: string) => boolean | undefined;
  /**
   * Whether somebody hears what arrives on a central event bus, by its ARN. undefined: the stack of the bus is not in the
   * plan folder.
   */
  readonly isHeard: (busArn: string) => boolean | undefined;
}

/** How one quality is read of a target. */
export interface Measure {
  /** Whether the target has it. undefined: nobody can tell. */
  has(target: Whole): boolean | undefined;
  /** Numbers in which a target can get weaker although it keeps the quality. */
  levels?(target: Whole): readonly (number | null | undefined)[];
}

const recorded = (target: Whole) => target.bucket !== null;
/** Something that only a target with a bucket can have. */
const ofBucket = (read: (bucket: Bucket) => boolean | undefined) => (target: Whole) => {
  if (target.bucket === undefined) return undefined;
  return recorded(target) ? target.store && read(target.store) : false;
};

/** Whether the bucket of a target is encrypted. Without a bucket, there is nothing to encrypt. */
const ofStore = (target: Whole): readonly (boolean | undefined)[] => [
  recorded(target) ? target.store?.isEncrypted : true,
];

/** Whether somebody is notified by each channel. */
const toldOf = ({ channels, isRead, isHeard }: Whole): readonly (boolean | undefined)[] =>
  channels.map(({ isNotified, chatTopic, centralBus }) =>
    some([
      isNotified,
      chatTopic === null ? false : isRead(chatTopic),
      centralBus === null ? false : isHeard(centralBus),
    ]),
  );

/** One of several conditions, each true, false or not known. One that is true decides. */
export const some = (conditions: readonly (boolean | undefined)[]): boolean | undefined => {
  if (conditions.includes(true)) return true;
  return conditions.includes(undefined) ? undefined : false;
};

const level = (condition: boolean | undefined): number | undefined =>
  condition === undefined ? undefined : Number(condition);

/** A longer lock is stronger; of two that are equally long, that in compliance mode. */
const strengthOfLock = (lock: Lock | null | undefined) => lock && lock.days * 2 + (lock.isCompliance ? 1 : 0);

/** Days after which records are deleted, for each place where sessions are recorded. null: not recorded there. */
export const retentionsOf = (target: Whole): readonly (number | null | undefined)[] => [
  target.logDays,
  target.bucket === null ? null : target.store?.days,
];

/** How each quality is read. */
export const MEASURES: Readonly<Record<Quality, Measure>> = {
  recordedToS3: { has: ({ bucket }) => (bucket === undefined ? undefined : bucket !== null) },
  recordedToCloudWatch: { has: ({ isRecordedToCloudWatch }) => isRecordedToCloudWatch },
  refusedIfUnrecorded: { has: ({ isRefusedIfUnrecorded }) => isRefusedIfUnrecorded },
  encryptedWithCustomerKey: {
    has: (target) => every([...target.encryption, ...ofStore(target)]),
    levels: (target) => [...target.encryption, ...ofStore(target)].map(level),
  },
  retention: {
    has: (target) => {
      const told = retentionsOf(target).filter((days) => days !== null);
      if (told.length === 0) return false;
      return told.every((days) => days === undefined) ? undefined : true;
    },
    levels: retentionsOf,
  },
  objectLock: {
    has: ofBucket(({ lock }) => (lock === undefined ? undefined : lock !== null)),
    levels: ({ store }) => [strengthOfLock(store?.lock)],
  },
  replication: { has: ofBucket(({ isReplicated }) => isReplicated) },
  notified: {
    has: (target) => some(toldOf(target)),
    levels: (target) => toldOf(target).map(level),
  },
  watchedForTampering: {
    has: ({ isWatched }) => isWatched,
    levels: ({ watchers }) => [watchers],
  },
  guard: { has: ({ hasGuard }) => hasGuard },
  guardrails: {
    has: ({ guardrails, exists }) => (guardrails === undefined ? undefined : exists && guardrails > 0),
    levels: ({ guardrails, loosened }) => [guardrails, -loosened],
  },
};

/** Days of the shortest retention of a target; undefined: nobody can tell, or it records nothing. */
export function shortestRetention(target: Whole): number | undefined {
  const told = retentionsOf(target).filter((days) => days !== null && days !== undefined);
  return told.length === 0 ? undefined : Math.min(FOREVER, ...told);
}
