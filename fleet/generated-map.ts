import { existsSync } from "node:fs";
import { z } from "zod";
import { withGenerated } from "../accounts/reading/generated";
import { loadGenerated, withoutExtras } from "../accounts/reading/load";
import { UserError } from "../processes/user-error";

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

const texts = z.record(z.string(), z.string());

/** The keys for programs. What they have in common with a map is checked with the map. */
const extras = z.looseObject({
  "x-names": texts.optional(),
  "x-left-out": z.record(z.string(), z.looseObject({ name: z.string(), reason: z.string() })).optional(),
  "x-looked-at": z.record(z.string(), texts).optional(),
});

/**
 * Reads the generated file of a map; an empty map if there is none.
 * @param own the map without its generated part
 * @throws UserError with a line and a column if the file is no JSON; UserError if it is no generated map
 */
export function readGenerated(own: unknown, file: string): GeneratedMap {
  if (!existsSync(file)) return {};
  const found = loadGenerated(file);
  withGenerated(own, withoutExtras(found), file);
  return checked(found, file);
}

/**
 * The contents that the generated file of a map says somebody has looked at.
 * @throws UserError as `readGenerated` does
 */
export const lookedAtInFile = (file: string): LookedAt =>
  existsSync(file) ? (checked(loadGenerated(file), file)["x-looked-at"] ?? {}) : {};

/** @throws UserError if a key for programs has another form than the one that commands write */
function checked(found: unknown, file: string): GeneratedMap {
  const parsed = extras.safeParse(found);
  if (parsed.success) return found as GeneratedMap;
  const { path, message } = parsed.error.issues[0]!;
  throw new UserError({
    what: `${file}: ${path.join(".")} is not what a command has written: ${message}.`,
    remedy: "Restore the file from version control, or remove it and run the command again that writes it.",
  });
}

/** The part of a generated map that is a map. */
export const plainMap = ({ accounts = {} }: GeneratedMap): object => ({ accounts });
