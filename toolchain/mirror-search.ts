import type { Dirent } from "node:fs";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ProviderMirror } from "./aws-provider";
import { mirrorAt } from "./aws-provider";

/** Where administrators and machine images put things that belong to no package. */
export const SYSTEM_ROOTS = [
  "/opt",
  "/srv",
  "/usr/local/share",
  "/usr/local/lib",
  "/usr/share",
  "/usr/lib",
  "/var/lib",
];

const LEVELS_BELOW_ROOT = 3;

/** Thousands of folders in which nobody keeps a provider. */
const NEVER_ENTERED = new Set([
  "doc",
  "man",
  "locale",
  "icons",
  "zoneinfo",
  "firmware",
  "modules",
  "node_modules",
]);

/**
 * The first mirror, nearest to a root, that holds the AWS provider for `host`: a folder at most three levels below
 * one of `roots`. Does not follow links, and ignores what it may not read. Half a second when there is none.
 */
export function searchForMirror(roots: readonly string[], host: string): ProviderMirror | undefined {
  let level = [...roots];
  for (let depth = 0; depth <= LEVELS_BELOW_ROOT && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      const children = subfolders(folder);
      const mirror = children.includes(host) ? mirrorAt(folder, host) : undefined;
      if (mirror) return mirror;
      for (const child of children) if (!NEVER_ENTERED.has(child)) below.push(join(folder, child));
    }
    level = below;
  }
  return undefined;
}

function subfolders(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  // A registry's folder may itself be a link; anything else that is one could lead round in a circle.
  return entries
    .filter((entry) => entry.isDirectory() || /^registry\./.test(entry.name))
    .map(({ name }) => name);
}
