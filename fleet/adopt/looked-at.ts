import { generatedFile } from "../../accounts/reading/generated";
import { lookedAtInFile, type LookedAt } from "../generated-map";

/**
 * The contents that the generated file of a map says somebody has looked at.
 * @param map absolute path of a map
 * @throws UserError if the generated file is no JSON, or has another form than the one that commands write
 */
export const lookedAtIn = (map: string): LookedAt => lookedAtInFile(generatedFile(map));

/** The content of a target that somebody has looked at; null: nobody has. */
export const seenOf = (
  seen: LookedAt,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): string | null => seen[accountId]?.[region] ?? null;
