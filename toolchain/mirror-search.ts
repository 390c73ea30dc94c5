import type { Dirent } from "node:fs";
import { readdirSync } from "node:fs";
import { join, delimiter } from "node:path";
import type { ProviderMirror } from "./aws-provider";
import { mirrorAt } from "./aws-provider";

/**
 * The folders in which Terraform and OpenTofu look for providers without any configuration. The list leaves out
 * `terraform.d/plugins` in the working directory.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
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

/** Where administrators and machine images install files that belong to no package. */
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

/** Names of folders with thousands of subfolders and no providers. */
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
 * Searches for a mirror with the AWS provider, at most three levels below one of `roots`, and returns the one nearest
 * to a root. The search does not follow links, and skips folders that it may not read. It takes about half a second if
 * there is no mirror.
 * @param host host of the registry that the mirror stands for
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
  // The folder of a registry may be a link. Any other link could lead back to a folder above it.
  return entries
    .filter((entry) => entry.isDirectory() || /^registry\./.test(entry.name))
    .map(({ name }) => name);
}
