import type { Organization, Target } from "../../accounts/model/organization";
import { recordTime, type Evidence, type TrailSession } from "../../report/evidence";
import type { LogStream, Transcript, Witness } from "../../report/model";
import { claimsOf } from "../../report/replay/claims";
import type { TargetEvidence } from "../../report/target-evidence";
import { isBeyondHistory } from "../../report/verdict";
import type { RecordingSince } from "../../report/verdict-props";
import type { Clients, TargetClients } from "../target-clients";
import { readStream } from "./content";
import { attempt, notAsked, type Outcome } from "./coverage";
import { each } from "./each";
import { isNarrow, type Filters } from "./filters";
import { sessionById, sessionHistory } from "./history";
import { instances } from "./instances";
import { findLogStream, listLogStreams, oldestLogStream, type StreamPlace } from "./log-streams";
import type { TargetPlaces, TranscriptPlace } from "./places";
import { readDetails } from "./object-details";
import { preferencesSince, type PreferencesSince } from "./preferences";
import { daysWithoutFile } from "./trail-bucket";
import { listTranscripts } from "./transcripts";

/** How targets are read. */
export interface ReadProps {
  readonly organization: Organization;
  readonly clients: TargetClients;
  readonly filters: Filters;
  /** Sessions that started from `since` until before `until`. */
  readonly period: { readonly since: Date; readonly until: Date };
  /** Time of the report. */
  readonly now: Date;
  /**
   * Reads the sessions of a target from CloudTrail, and names each day of which a trail has a file; null: an option left
   * CloudTrail out. The event history has no files, and names no day.
   */
  readonly trail:
    ((target: Target, clients: Clients, sawDay: (day: string) => void) => AsyncIterable<TrailSession>) | null;
  /** Whether to ask for checksum, lock and replication of each transcript. */
  readonly details: boolean;
  /**
   * Id of the session whose log stream is opened anyway. Its events then say whose they are; to ask that of every session
   * would be to read what people typed in a report that nobody expects to do so, and which the report role may not.
   */
  readonly opens?: string | undefined;
  readonly signal?: AbortSignal;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Sessions without an entry in the history that are looked up one by one. Who forges more records than this gets them
 * reported without another look.
 */
const LOOKED_UP = 1_000;

/** Reads the witnesses of one target side by side. */
export class TargetReader {
  private preferences: PreferencesSince | null = null;
  /** The oldest records that were listed: recording was in force then. */
  private oldest: { transcript: string | null; logStream: string | null } = {
    transcript: null,
    logStream: null,
  };

  /** Days of which a trail has a file, like `2026-11-24`. */
  private readonly trailDays = new Set<string>();

  /** Clients of other accounts and regions that have buckets of the target. */
  private readonly others = new Map<string, Clients>();

  constructor(
    private readonly evidence: TargetEvidence,
    private readonly places: TargetPlaces,
    private readonly clients: Clients,
    private readonly open: TargetClients["of"],
    private readonly props: ReadProps,
  ) {}

