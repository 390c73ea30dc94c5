import type { FakeTarget } from "./targets";

/** Sessions are made from their numbers alone, so that the fake holds none of them, however many there are. */

/** What is left of a session. Most are recorded. */
export type Kind = "recorded" | "without-transcript" | "unrecorded" | "tunnel";

/** A session of a target. Times are in milliseconds. */
export interface FakeSession {
  readonly index: number;
  readonly id: string;
  readonly person: string;
  readonly owner: string;
  readonly instance: string;
  readonly document: string;
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The sessions started in these days before the fake did, and ended hours ago. */
const DAYS = 29;
const AGE_MS = 6 * 60 * 60 * 1000;

const PEOPLE = 60;
/** Instances of a target. */
export const INSTANCES = 20;

/** The kind of the session with a number among those of all targets: of every hundred, as many are of each kind. */
const kindOf = (number: number): Kind => {
  const part = (number * 37) % 100;
  if (part === 99) return "unrecorded";
  if (part >= 96) return "tunnel";
  return part >= 94 ? "without-transcript" : "recorded";
};

export const instanceId = (index: number): string => `i-${String(index % INSTANCES).padStart(17, "0")}`;

/** A session by its number: number 0 is the newest. @param now time of the fake's start */
export function sessionAt(
  { accountId, before, sessions }: FakeTarget,
  index: number,
  now: number,
): FakeSession {
  const person = `person-${String((index * 7) % PEOPLE).padStart(2, "0")}`;
  const start = now - AGE_MS - Math.floor(((index + 1) * DAYS * DAY_MS) / (sessions + 1));
  const kind = kindOf(before + index);
  return {
    index,
    person,
    kind,
    start,
    end: start + 60_000 * (1 + (index % 90)),
    id: `${person}-${index.toString(36).padStart(26, "0")}`,
    owner: `arn:aws:sts::${accountId}:assumed-role/session-operator/${person}`,
    instance: instanceId(index),
    document: kind === "tunnel" ? "AWS-StartPortForwardingSession" : "SSM-SessionManagerRunShell",
  };
}

/** The number of the session with an id, or the number of none. */
export const indexOf = (id: string): number => parseInt(id.slice(id.lastIndexOf("-") + 1), 36);

export const hasTranscript = ({ kind }: FakeSession): boolean => kind === "recorded";
export const hasLogStream = ({ kind }: FakeSession): boolean =>
  kind === "recorded" || kind === "without-transcript";

/** The sessions of a page, and where the next page begins; null: there is none. */
export function pageOf(
  target: FakeTarget,
  { from, size, now }: { readonly from: number; readonly size: number; readonly now: number },
): { readonly page: readonly FakeSession[]; readonly next: number | null } {
  const to = Math.min(target.sessions, from + size);
  const page = Array.from({ length: Math.max(0, to - from) }, (_, index) =>
    sessionAt(target, from + index, now),
  );
  return { page, next: to < target.sessions ? to : null };
}

/** Numbers of sessions in the order of their ids, which is the order of the keys in S3. */
const orders = new Map<number, readonly number[]>();

/** The numbers of a target's sessions in the order in which S3 lists their transcripts. */
export function keyOrder(target: FakeTarget, now: number): readonly number[] {
  const known = orders.get(target.sessions);
  if (known !== undefined) return known;
  const ids = Array.from({ length: target.sessions }, (_, index) => sessionAt(target, index, now).id);
  const order = ids.sort().map(indexOf);
  orders.set(target.sessions, order);
  return order;
}
