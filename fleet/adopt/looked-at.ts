import { existsSync, readFileSync } from "node:fs";
import { generatedFile } from "../../accounts/reading/generated";
import type { GeneratedMap, LookedAt } from "../generated-map";

/**
 * The contents that the generated file of a map says somebody has looked at.
 * @param map absolute path of a map that was loaded, so that its generated file is JSON
 */
export function lookedAtIn(map: string): LookedAt {
  const file = generatedFile(map);
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, "utf8")) as GeneratedMap)["x-looked-at"] ?? {};
}

/** The content of a target that somebody has looked at; null: nobody has. */
export const seenOf = (
  seen: LookedAt,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): string | null => seen[accountId]?.[region] ?? null;
