import { isPreferences } from "../guard/documents";
import { transcriptKey, type RecordingRules } from "../guard/expected-records";
import {
  logStreamSeen,
  recordTime,
  transcriptSeen,
  type Evidence,
  type HistorySession,
  type TrailSession,
  type WitnessesRead,
} from "./evidence";
import type { LogStream, Seen, SessionRow, TrailEvent, Transcript } from "./model";
import { personOf } from "./person";
import { verdictOf } from "./verdict";
import type { RecordingSince } from "./verdict-props";

/** Names of a managed node. */
export interface InstanceInfo {
  readonly name: string | null;
  readonly platform: string | null;
}

/** One target, as its rows name it. */
export interface TargetFacts {
  readonly account: string;
  readonly accountId: string;
  readonly region: string;
  /** Where the records of its sessions must be. */
  readonly rules: RecordingRules;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What the witnesses say about the sessions of one target, joined by session id. It holds the sessions of this target
 * alone: a report goes through the targets, and forgets each before it keeps the next.
 * @example
 * const evidence = new TargetEvidence(facts);
 * for await (const session of history) evidence.addHistory(session);
 * for await (const transcript of transcripts) evidence.addTranscript(transcript);
 * yield* evidence.rows({ read, since, now });
 */
export class TargetEvidence {
  private readonly sessions = new Map<string, Mutable<Evidence>>();
  private readonly instances = new Map<string, InstanceInfo>();

  constructor(private readonly facts: TargetFacts) {}

  addHistory(session: HistorySession): void {
    const evidence = this.of(session.id);
    // The key of a transcript, which may have come first, has no colons.
    evidence.id = session.id;
    // A session that ends while its lists are read may be in both: the one that has ended is the later one.
    if (evidence.history !== null && evidence.history.end !== null) return;
    evidence.history = { ...session, document: this.documentOf(session.document) };
  }

  addTrail(session: TrailSession): void {
    const evidence = this.of(session.id);
    evidence.id = evidence.history?.id ?? session.id;
    // One call starts a session. Should CloudTrail have several, the first one counts, whichever is delivered first.
    if (evidence.trail !== null && !isBefore(session.event, evidence.trail.event)) return;
    evidence.trail = { ...session, document: this.documentOf(session.document) };
  }

  /** Adds a version of a transcript; the versions of a transcript are put together. */
  addTranscript(part: Transcript): void {
    this.putTranscript("transcript", part);
  }

  addReplica(part: Transcript): void {
    this.putTranscript("replica", part);
  }

  addLogStream(stream: LogStream): void {
    this.of(stream.name).logStream = stream;
  }

  addInstance(id: string, info: InstanceInfo): void {
    this.instances.set(id, info);
  }

  /** Ids of sessions that have a record or an event of CloudTrail, and are not in the history. */
  strangers(): readonly string[] {
    return [...this.sessions.values()].filter(({ history }) => history === null).map(({ id }) => id);
  }

  /** Sessions of the history whose log stream was not found yet. */
  withoutLogStream(): readonly string[] {
    const all = [...this.sessions.values()];
    return all.filter(({ history, logStream }) => history !== null && logStream === null).map(({ id }) => id);
  }

  /** Forgets a session that is no part of the report. */
  forget(id: string): void {
    this.sessions.delete(idInKey(id));
  }

  /** Whether a session is known by any witness so far. */
  has(id: string): boolean {
    return this.sessions.has(idInKey(id));
  }

  /** Replaces the transcripts of a session by ones with more details. */
  detail(id: string, { transcript, replica }: Pick<Evidence, "transcript" | "replica">): void {
    Object.assign(this.of(id), { transcript, replica });
  }

  /** The evidence of all sessions. */
  all(): Iterable<Evidence> {
    return this.sessions.values();
  }

  /**
   * The start of the earliest session of the history that has a record with content. Recording was in force then, even if
   * the preferences document is younger: a person can delete the document and create it again, but cannot change the
   * time of that record.
   */
  earliestRecorded(): { readonly transcript: Date | null; readonly logStream: Date | null } {
    let transcript: Date | null = null;
    let logStream: Date | null = null;
    const earlier = (one: Date | null, other: Date) => (one === null || other < one ? other : one);
    for (const evidence of this.sessions.values()) {
      const { history } = evidence;
      if (history === null || history.document !== null) continue;
      if (transcriptSeen(evidence.transcript, NO_PLACE) === "present") {
        transcript = earlier(transcript, history.start);
      }
      if (logStreamSeen(evidence.logStream, NO_PLACE) === "present") {
        logStream = earlier(logStream, history.start);
      }
    }
    return { transcript, logStream };
  }

