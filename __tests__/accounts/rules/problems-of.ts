import { MapError, type Problem } from "../../../accounts/reading/problems";
import { checkMap } from "../../../stacks/read-organization";

/** All problems of a map. */
export function problemsOf(raw: unknown): readonly Problem[] {
  try {
    checkMap(raw, "map.yaml");
    return [];
  } catch (error) {
    if (error instanceof MapError) return error.problems;
    throw error;
  }
}

/** A matcher for a list of one problem: its path, and a part of each of its texts. */
export const oneProblem = (path: string, allowed: string, remedy: string): unknown[] => [
  expect.objectContaining({
    path,
    allowed: expect.stringContaining(allowed) as string,
    remedy: expect.stringContaining(remedy) as string,
  }),
];
