import { existsSync, readFileSync } from "node:fs";
import { withGenerated } from "../accounts/reading/generated";
import { loadFile } from "../accounts/reading/load";

/** An account as a generated map describes it. */
export interface GeneratedAccount {
  readonly id: string;
  readonly homeRegion?: string;
  readonly regions?: unknown;
  readonly wave?: string;
  readonly [setting: string]: unknown;
}

/** A generated map. What the program knows beside the map stands in keys that begin with `x-`. */
export interface GeneratedMap {
  readonly accounts?: Readonly<Record<string, Partial<GeneratedAccount>>>;
  /** The name in AWS Organizations of each account that `accounts sync` describes, by its id. */
  readonly "x-names"?: Readonly<Record<string, string>>;
  /** The accounts that `accounts sync` has left out, by id. */
  readonly "x-left-out"?: Readonly<Record<string, LeftOut>>;
  readonly "x-looked-at"?: LookedAt;
}

/**
 * The contents of preferences that somebody has looked at: SHA-256 by region, by the id of the account. `adopt --write`
 * notes them here, so that they go through review; `plan` takes them along; and `deploy` compares them with AWS.
 */
export type LookedAt = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** An account that is in no map although it was in one or could be. */
export interface LeftOut {
  /** Its name in the map. */
  readonly name: string;
  readonly reason: string;
}

/**
 * Reads the generated file of a map; an empty map if there is none.
 * @param own the map without its generated part
 * @throws UserError with a line and a column if the file is no generated map
 */
export function readGenerated(own: unknown, file: string): GeneratedMap {
  if (!existsSync(file)) return {};
  // Through the loader first, whose errors have a line and a column.
  withGenerated(own, loadFile(file), file);
  return JSON.parse(readFileSync(file, "utf8")) as GeneratedMap;
}

/** The part of a generated map that is a map. */
export const plainMap = ({ accounts = {} }: GeneratedMap): object => ({ accounts });
