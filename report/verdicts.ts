/** What a report can say about a session, each with its words, its place in the order and its exit code. */

/** The verdicts, from the worst to the best: in this order a report shows them. */
export const VERDICTS = [
  "unrecorded",
  "record-only",
  "trail-only",
  "contradicted",
  "unread",
  "in-part",
  "unopened",
  "before-recording",
  "other-document",
  "port-forwarding",
  "ssh",
  "no-destination",
  "grace",
  "open",
  "failed",
  "probe",
  "past-retention",
  "history-expired",
  "recorded",
] as const;
export type VerdictKind = (typeof VERDICTS)[number];

/** The verdicts on records that belong to no session that is known: they have no person, hour or duration. */
export const WITHOUT_SESSION: readonly VerdictKind[] = ["record-only", "history-expired", "probe"];

/**
 * How a verdict is to be read.
 *
 * - `alarm`: somebody must look at it. The exit code is 3.
 * - `gap`: the report does not know, because a witness could not be read. The exit code is 4.
 * - `warning`: part of what should exist is missing, or nobody can tell.
 * - `info`: nothing should exist, and the report says why.
 * - `good`: what should exist does exist.
 */
export type Level = "alarm" | "gap" | "warning" | "info" | "good";

/** What a verdict means. */
export interface VerdictMeaning {
  readonly level: Level;
  /** A few words, for tables and charts. */
  readonly title: string;
  /** A whole sentence or two, for a reader who sees the verdict for the first time. */
  readonly means: string;
}

/** What each verdict means. */
export const MEANINGS: Readonly<Record<VerdictKind, VerdictMeaning>> = {
  unrecorded: {
    level: "alarm",
    title: "Not recorded",
    means: "The session should have left a record, and it has left none: nobody can say what was done in it.",
  },
  "record-only": {
    level: "alarm",
    title: "Record without a session",
    means:
      "There is a record, and the session history, which still covers its time, knows no such session. " +
      "Somebody may have forged the record.",
  },
  "trail-only": {
    level: "alarm",
    title: "Session that the history does not know",
    means: "CloudTrail recorded the start of the session, and the session history does not list it.",
  },
  contradicted: {
    level: "alarm",
    title: "Record contradicts the session",
    means:
      "There is a record, and it cannot be what the SSM Agent wrote once at the end of the session: it was written " +
      "again, deleted, written too early or too late, names another session, or belongs to a session that has no content.",
  },
  unread: {
    level: "gap",
    title: "Records could not be read",
    means:
      "AWS did not say whether the records exist or the session has ended, or no report was made after its end. It may or may not be recorded.",
  },
  "in-part": {
    level: "warning",
    title: "Recorded in part",
    means: "One of the two records, the transcript and the log stream, is missing or empty.",
  },
  unopened: {
    level: "warning",
    title: "Probably never opened",
    means:
      "The session ended within seconds and left no record, as when a client starts a session and cannot open it.",
  },
  "before-recording": {
    level: "info",
    title: "Before recording was deployed",
    means: "The session started before the preferences named the present places of the records.",
  },
  "other-document": {
    level: "info",
    title: "Other document",
    means: "The session did not use the preferences document, so its own document decides what is recorded.",
  },
  "port-forwarding": {
    level: "info",
    title: "Port forwarding",
    means: "Session Manager is only a tunnel for port forwarding: there is no content to record.",
  },
  ssh: {
    level: "info",
    title: "SSH",
    means: "Session Manager is only a tunnel for SSH: there is no content to record.",
  },
  "no-destination": {
    level: "info",
    title: "Recording is switched off",
    means: "The map names neither a bucket nor a log group for this account and region.",
  },
  grace: {
    level: "info",
    title: "Just ended",
    means: "The session ended a short time ago, and its records may still arrive.",
  },
  open: {
    level: "info",
    title: "Still open",
    means: "The session has not ended. The SSM Agent uploads the transcript when it ends.",
  },
  failed: {
    level: "info",
    title: "Did not start",
    means: "The session failed to start: the agent refused it, or the instance did not answer.",
  },
  probe: {
    level: "info",
    title: "Probe",
    means: "Not a session: doctor --probe wrote the record, to see whether records arrive.",
  },
  "past-retention": {
    level: "info",
    title: "Records have expired",
    means: "The session ended so long ago that the map lets its records expire.",
  },
  "history-expired": {
    level: "info",
    title: "Session has left the history",
    means:
      "There is a record of a session that is too old for the session history, which AWS keeps for 30 days.",
  },
  recorded: {
    level: "good",
    title: "Recorded",
    means: "Every record that should exist does exist and has content.",
  },
};

/** The place of a verdict in the order, 0 for the worst. */
export const severityOf = (kind: VerdictKind): number => VERDICTS.indexOf(kind);
