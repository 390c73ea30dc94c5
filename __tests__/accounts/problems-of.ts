import { MapError, type Problem } from "../../accounts/problems";
import { checkMap } from "../../stacks/read-organization";

/** Everything that is wrong with a map; nothing, if it can be used. */
export function problemsOf(raw: unknown): readonly Problem[] {
  try {
    checkMap(raw, "map.yaml");
    return [];
  } catch (error) {
    if (error instanceof MapError) return error.problems;
    throw error;
  }
}
