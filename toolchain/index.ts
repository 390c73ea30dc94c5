/** Finds or provides the programs that the demo, the fleet commands and the end-to-end tests run. */
import { AWS_PROVIDER_VERSION } from "./aws-provider";
import type { MotoCommand } from "./moto";
import { findMoto } from "./moto";
import type { ToolchainOptions } from "./options";
import { providerInstallation } from "./provider-installation";
import type { TerraformBinary } from "./terraform";
import { findTerraform } from "./terraform";
import { terraformEnvironment } from "./terraform-environment";
import { ToolchainError } from "./toolchain-error";

export { findMoto, type MotoCommand } from "./moto";
export type { ToolchainOptions } from "./options";
export { providerInstallation, type ProviderInstallation } from "./provider-installation";
export { findTerraform, type TerraformBinary } from "./terraform";
export { terraformEnvironment } from "./terraform-environment";
export { ToolchainError } from "./toolchain-error";

export interface TerraformToolchain {
  terraform: TerraformBinary;
  /** For Terraform child processes only. A copy: process.env is never changed. */
  terraformEnv: NodeJS.ProcessEnv;
}

export interface Toolchain extends TerraformToolchain {
  moto: MotoCommand;
}

/**
 * Terraform, the AWS provider and the environment to run them in.
 *
 * @throws ToolchainError when one of them is missing and cannot be provided
 */
async function prepareTerraform(options: ToolchainOptions): Promise<TerraformToolchain> {
  const { log, env = process.env } = options;
  const terraform = await findTerraform(options);
  log(`${terraform.product} ${terraform.version}: ${terraform.binary}`);
  const provider = await providerInstallation({ ...options, terraform });
  log(`AWS provider ${AWS_PROVIDER_VERSION}: by ${provider.path}`);
  return { terraform, terraformEnv: terraformEnvironment(env, provider) };
}

/**
 * All that the demo and the end-to-end tests need: Terraform, the AWS provider, moto. A second call takes about a
 * second, nearly all of it Python importing moto.
 *
 * @throws ToolchainError that names everything missing at once
 */
export async function prepareToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const [terraform, moto] = await Promise.allSettled([prepareTerraform(options), loggedMoto(options)]);
  if (terraform.status === "fulfilled" && moto.status === "fulfilled") {
    return { ...terraform.value, moto: moto.value };
  }
  const failures = [terraform, moto].flatMap((result) =>
    result.status === "rejected" ? [result.reason] : [],
  );
  const unexpected = failures.find((failure) => !(failure instanceof ToolchainError));
  if (unexpected) throw unexpected;
  throw new ToolchainError(failures.map((failure: ToolchainError) => failure.message).join("\n\n"));
}

async function loggedMoto(options: ToolchainOptions): Promise<MotoCommand> {
  const moto = await findMoto(options);
  options.log(`moto ${moto.version}: ${moto.command}`);
  return moto;
}
