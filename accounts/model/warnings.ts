import type { AcceptableWarning } from "../schema/accept";

/** Warnings about the list of accepted warnings. They cannot be accepted themselves. */
export type AcceptanceWarning = "acceptance-over" | "acceptance-without-warning";

export type WarningId = AcceptableWarning | AcceptanceWarning;

/** A part of a valid map that is probably not what its author means. */
export interface Warning {
  readonly warning: WarningId;
  /** The path in the map, in the notation of TypeScript. */
  readonly path: string;
  /** The value at that path. */
  readonly found: unknown;
  /** What follows from it. */
  readonly why: string;
  /** How to correct it. */
  readonly remedy: string;
  /** Number of other places in the map with the same warning, which {@link path} and {@link found} leave out. */
  readonly others: number;
  /** The paths of the first of these places, at most three. */
  readonly examples: readonly string[];
}

/** A warning that the map accepts, and why. */
export interface AcceptedWarning extends Warning {
  readonly because: string;
  /** The last day on which it is accepted, like `2027-03-31`. */
  readonly until: string;
}

/** The warnings of a map on a day. */
export interface Warnings {
  /** Warnings that nobody accepted, in the order of the table of warnings. */
  readonly open: readonly Warning[];
  readonly accepted: readonly AcceptedWarning[];
}
