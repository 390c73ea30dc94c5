import type { RecordingRules } from "../guard/expected-records";
import type { SessionRow } from "./model";

/** What a verdict depends on beside the evidence. */
export interface VerdictProps {
  /** Where the records of the target must be. The guard uses the same rules. */
  readonly rules: RecordingRules;
  /** Times from which sessions are recorded in these places. */
  readonly since: RecordingSince;
  /** Time of the report. */
  readonly now: Date;
  /** What each witness says. */
  readonly seen: SessionRow["witnesses"];
}

/** Time from which each kind of record is written at its place. */
export interface RecordingSince {
  readonly transcript: Date;
  readonly logStream: Date;
}
