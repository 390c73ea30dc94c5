import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { allOrNothing } from "../files/all-or-nothing";
import type { ProviderMirror } from "./aws-provider";
import { AWS_PROVIDER_VERSION, mirrorAt, registryHost } from "./aws-provider";
import { lastLines, run } from "../processes/child-process";
import { UserError } from "../processes/user-error";
import { mirrorConfiguration, registryConfiguration } from "./cli-configuration";
import type { TerraformBinary } from "./terraform";
import type { ToolchainOptions } from "./options";

/** Where the provider is copied from: the registry at a host name, or a mirror. */
export type ProviderSource = { registry: string } | { mirror: ProviderMirror };

interface Where {
  cacheDir: string;
  terraform: TerraformBinary;
}

/** The copy that an earlier run has made in the cache, if there is one. */
export function cachedProvider({ cacheDir, terraform }: Where): ProviderMirror | undefined {
  return mirrorAt(copyPath(cacheDir, terraform), registryHost(terraform.product));
}

/**
 * Lets Terraform install and verify the AWS provider once, and keeps the result as an unpacked mirror to which every
 * stack links.
 *
 * TF_PLUGIN_CACHE_DIR does not serve this purpose. Without a lock file, Terraform downloads the provider again for each stack and
 * overwrites the cached copy while another stack runs it ("text file busy"). Terraform documents the cache as not safe
 * for concurrent runs of `init`.
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
 *
 * @throws UserError with the end of Terraform's output if the provider cannot be installed
 */
export async function copyProvider(
  options: Where & ToolchainOptions & { env: NodeJS.ProcessEnv; source: ProviderSource },
): Promise<ProviderMirror> {
  const { cacheDir, terraform, log, source, signal, kill } = options;
  const host = registryHost(terraform.product);
  const target = copyPath(cacheDir, terraform);
  const from = "registry" in source ? source.registry : source.mirror.path;
  log(`Installing the AWS provider ${AWS_PROVIDER_VERSION} from ${from}, once for all stacks`);

  await allOrNothing(target, async (workDir) => {
    const configFile = join(workDir, "terraform.rc");
    await writeFile(
      configFile,
      "registry" in source ? registryConfiguration() : mirrorConfiguration(source.mirror.path, host),
    );
    await writeFile(join(workDir, "main.tf.json"), requirement());
    const env = { ...withoutSettings(options.env), TF_CLI_CONFIG_FILE: configFile };
    const init = await run(terraform.binary, ["init", "-input=false", "-no-color"], {
      cwd: workDir,
      env,
      timeoutSeconds: 1800,
      signal,
      kill,
    });
    const installed = join(workDir, ".terraform", "providers");
    if (init.problem === undefined && mirrorAt(installed, host)) return installed;
    throw new UserError({
      what:
        `The AWS provider ${AWS_PROVIDER_VERSION} could not be installed from ${from}: ` +
        `${init.problem ?? "it was not where Terraform puts providers"}.\n${lastLines(fromFirstError(init.output))}`,
    });
  });
  return { path: target, layout: "unpacked" };
}

const fromFirstError = (output: string): string => output.slice(Math.max(0, output.indexOf("Error:")));

const copyPath = (cacheDir: string, { product }: TerraformBinary): string =>
  join(cacheDir, `aws-provider-${AWS_PROVIDER_VERSION}-${product.toLowerCase()}`);

const requirement = (): string =>
  JSON.stringify({
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: AWS_PROVIDER_VERSION } } },
  });

/** An environment without the Terraform settings that are meant for stacks, such as TF_DATA_DIR or TF_CLI_ARGS. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^TF_(?!TOKEN_)|^TERRAFORM_CONFIG$/.test(name));
  return { ...Object.fromEntries(kept), CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
}
