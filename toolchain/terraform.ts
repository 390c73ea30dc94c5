import { run } from "./child-process";
import type { ToolchainOptions } from "./options";
import { allOnPath, locate } from "./path-lookup";
import { downloadedTerraform, HASHICORP_RELEASES, PINNED_TERRAFORM } from "./terraform-release";
import { reason, ToolchainError } from "./toolchain-error";
import { isAtLeast } from "./version";

export interface TerraformBinary {
  /** Absolute path. */
  binary: string;
  /** "1.11.4" */
  version: string;
  product: "Terraform" | "OpenTofu";
}

/** Below this the S3 backend cannot lock a state without DynamoDB (`use_lockfile`). */
export const MINIMUM_TERRAFORM = "1.10";

/** cdktf's own variable, so that synth and this program run the same binary. */
export const BINARY_VARIABLE = "TERRAFORM_BINARY_NAME";

const HOW_TO_GET_ONE = [
  `Install Terraform ${MINIMUM_TERRAFORM} or newer: https://developer.hashicorp.com/terraform/install`,
  `or OpenTofu ${MINIMUM_TERRAFORM} or newer: https://opentofu.org/docs/intro/install`,
  `or set ${BINARY_VARIABLE} to the name or path of one.`,
].join("\n  ");

/**
 * The Terraform or OpenTofu to use: the one named by TERRAFORM_BINARY_NAME, else `terraform` on PATH, else `tofu`
 * on PATH, else a pinned Terraform release, downloaded once into the cache.
 *
 * @param options.releasesUrl where releases are served; tests serve their own
 * @throws ToolchainError when the named one cannot be used, or none is there and none can be downloaded
 */
export async function findTerraform(
  options: ToolchainOptions & { releasesUrl?: string },
): Promise<TerraformBinary> {
  const { cacheDir, log, env = process.env, releasesUrl = HASHICORP_RELEASES } = options;
  const named = env[BINARY_VARIABLE];
  if (named) return namedTerraform(named, env);

  const passedOver: string[] = [];
  const passOver = (path: string, problem: string): void => {
    passedOver.push(`${path}: ${problem}`);
    log(`${path} is passed over: ${problem}`);
  };
  for (const path of [...allOnPath("terraform", env), ...allOnPath("tofu", env)]) {
    const probe = await probeTerraform(path, env);
    if (!("problem" in probe)) return probe;
    passOver(path, probe.problem);
  }

  try {
    const binary = await downloadedTerraform({ cacheDir, log, releasesUrl });
    const probe = await probeTerraform(binary, env);
    if (!("problem" in probe)) return probe;
    throw new ToolchainError(`${binary}: ${probe.problem}. Delete it to have it downloaded again`);
  } catch (error) {
    throw new ToolchainError(
      [
        `Terraform ${MINIMUM_TERRAFORM} or newer is missing. Looked at:`,
        `  ${BINARY_VARIABLE}: not set`,
        passedOver.length === 0 ? "  PATH: neither terraform nor tofu" : `  PATH: ${passedOver.join("; ")}`,
        `  release ${PINNED_TERRAFORM}: ${reason(error)}`,
        `  ${HOW_TO_GET_ONE}`,
        ...(env["HTTPS_PROXY"] || env["https_proxy"]
          ? ["  The download does not use HTTPS_PROXY: Node 20 has no proxy support."]
          : []),
      ].join("\n"),
      { cause: error },
    );
  }
}

async function namedTerraform(named: string, env: NodeJS.ProcessEnv): Promise<TerraformBinary> {
  const path = locate(named, env);
  const probe = path ? await probeTerraform(path, env) : { problem: "there is no such program" };
  if (!("problem" in probe)) return probe;
  // Somebody asked for this one: using another in silence would test or deploy with the wrong tool.
  throw new ToolchainError(
    `${BINARY_VARIABLE} is "${named}", which cannot be used: ${probe.problem}.\n` +
      `  Unset ${BINARY_VARIABLE} to use the one on PATH, or:\n  ${HOW_TO_GET_ONE}`,
  );
}

/** Asks a program who it is. `-json` has the version alone; only the text for people names the product. */
async function probeTerraform(
  binary: string,
  env: NodeJS.ProcessEnv,
): Promise<TerraformBinary | { problem: string }> {
  const options = { env: probeEnvironment(env), timeoutSeconds: 300 };
  const [asJson, asText] = await Promise.all([
    run(binary, ["version", "-json"], options),
    run(binary, ["version"], options),
  ]);
  if (asJson.problem) return { problem: asJson.problem };

  const version = terraformVersion(asJson.stdout);
  if (version === undefined)
    return { problem: "it does not answer `version -json` like Terraform or OpenTofu" };
  const product = /^OpenTofu v/m.test(asText.stdout) ? "OpenTofu" : "Terraform";
  if (isAtLeast(version, MINIMUM_TERRAFORM)) return { binary, version, product };
  return { problem: `it is ${product} ${version}, and ${MINIMUM_TERRAFORM} or newer is needed` };
}

function terraformVersion(json: string): string | undefined {
  try {
    const { terraform_version: version } = JSON.parse(json) as { terraform_version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** No call home, and no option or configuration of the user's that could turn a version into an error. */
function probeEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(TF_|TERRAFORM_CONFIG$)/.test(name));
  return { ...Object.fromEntries(kept), CHECKPOINT_DISABLE: "1" };
}
