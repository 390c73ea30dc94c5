/** What the witnesses say about one session, before it is judged. */
import type { LogStream, RecordSeen, Time, TrailEvent, Transcript } from "./model";

/** A session as `DescribeSessions` lists it. */
export interface HistorySession {
  readonly id: string;
  readonly status: string;
  /** Name or ARN of the document; null: the preferences. */
  readonly document: string | null;
  readonly instance: string;
  /** ARN of the principal that started it. */
  readonly owner: string;
  readonly reason: string | null;
  readonly accessType: string | null;
  readonly start: Date;
  /** null: it has not ended. */
  readonly end: Date | null;
}

/** A session as CloudTrail recorded the call of `StartSession`. */
export interface TrailSession {
  readonly id: string;
  readonly document: string | null;
  readonly parameters: Readonly<Record<string, readonly string[]>> | null;
  readonly instance: string | null;
  readonly owner: string | null;
  readonly reason: string | null;
  readonly sourceIdentity: string | null;
  readonly identityCenterUser: string | null;
  readonly event: TrailEvent;
}

/** All that is known of one session. null: this witness has nothing about it. */
export interface Evidence {
  readonly id: string;
  readonly history: HistorySession | null;
  readonly trail: TrailSession | null;
  readonly transcript: Transcript | null;
  readonly replica: Transcript | null;
  readonly logStream: LogStream | null;
}

/** Which witnesses were read to the end. Only then does silence mean that there is nothing. */
export interface WitnessesRead {
  readonly history: boolean;
  readonly trail: boolean;
  readonly transcripts: boolean;
  readonly logStreams: boolean;
}

/** The latest of times in ISO 8601; null: there is none. */
const latest = (...times: readonly (Time | null | undefined)[]): Time | null =>
  times.reduce<Time | null>((last, time) => (time && (last === null || time > last) ? time : last), null);

/** The time of a session's records by the clocks of AWS, which no writer can set; null: it has none. */
export const recordTime = ({ transcript, replica, logStream }: Evidence): Time | null =>
  latest(transcript?.time, replica?.time, logStream?.created, logStream?.lastIngestion);

/** The state of a transcript. @param hasPlace whether the map names a bucket @param read whether it was listed to the end */
export function transcriptSeen(
  transcript: Transcript | null,
  { hasPlace, read }: { readonly hasPlace: boolean; readonly read: boolean },
): RecordSeen {
  if (transcript !== null && !transcript.deleted) return transcript.size > 0 ? "present" : "empty";
  if (!hasPlace) return "none";
  return read ? "absent" : "unread";
}

/**
 * The state of a log stream. Each of its three times proves an event; CloudWatch Logs sets the last two some time after
 * the first.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
 */
export function logStreamSeen(
  logStream: LogStream | null,
  { hasPlace, read }: { readonly hasPlace: boolean; readonly read: boolean },
): RecordSeen {
  if (logStream !== null) {
    const { firstEvent, lastEvent, lastIngestion } = logStream;
    return (firstEvent ?? lastEvent ?? lastIngestion) ? "present" : "empty";
  }
  if (!hasPlace) return "none";
  return read ? "absent" : "unread";
}
