import { resolve } from "node:path";
import { CONFIG_VARIABLES } from "./cli-configuration";
import { isDirectory, isFile } from "./path-lookup";
import type { ProviderInstallation } from "./provider-installation";

/**
 * The environment for Terraform child processes: the caller's, without the settings that point at nothing, and
 * with those under which Terraform neither asks, nor calls home, nor prints hints for people. `env` is not changed.
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
    // The AWS provider builds the schemas of all its resources at each start, and collecting garbage meanwhile is a
    // third of the CPU time of a plan (measured). The process lives for seconds: let it use memory instead.
    GOGC: env["GOGC"] || "400",
  };
  for (const name of CONFIG_VARIABLES) {
    const file = env[name];
    if (file && isFile(file))
      child[name] = resolve(file); // children run in other folders
    else delete child[name]; // or Terraform warns with every command
  }
  const pluginCache = env["TF_PLUGIN_CACHE_DIR"];
  if (pluginCache && isDirectory(pluginCache)) child["TF_PLUGIN_CACHE_DIR"] = resolve(pluginCache);
  else delete child["TF_PLUGIN_CACHE_DIR"]; // or Terraform refuses to start

  if (provider.cliConfig === undefined) return child;
  child["TF_CLI_CONFIG_FILE"] = provider.cliConfig;
  // Stacks link to the mirror. A cache on top would only make parallel inits unsafe.
  delete child["TF_PLUGIN_CACHE_DIR"];
  return child;
}
