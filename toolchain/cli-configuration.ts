import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { isFile } from "./path-lookup";
import type { TerraformBinary } from "./terraform";

/** The variables that name a CLI configuration. `TERRAFORM_CONFIG` is the older name of `TF_CLI_CONFIG_FILE`. */
export const CONFIG_VARIABLES = ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"] as const;

/**
 * The first CLI configuration file that Terraform reads by itself, or undefined if there is none. A variable that names a
 * missing file is ignored here, and removed from the environment of Terraform: with each command, Terraform would print
 * a warning into output that this project reads.
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#locations
 * @param home the user's home folder
 */
export function userCliConfiguration(
  env: NodeJS.ProcessEnv,
  home: string,
  product: TerraformBinary["product"],
): string | undefined {
  const named = CONFIG_VARIABLES.map((name) => env[name]).filter((path) => path !== undefined && path !== "");
  return [...named, ...defaultFiles(env, home, product)].map((path) => resolve(path as string)).find(isFile);
}

function defaultFiles(env: NodeJS.ProcessEnv, home: string, product: TerraformBinary["product"]): string[] {
  const openTofu = product === "OpenTofu";
  if (process.platform === "win32") {
    const appData = env["APPDATA"] ?? home;
    const names = openTofu ? ["tofu.rc", "terraform.rc"] : ["terraform.rc"];
    return [...names.map((name) => join(appData, name)), ...fragments(join(appData, "terraform.d"))];
  }
  const xdgConfig = env["XDG_CONFIG_HOME"] || join(home, ".config");
  const ofOpenTofu = openTofu ? [join(home, ".tofurc"), join(xdgConfig, "opentofu", "tofurc")] : [];
  return [...ofOpenTofu, join(home, ".terraformrc"), ...fragments(join(home, ".terraform.d"))];
}

/** The files in a folder that Terraform reads beside the main file, without the credentials of `terraform login`. */
function fragments(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.tfrc(\.json)?$/.test(name) && name !== "credentials.tfrc.json")
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A CLI configuration that installs the AWS provider from a mirror, and every other provider from its registry. */
export function mirrorConfiguration(mirrorPath: string, host: string): string {
  // Terraform does not accept a wildcard for the host: "*/hashicorp/aws" matches nothing.
  const provider = JSON.stringify(`${host}/hashicorp/aws`);
  return [
    "# Written by session-audit for its own Terraform processes. Safe to delete.",
    "provider_installation {",
    "  filesystem_mirror {",
    `    path    = ${JSON.stringify(mirrorPath)}`,
    `    include = [${provider}]`,
    "  }",
    "  direct {",
    `    exclude = [${provider}]`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/**
 * A CLI configuration that installs every provider from its registry. It ignores the implied local mirror directories, which
 * may have other versions.
 */
export const registryConfiguration = (): string => "provider_installation {\n  direct {}\n}\n";
