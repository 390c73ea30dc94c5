import type { Dirent } from "node:fs";
import { readdirSync } from "node:fs";
import { join, delimiter } from "node:path";
import type { ProviderMirror } from "./aws-provider";
import { mirrorAt } from "./aws-provider";

/**
 * The folders in which Terraform and OpenTofu look for providers without being told, apart from `terraform.d` in the
 * folder they run in. Source: "Implied Local Mirror Directories" in the documentation of the CLI configuration file.
 *
 * @param home the user's home folder
 */
export function impliedMirrorFolders(
  env: NodeJS.ProcessEnv,
  home: string,
  system: NodeJS.Platform = process.platform,
): string[] {
  if (system === "win32") {
    const appData = env["APPDATA"];
    return appData
      ? [join(appData, "terraform.d", "plugins"), join(appData, "HashiCorp", "Terraform", "plugins")]
      : [];
  }
  const own = join(home, ".terraform.d", "plugins");
  if (system === "darwin") {
    const support = join("Library", "Application Support", "io.terraform", "plugins");
    return [own, join(home, support), join("/", support)];
  }
  const dataHome = env["XDG_DATA_HOME"] || join(home, ".local", "share");
  const dataDirs = (env["XDG_DATA_DIRS"] || "/usr/local/share:/usr/share").split(delimiter);
  return [own, ...[dataHome, ...dataDirs].map((folder) => join(folder, "terraform", "plugins"))];
}

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
