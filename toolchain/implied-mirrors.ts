import { delimiter, join } from "node:path";

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
