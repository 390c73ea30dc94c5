import { resolve } from "node:path";
import { CONFIG_VARIABLES } from "./cli-configuration";
import { isDirectory, isFile } from "./path-lookup";
import type { ProviderInstallation } from "./provider-installation";

/**
 * The environment for Terraform child processes. It is a copy of the caller's environment without the settings that
 * name a missing file or folder. Terraform asks no questions in it, does not look for updates of itself, and prints no
 * hints about the next command.
 * @see https://developer.hashicorp.com/terraform/cli/config/environment-variables
 */
export function terraformEnvironment(
  env: NodeJS.ProcessEnv,
  provider: ProviderInstallation,
): NodeJS.ProcessEnv {
  const child: NodeJS.ProcessEnv = {
    ...env,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    // The AWS provider builds the schemas of all its resources at each start. A third of the CPU time of a plan is
    // garbage collection during that start (measured). The process lives for seconds, so it may use more memory.
    GOGC: env["GOGC"] || "400",
  };
  for (const name of CONFIG_VARIABLES) {
    const file = env[name];
    // An absolute path, because children run in other folders.
    if (file && isFile(file)) child[name] = resolve(file);
    // Terraform prints a warning with every command if the file is missing.
    else delete child[name];
  }
  const pluginCache = env["TF_PLUGIN_CACHE_DIR"];
  if (pluginCache && isDirectory(pluginCache)) child["TF_PLUGIN_CACHE_DIR"] = resolve(pluginCache);
  // Terraform refuses to start if the folder is missing.
  else delete child["TF_PLUGIN_CACHE_DIR"];

  if (provider.cliConfig === undefined) return child;
  child["TF_CLI_CONFIG_FILE"] = provider.cliConfig;
  // Stacks link to the mirror, so a cache saves nothing, and it is not safe for concurrent runs of `init`.
  delete child["TF_PLUGIN_CACHE_DIR"];
  return child;
}
