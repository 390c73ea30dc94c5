import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { isFile } from "./path-lookup";
import type { TerraformBinary } from "./terraform";

/** The variables that name a CLI configuration; the second is the first's older name. */
export const CONFIG_VARIABLES = ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"] as const;

/**
 * The CLI configuration file that Terraform would read by itself, or undefined. A variable that names a file which
 * does not exist counts as not set: Terraform would warn about it with every command, and the warning lands in
 * output that a program reads.
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

/** Terraform reads these beside the file. What `terraform login` saved says nothing about providers. */
function fragments(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.tfrc(\.json)?$/.test(name) && name !== "credentials.tfrc.json")
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A CLI configuration that takes the AWS provider from one folder, and everything else from where it always was. */
export function mirrorConfiguration(mirrorPath: string, host: string): string {
  // A pattern such as "*/hashicorp/aws" matches nothing: Terraform wants the host by name.
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

/** A CLI configuration that asks the registry even when some folder holds other versions of the provider. */
export const registryConfiguration = (): string => "provider_installation {\n  direct {}\n}\n";
