import { join, resolve } from "node:path";

/** The root of the project, as an absolute path. */
export const ROOT = resolve(__dirname, "..");

/** The maps whose stacks the checks build: absolute paths, by the name in the output. */
export const MAPS: Readonly<Record<string, string>> = {
  // A copy of the map that the project ships with, which an operator does not replace.
  example: join(ROOT, "__tests__", "fixtures", "example-map.ts"),
  complete: join(ROOT, "docs", "examples", "complete.yaml"),
};
