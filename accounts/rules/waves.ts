import { didYouMean, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";

/** Waves that are listed twice, and accounts in a wave that the map does not list. */
export function waveProblems(map: ParsedMap): Conflict[] {
  const waves = (map.waves ?? []).map((wave) => (typeof wave === "string" ? wave : wave.name));
  const twice = waves.flatMap((wave, index) =>
    waves.indexOf(wave) < index
      ? [problem(map, ["waves", index], "each wave once", "remove the repetition")]
      : [],
  );
  const unknown = Object.entries(map.accounts).flatMap(([name, { wave }]) => {
    if (wave === undefined || waves.includes(wave)) return [];
    const meant = didYouMean(wave, waves);
    const allowed = waves.length > 0 ? `one of ${waves.join(", ")}` : "nothing, since the map has no waves";
    const remedy = meant
      ? `did you mean ${JSON.stringify(meant)}?`
      : "add it to waves, or use a wave that is there";
    return [problem(map, ["accounts", name, "wave"], allowed, remedy, [["waves"]])];
  });
  return [...twice, ...unknown];
}
