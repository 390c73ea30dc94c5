import { didYouMean, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";

/** Rules of `sync` that name a wave which the map does not have, or that fit every account. */
export function syncProblems(map: ParsedMap): Conflict[] {
  const { sync } = map;
  if (sync === undefined) return [];
  const waves = (map.waves ?? []).map((wave) => (typeof wave === "string" ? wave : wave.name));
  const unknown = (sync.waves ?? []).flatMap(({ wave }, index) => {
    if (waves.includes(wave)) return [];
    const meant = didYouMean(wave, waves);
    return [
      problem(
        map,
        ["sync", "waves", index, "wave"],
        waves.length > 0 ? `one of ${waves.join(", ")}` : "nothing, since the map has no waves",
        meant ? `did you mean ${JSON.stringify(meant)}?` : "add it to waves, or use a wave that is there",
        [["waves"]],
      ),
    ];
  });
  const unconditional = (sync.waves ?? []).flatMap(({ organizationalUnit, tag }, index) =>
    organizationalUnit === undefined && tag === undefined
      ? [
          problem(
            map,
            ["sync", "waves", index],
            "a rule with organizationalUnit or tag: without both, it would fit every account",
            "name the root as organizationalUnit if it should, like r-ab12",
          ),
        ]
      : [],
  );
  const missingHome = sync.regions.includes(sync.homeRegion)
    ? []
    : [
        problem(
          map,
          ["sync", "homeRegion"],
          `one of sync.regions: ${sync.regions.join(", ")}`,
          "add it to sync.regions, or name one of them",
          [["sync", "regions"]],
        ),
      ];
  return [...unknown, ...unconditional, ...missingHome];
}