  async read(target: Target): Promise<Record<Witness, Outcome>> {
    const { places, evidence } = this;
    const { filters, period } = this.props;
    const { ssm } = this.clients;
    const { trail } = this.props;
    const [history, trailOutcome, transcripts, replica, logStreams, preferences, names] = await Promise.all([
      this.all(sessionHistory(ssm, filters, period), (session) => evidence.addHistory(session)),
      trail === null
        ? notAsked("left-out", "CloudTrail was left out (--no-trail).")
        : this.all(
            trail(target, this.clients, (day) => this.trailDays.add(day)),
            (session) => {
              if (filters.session === undefined || session.id === filters.session) evidence.addTrail(session);
            },
          ),
      places.transcripts === null
        ? notAsked("none", "The map names no bucket for transcripts.")
        : this.transcripts(places.transcripts, (transcript) => evidence.addTranscript(transcript)),
      places.replica === null
        ? notAsked("none", "The map has no replica.")
        : this.transcripts(places.replica, (transcript) => evidence.addReplica(transcript)),
      places.logGroup === null
        ? notAsked("none", "The map names no log group for sessions.")
        : this.logStreams(places.logGroup),
      attempt(async () => {
        this.preferences = await preferencesSince(ssm, places.rules);
      }, this.props.signal),
      this.all(instances(ssm), ({ id, ...info }) => evidence.addInstance(id, info)),
    ]);
    const lookedUp = history.read ? await attempt(() => this.lookUpStrangers(), this.props.signal) : history;
    const streams = logStreams.read && places.logGroup ? await this.lookUpStreams(logStreams) : logStreams;
    await this.readClaims();
    return {
      history: lookedUp,
      trail: this.withDays(trailOutcome),
      transcripts,
      replica,
      logStreams: streams,
      preferences,
      objectDetails: this.props.details
        ? await readDetails(evidence, places, (place) => this.clientsOf(place), this.props.signal)
        : notAsked("left-out", "Details were left out (--no-details)."),
      instances: names,
    };
  }

  /** What came of reading CloudTrail: the files of a trail that lacks days are not all of them. */
  private withDays(outcome: Outcome): Outcome {
    if (!outcome.read || this.trailDays.size === 0) return outcome;
    const starts = [...this.evidence.all()].flatMap(({ history }) =>
      history === null ? [] : [history.start],
    );
    const missing = daysWithoutFile(this.within(starts), this.trailDays, this.props.now);
    if (missing.length === 0) return outcome;
    const reason = `Sessions began on days of which the trail has no file: ${missing.join(", ")}.`;
    return { coverage: { status: "not-covered", reason }, read: false };
  }

  private within(starts: readonly Date[]): readonly Date[] {
    const { since, until } = this.props.period;
    return starts.filter((start) => start >= since && start < until);
  }

  /** Since when each kind of record is expected. Where the preferences could not be read, from the beginning of time. */
  since(): RecordingSince {
    const recorded = this.evidence.earliestRecorded();
    const earliest = (kind: "transcript" | "logStream"): Date => {
      if (this.preferences === null) return new Date(0);
      const times = [this.preferences[kind], recorded[kind], this.oldest[kind]];
      const known = times.flatMap((time) => (time === null ? [] : [new Date(time).getTime()]));
      return new Date(known.length > 0 ? Math.min(...known) : this.props.now.getTime());
    };
    return { transcript: earliest("transcript"), logStream: earliest("logStream") };
  }

  /** Adds everything that a witness has. */
  private all<T>(items: AsyncIterable<T>, add: (item: T) => void): Promise<Outcome> {
    const { signal } = this.props;
    return attempt(async () => {
      for await (const item of items) {
        signal?.throwIfAborted();
        add(item);
      }
    }, signal);
  }

  /** Whether a record is too old for any session of the period: the agent writes it after the start of its session. */
  private isTooOld(time: string | null): boolean {
    return time !== null && Date.parse(time) < this.props.period.since.getTime() - DAY_MS;
  }

  /** The clients of the account and region of a bucket. */
  private clientsOf({ account, region }: TranscriptPlace): Clients {
    const { rules } = this.places;
    if (account.id === rules.account && region === rules.region) return this.clients;
    const key = `${account.id} ${region}`;
    const known = this.others.get(key) ?? this.open(account, region);
    this.others.set(key, known);
    return known;
  }

  private transcripts(place: TranscriptPlace, add: (transcript: Transcript) => void): Promise<Outcome> {
    const { s3 } = this.clientsOf(place);
    return this.all(listTranscripts(s3, place, this.props.filters.session), (transcript) => {
      const { oldest } = this;
      if (transcript.versions > 0 && (oldest.transcript === null || transcript.time < oldest.transcript)) {
        oldest.transcript = transcript.time;
      }
      if (!this.isTooOld(transcript.time)) add(transcript);
    });
  }

