import { run, type ChildSignals } from "../processes/child-process";
import { UserError } from "../processes/user-error";
import type { ToolchainOptions } from "./options";
import { allOnPath, locate } from "./path-lookup";
import { downloadedTerraform, HASHICORP_RELEASES, PINNED_TERRAFORM } from "./terraform-release";
import { reason } from "./reason";
import { isAtLeast } from "./version";

/** A Terraform or OpenTofu that runs and has printed its version. */
export interface TerraformBinary {
  /** Absolute path. */
  binary: string;
  /** "1.11.4" */
  version: string;
  product: "Terraform" | "OpenTofu";
}

/**
 * The oldest version whose S3 backend can lock a state without DynamoDB (`use_lockfile`).
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export const MINIMUM_TERRAFORM = "1.10";

/** The variable by which cdktf chooses its binary. Read here as well, so that both use the same one. */
export const BINARY_VARIABLE = "TERRAFORM_BINARY_NAME";

const HOW_TO_GET_ONE = [
  `Install Terraform ${MINIMUM_TERRAFORM} or newer: https://developer.hashicorp.com/terraform/install`,
  `or OpenTofu ${MINIMUM_TERRAFORM} or newer: https://opentofu.org/docs/intro/install`,
  `or set ${BINARY_VARIABLE} to the name or path of one.`,
].join("\n");

/**
 * Finds the Terraform or OpenTofu to use. The order is: the program that TERRAFORM_BINARY_NAME names, `terraform` on
 * PATH, `tofu` on PATH, and a pinned Terraform release that is downloaded once into the cache.
 *
 * @param options.releasesUrl where releases are served; tests serve their own
 * @throws UserError if the named program cannot be used, or if there is none and the download fails
 */
export async function findTerraform(
  options: ToolchainOptions & { releasesUrl?: string },
): Promise<TerraformBinary> {
  const { cacheDir, log, env = process.env, signal, kill, releasesUrl = HASHICORP_RELEASES } = options;
  const children = { env, signal, kill };
  const named = env[BINARY_VARIABLE];
  if (named) return namedTerraform(named, children);

  const passedOver: string[] = [];
  const passOver = (path: string, problem: string): void => {
    passedOver.push(`${path}: ${problem}`);
    log(`${path} is passed over: ${problem}`);
  };
  for (const path of [...allOnPath("terraform", env), ...allOnPath("tofu", env)]) {
    const probe = await probeTerraform(path, children);
    if (!("problem" in probe)) return probe;
    passOver(path, probe.problem);
  }

  try {
    const binary = await downloadedTerraform({ cacheDir, log, releasesUrl, signal });
    const probe = await probeTerraform(binary, children);
    if (!("problem" in probe)) return probe;
    throw new UserError({ what: `${binary}: ${probe.problem}. Delete it to have it downloaded again` });
  } catch (error) {
    signal?.throwIfAborted();
    const found = [
      `${BINARY_VARIABLE}: not set`,
      `PATH: ${passedOver.length === 0 ? "neither terraform nor tofu" : passedOver.join("; ")}`,
      `release ${PINNED_TERRAFORM}: ${reason(error)}`,
      ...(env["HTTPS_PROXY"] || env["https_proxy"]
        ? ["The download does not use HTTPS_PROXY: Node.js 20 has no proxy support."]
        : []),
    ];
    throw new UserError(
      {
        what: `Terraform ${MINIMUM_TERRAFORM} or newer is missing.`,
        found: found.join("\n"),
        remedy: HOW_TO_GET_ONE,
      },
      { cause: error },
    );
  }
}

type ChildOptions = ChildSignals & { readonly env: NodeJS.ProcessEnv };

async function namedTerraform(named: string, children: ChildOptions): Promise<TerraformBinary> {
  const path = locate(named, children.env);
  const probe = path ? await probeTerraform(path, children) : { problem: "there is no such program" };
  if (!("problem" in probe)) return probe;
  // The user has chosen this program. To use another one silently would be to test or deploy with the wrong tool.
  throw new UserError({
    what: `${BINARY_VARIABLE} is "${named}", which cannot be used: ${probe.problem}.`,
    remedy: `Unset ${BINARY_VARIABLE} to use the program on PATH, or:\n${HOW_TO_GET_ONE}`,
  });
}

/** Asks a program for its version and product. The JSON has only the version; the plain text names the product. */
async function probeTerraform(
  binary: string,
  children: ChildOptions,
): Promise<TerraformBinary | { problem: string }> {
  const options = { ...children, env: probeEnvironment(children.env), timeoutSeconds: 300 };
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

/** An environment without the user's Terraform settings, any of which could turn the answer into an error. */
function probeEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(TF_|TERRAFORM_CONFIG$)/.test(name));
  return { ...Object.fromEntries(kept), CHECKPOINT_DISABLE: "1" };
}
