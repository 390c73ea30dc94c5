import type { Transcript } from "../../report/model";
import type { TargetEvidence } from "../../report/target-evidence";
import type { Clients } from "../target-clients";
import { attempt, notAsked, type Outcome } from "./coverage";
import { each } from "./each";
import type { TargetPlaces, TranscriptPlace } from "./places";
import { withDetails, withLock } from "./transcripts";

const LOCKS_ALONE =
  "The report role reads locks alone: checksums, replication and keys need s3:GetObject, with which transcripts could be read.";

/**
 * Asks for checksum, lock, replication and key of each transcript; with a role that reads no content, for the lock alone.
 * The first refusal ends it, because the next transcript would be refused as well.
 */
export const readDetails = async (
  evidence: TargetEvidence,
  places: TargetPlaces,
  clientsOf: (place: TranscriptPlace) => Pick<Clients, "s3" | "readsContent">,
  signal?: AbortSignal,
): Promise<Outcome> => {
  let locksAlone = false;
  const detailed = async (transcript: Transcript | null, place: TranscriptPlace | null) => {
    if (transcript === null || place === null) return transcript;
    const { s3, readsContent } = clientsOf(place);
    if (readsContent) return withDetails(s3, transcript);
    locksAlone = true;
    return withLock(s3, transcript);
  };
  const outcome = await attempt(async () => {
    const all = [...evidence.all()].filter(({ transcript, replica }) => transcript ?? replica);
    await each(
      all,
      async ({ id, transcript, replica }) =>
        evidence.detail(id, {
          transcript: await detailed(transcript, places.transcripts),
          replica: await detailed(replica, places.replica),
        }),
      signal,
    );
  }, signal);
  return locksAlone && outcome.coverage.status === "covered" ? notAsked("left-out", LOCKS_ALONE) : outcome;
};