  private async logStreams(place: StreamPlace): Promise<Outcome> {
    const { logs } = this.clients;
    const { filters, period, signal } = this.props;
    const { session } = filters;
    const add = (stream: LogStream) => {
      if (!this.isTooOld(stream.lastIngestion ?? stream.created)) this.evidence.addLogStream(stream);
    };
    if (session !== undefined) {
      return attempt(async () => {
        const stream = await findLogStream(logs, place, session);
        if (stream !== null) add(stream);
      }, signal);
    }
    const oldest = await attempt(async () => {
      this.oldest.logStream = (await oldestLogStream(logs, place))?.created ?? null;
    }, signal);
    if (oldest.coverage.status !== "covered") return oldest;
    return this.all(listLogStreams(logs, place, new Date(period.since.getTime() - DAY_MS)), add);
  }

  /**
   * Looks up sessions that the list of the period does not have: they may have started before it, or while it was read.
   * Those that no filter wants are forgotten.
   */
  private async lookUpStrangers(): Promise<void> {
    const { filters, now, period } = this.props;
    const until = period.until.toISOString();
    const strangers = [...this.evidence.all()].filter(({ history }) => history === null);
    const narrow = isNarrow(filters);
    const lookUp: string[] = [];
    for (const stranger of strangers) {
      const time = stranger.trail?.event.time ?? recordTime(stranger);
      const isWanted = stranger.trail !== null ? isWantedTrail(stranger.trail, filters) : !narrow;
      // All that is left of an expired transcript may be a delete marker, and a log group that existed before may have
      // streams of other programs.
      const hasStream = stranger.logStream !== null && this.places.logGroup?.shared === false;
      const isNothing = stranger.trail === null && !hasStream && isMarker(stranger);
      // Its session, if there is one, is none of the history's sessions of the period, and so started after it.
      const isAfter = time !== null && time >= until;
      if (!isWanted || isNothing || isAfter || time === null) this.evidence.forget(stranger.id);
      else if (!isBeyondHistory(new Date(time), now)) lookUp.push(stranger.id);
    }
    await each(
      lookUp.slice(0, LOOKED_UP),
      async (id) => {
        const session = await sessionById(this.clients.ssm, id);
        if (session !== null) this.evidence.addHistory(session);
      },
      this.props.signal,
    );
  }

  /** What the events of the opened log stream say of themselves. A refusal is said where the log stream is shown. */
  private async readClaims(): Promise<void> {
    const { opens, signal } = this.props;
    const { logs, readsContent } = this.clients;
    if (opens === undefined || !readsContent) return;
    const stream = [...this.evidence.all()].find(({ id }) => id === opens)?.logStream;
    if (!stream) return;
    await attempt(async () => {
      const { content } = await readStream(logs, stream, signal === undefined ? {} : { signal });
      this.evidence.addLogStream({ ...stream, claims: claimsOf(content) });
    }, signal);
  }

  private async lookUpStreams(listed: Outcome): Promise<Outcome> {
    const place = this.places.logGroup!;
    const outcome = await attempt(
      () =>
        each(
          this.evidence.withoutLogStream(),
          async (id) => {
            const stream = await findLogStream(this.clients.logs, place, id);
            if (stream !== null) this.evidence.addLogStream(stream);
          },
          this.props.signal,
        ),
      this.props.signal,
    );
    return listed.coverage.status === "covered" ? outcome : listed;
  }
}

const isMarker = ({ transcript, replica }: Evidence): boolean =>
  (transcript === null || transcript.versions === 0) && (replica === null || replica.versions === 0);

/** Whether a session that only CloudTrail knows may pass the filters. Its status and its access type are unknown. */
const isWantedTrail = (
  trail: TrailSession,
  { owner, instance, document, status, accessType }: Filters,
): boolean =>
  (owner === undefined || !owner.startsWith("arn:") || trail.owner === owner) &&
  (instance === undefined || trail.instance === instance) &&
  (document === undefined || trail.document === null || trail.document === document) &&
  status === undefined &&
  accessType === undefined;
