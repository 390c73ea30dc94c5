import { didYouMean, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { listed, problem } from "./conflict";

/** Waves that are listed twice, roles for a probe that nobody makes, and accounts in a wave that the map does not list. */
export function waveProblems(map: ParsedMap): Conflict[] {
  const waves = (map.waves ?? []).map((wave) => (typeof wave === "string" ? wave : wave.name));
  const twice = waves.flatMap((wave, index) =>
    waves.indexOf(wave) < index
      ? [problem(map, ["waves", index], "each wave once", "remove the repetition")]
      : [],
  );
  const unasked = (map.waves ?? []).flatMap((wave, index) =>
    typeof wave !== "string" && wave.probeRole !== undefined && wave.doctor !== true
      ? [
          problem(
            map,
            ["waves", index, "probeRole"],
            "nothing, since doctor does not look at this wave",
            "write doctor: true, or remove probeRole",
          ),
        ]
      : [],
  );
  if (map.waves === undefined) return withoutWaves(map);
  const unknown = Object.entries(map.accounts).flatMap(([name, { wave }]) => {
    if (wave === undefined || waves.includes(wave)) return [];
    const meant = didYouMean(wave, waves);
    const allowed = `one of ${waves.join(", ")}`;
    const remedy = meant
      ? `did you mean ${JSON.stringify(meant)}?`
      : "add it to waves, or use a wave that is there";
    return [problem(map, ["accounts", name, "wave"], allowed, remedy, [["waves"]])];
  });
  return [...twice, ...unasked, ...unknown];
}

/** Accounts name waves, and the map has none. The cause is one, however many accounts name a wave. */
function withoutWaves(map: ParsedMap): Conflict[] {
  const entries = Object.entries(map.accounts).filter(([, { wave }]) => wave !== undefined);
  if (entries.length === 0) return [];
  const named = [...new Set(entries.map(([, { wave }]) => wave!))];
  return [
    problem(
      map,
      ["waves"],
      `the waves of accounts: ${listed(named)}`,
      `list the waves in their order, like waves: [${listed(named.map((wave) => JSON.stringify(wave)))}], or remove wave from the accounts`,
      entries.map(([name]) => ["accounts", name, "wave"]),
    ),
  ];
}