  /** One row for each session. */
  *rows(props: {
    readonly read: WitnessesRead;
    readonly since: RecordingSince;
    readonly now: Date;
  }): Generator<SessionRow> {
    for (const evidence of this.sessions.values()) yield this.row(evidence, props);
  }

  private row(
    evidence: Evidence,
    {
      read,
      since,
      now,
    }: { readonly read: WitnessesRead; readonly since: RecordingSince; readonly now: Date },
  ): SessionRow {
    const { account, accountId, region, rules } = this.facts;
    const { id, history, trail, transcript, replica, logStream } = evidence;
    const { bucket, logGroup } = rules.transcripts;
    const seen = {
      history: seenOf(history, read.history),
      trail: seenOf(trail, read.trail),
      transcript: transcriptSeen(transcript, { hasPlace: bucket !== null, read: read.transcripts }),
      logStream: logStreamSeen(logStream, { hasPlace: logGroup !== null, read: read.logStreams }),
    };
    const instance = history?.instance || trail?.instance || null;
    const info = instance === null ? undefined : this.instances.get(instance);
    const owner = history?.owner || trail?.owner || null;
    const start =
      history?.start.toISOString() ?? trail?.event.time ?? recordTime(evidence) ?? now.toISOString();
    const end = history?.end ?? null;
    return {
      type: "session",
      id,
      account,
      accountId,
      region,
      instance,
      instanceName: info?.name ?? null,
      platform: info?.platform ?? null,
      owner,
      person:
        owner === null
          ? null
          : personOf(owner, {
              sourceIdentity: trail?.sourceIdentity ?? null,
              identityCenterUser: trail?.identityCenterUser ?? null,
            }),
      start,
      end: end?.toISOString() ?? null,
      durationSeconds:
        end === null ? null : Math.max(0, Math.round((end.getTime() - Date.parse(start)) / 1000)),
      status: history?.status ?? null,
      document: history?.document ?? trail?.document ?? null,
      documentParameters: trail?.parameters ?? null,
      accessType: history?.accessType ?? null,
      reason: history?.reason || trail?.reason || null,
      witnesses: seen,
      trail: trail?.event ?? null,
      transcript,
      replica,
      logStream,
      verdict: verdictOf(evidence, { rules, since, now, seen }),
    };
  }

  /** null for the preferences, whatever name the witness gave them. */
  private documentOf(document: string | null): string | null {
    return isPreferences(document ?? undefined, this.facts.rules) ? null : document;
  }

  private of(id: string): Mutable<Evidence> {
    const key = idInKey(id);
    const known = this.sessions.get(key);
    if (known !== undefined) return known;
    const none = { history: null, trail: null, transcript: null, replica: null, logStream: null };
    const added: Mutable<Evidence> = { id, ...none };
    this.sessions.set(key, added);
    return added;
  }

  private putTranscript(place: "transcript" | "replica", part: Transcript): void {
    const id = idOf(part.key);
    const evidence = this.of(id);
    const before = evidence[place];
    evidence[place] = before === null ? part : together(before, part);
  }
}

const isBefore = (one: TrailEvent, other: TrailEvent): boolean =>
  one.time === other.time ? one.eventId < other.eventId : one.time < other.time;

const NO_PLACE = { hasPlace: false, read: false };

const seenOf = (witness: object | null, read: boolean): Seen =>
  witness !== null ? "yes" : read ? "no" : "unread";

/** The key of a transcript has no colons, so ids are compared without them. */
const idInKey = (id: string): string => transcriptKey("", id);

/** The session id in the key of a transcript. */
export const idOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1).replace(/\.log$/, "");

/** Two versions of a transcript: the later one, with the number of both. */
function together(one: Transcript, other: Transcript): Transcript {
  const isLater = other.time > one.time;
  // A delete marker shows nothing of the content, so a version counts more than a later marker.
  const later =
    one.versions > 0 === other.versions > 0 ? (isLater ? other : one) : other.versions > 0 ? other : one;
  const first = [one, other].filter(({ versions }) => versions > 0).map(({ firstTime }) => firstTime);
  return {
    ...later,
    versions: one.versions + other.versions,
    deleted: one.deleted || other.deleted,
    firstTime: first.sort()[0] ?? later.firstTime,
  };
}
