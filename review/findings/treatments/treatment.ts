import type { Severity } from "../../model";

/** What it means that an object is destroyed. */
export interface End {
  readonly severity: Severity;
  /** What is lost, as whole sentences. */
  readonly lost: string;
  readonly remedy: string;
}

/** How a review treats a type of resource. */
export interface Treatment {
  /** What people call it. */
  readonly noun: string;
  readonly nouns: string;
  /** What its change may mean, as one sentence. */
  readonly changed: string;
  readonly destroyed: End;
  /** A replacement destroys the old object. null: it leaves a gap of seconds and nothing is lost. */
  readonly replaced: End | null;
}

/** For what may be intended. */
export const INTENDED = "Make sure that this is intended, and that its replacement already exists.";
/** For what holds records. */
export const KEEP = "Keep it: set protect: true in the map, or take back the setting that destroys it.";
/** The replacement of something that holds nothing. */
export const gap = (what: string): End => ({
  severity: "low",
  lost: `Between the destruction of the old one and the creation of the new one, ${what}.`,
  remedy: "Apply while no session is open.",
});
