import { MapError, type Problem } from "../../../accounts/reading/problems";
import { checkMap } from "../../../stacks/read-organization";

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

/** A list of one problem: its place, and a part of what is allowed and of the remedy. */
export const oneProblem = (path: string, allowed: string, remedy: string): unknown[] => [
  expect.objectContaining({
    path,
    allowed: expect.stringContaining(allowed) as string,
    remedy: expect.stringContaining(remedy) as string,
  }),
];
