import type { RecordingRules } from "../../guard/expected-records";
import type { HistorySession, TrailSession } from "../../report/evidence";
import type { LogStream, SessionRow, Transcript } from "../../report/model";
import { TargetEvidence } from "../../report/target-evidence";

/** A target with one of each witness, and what is judged of them. */

export const NOW = new Date("2026-11-24T12:00:00Z");
export const RECORDING_SINCE = new Date("2026-11-01T00:00:00Z");
export const ID = "alice-wzleysigzmbd6fmkefjqvt5w4u";
export const OWNER = "arn:aws:sts::444444444444:assumed-role/operator/alice";
const PREFIX = "sessions/444444444444/eu-west-1";

/** A time of November 2026, like `24T10:00`. */
export const at = (time: string): Date => new Date(`2026-11-${time}:00Z`);
const iso = (time: string) => at(time).toISOString();

export const RULES: RecordingRules = {
  partition: "aws",
  account: "444444444444",
  region: "eu-west-1",
  preferences: "SSM-SessionManagerRunShell",
  transcripts: {
    gracePeriodMinutes: 30,
    maximumDurationMinutes: 720,
    bucket: { name: "acme-sessions", prefix: PREFIX, keptDays: null },
    logGroup: { name: "/session-audit/acme/sessions", keptDays: 365 },
  },
};

/** A session from 10:00 to 11:00 on the day of the report. */
export const history = (change: Partial<HistorySession> = {}): HistorySession => ({
  id: ID,
  status: "Terminated",
  document: "SSM-SessionManagerRunShell",
  instance: "i-0123456789abcdef0",
  owner: OWNER,
  reason: null,
  accessType: "Standard",
  start: at("24T09:00"),
  end: at("24T09:50"),
  ...change,
});

export const trail = (change: Partial<TrailSession> = {}): TrailSession => ({
  id: ID,
  document: null,
  parameters: null,
  instance: "i-0123456789abcdef0",
  owner: OWNER,
  reason: null,
  sourceIdentity: null,
  identityCenterUser: null,
  event: {
    eventId: "e0000000-0000-4000-8000-000000000000",
    time: iso("24T09:00"),
    sourceIp: "203.0.113.10",
    userAgent: "aws-cli/2",
    mfa: true,
    issuer: "arn:aws:iam::444444444444:role/operator",
  },
  ...change,
});

export const transcript = (change: Partial<Transcript> = {}): Transcript => ({
  bucket: "acme-sessions",
  key: `${PREFIX}/${ID}.log`,
  place: "own",
  versionId: "v1",
  versions: 1,
  deleted: false,
  size: 1234,
  etag: "etag",
  checksum: null,
  time: iso("24T09:51"),
  firstTime: iso("24T09:51"),
  lockMode: null,
  retainUntil: null,
  legalHold: false,
  replicationStatus: null,
  kmsKey: null,
  detailsRead: false,
  ...change,
});

export const stream = (change: Partial<LogStream> = {}): LogStream => ({
  group: "/session-audit/acme/sessions",
  name: ID,
  created: iso("24T09:00"),
  firstEvent: iso("24T09:01"),
  lastEvent: iso("24T09:49"),
  lastIngestion: iso("24T09:49"),
  bytes: null,
  masked: false,
  claims: null,
  ...change,
});

/** What each witness says of the session; a witness that is left out says nothing. */
export interface Said {
  readonly history?: HistorySession | null;
  readonly trail?: TrailSession | null;
  readonly transcripts?: readonly Transcript[];
  readonly replicas?: readonly Transcript[];
  readonly stream?: LogStream | null;
  readonly rules?: RecordingRules;
  readonly unread?: readonly ("history" | "trail" | "transcripts" | "logStreams")[];
}

/** The rows that a report makes of what the witnesses say. */
export function rowsOf(said: Said): readonly SessionRow[] {
  const { rules = RULES, unread = [] } = said;
  const evidence = new TargetEvidence({
    account: "payments",
    accountId: "444444444444",
    region: "eu-west-1",
    rules,
  });
  if (said.history) evidence.addHistory(said.history);
  if (said.trail) evidence.addTrail(said.trail);
  for (const part of said.transcripts ?? []) evidence.addTranscript(part);
  for (const part of said.replicas ?? []) evidence.addReplica(part);
  if (said.stream) evidence.addLogStream(said.stream);
  return [
    ...evidence.rows({
      read: {
        history: !unread.includes("history"),
        trail: !unread.includes("trail"),
        transcripts: !unread.includes("transcripts"),
        logStreams: !unread.includes("logStreams"),
      },
      since: { transcript: RECORDING_SINCE, logStream: RECORDING_SINCE },
      now: NOW,
    }),
  ];
}
