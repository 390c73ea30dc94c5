import type { WitnessCoverage } from "../../report/model";
import { isFromAws, wordsOf } from "../aws-errors";

export const COVERED: WitnessCoverage = { status: "covered", reason: null };

/**
 * Names of errors that are AWS's answer "there is no such thing": the place of the records does not exist. Such a place
 * was read to the end, and still it is not covered: it was never deployed, or somebody deleted it.
 */
export const NO_PLACE = ["NoSuchBucket", "ResourceNotFoundException"];

/** What came of reading a witness. */
export interface Outcome {
  readonly coverage: WitnessCoverage;
  /** Whether silence of the witness means that there is nothing. */
  readonly read: boolean;
}

/**
 * Reads a witness to its end. What AWS refuses or throttles is a result, in AWS's own words; every other error, and an
 * interruption, is thrown.
 */
export async function attempt(read: () => Promise<void>, signal?: AbortSignal): Promise<Outcome> {
  try {
    await read();
    return { coverage: COVERED, read: true };
  } catch (error) {
    signal?.throwIfAborted();
    if (!isFromAws(error)) throw error;
    const coverage: WitnessCoverage = { status: "not-covered", reason: wordsOf(error) };
    return { coverage, read: NO_PLACE.includes(error.name) };
  }
}

/** A witness that was not asked. */
export const notAsked = (status: "left-out" | "none", reason: string): Outcome => ({
  coverage: { status, reason },
  read: false,
});
