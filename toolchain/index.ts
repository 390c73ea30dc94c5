/** Finds or installs the programs that the demo, the fleet commands and the end-to-end tests run. */
import { UserError } from "../processes/user-error";
import { AWS_PROVIDER_VERSION } from "./aws-provider";
import { linkedProvider } from "./linked-provider";
import type { MotoCommand } from "./moto";
import { findMoto } from "./moto";
import type { ToolchainOptions } from "./options";
import { providerInstallation } from "./provider-installation";
import type { TerraformBinary } from "./terraform";
import { findTerraform } from "./terraform";
import { terraformEnvironment } from "./terraform-environment";

export { findMoto, type MotoCommand } from "./moto";
export type { ToolchainOptions } from "./options";
export { providerInstallation, type ProviderInstallation } from "./provider-installation";
export { findTerraform, type TerraformBinary } from "./terraform";
export { terraformEnvironment } from "./terraform-environment";

/** Terraform, and the environment to run it in. */
export interface TerraformToolchain {
  terraform: TerraformBinary;
  /** For Terraform child processes only. A copy: process.env is never changed. */
  terraformEnv: NodeJS.ProcessEnv;
}

/** Every program that the demo and the end-to-end tests run. */
export interface Toolchain extends TerraformToolchain {
  moto: MotoCommand;
}

/**
 * Terraform, the AWS provider and the environment to run them in.
 *
 * @throws UserError if one of them is missing and cannot be installed
 */
export async function prepareTerraform(options: ToolchainOptions): Promise<TerraformToolchain> {
  const { terraform, provider } = await installed(options);
  return { terraform, terraformEnv: terraformEnvironment(options.env ?? process.env, provider) };
}

async function installed(options: ToolchainOptions) {
  const { log } = options;
  const terraform = await findTerraform(options);
  log(`${terraform.product} ${terraform.version}: ${terraform.binary}`);
  const provider = await providerInstallation({ ...options, terraform });
  log(`AWS provider ${AWS_PROVIDER_VERSION}: by ${provider.path}`);
  return { terraform, provider };
}

/** The same for the embedded AWS, where Terraform does not compute the checksum of the provider with each command. */
async function prepareRehearsal(options: ToolchainOptions): Promise<TerraformToolchain> {
  const { terraform, provider } = await installed(options);
  const cliConfig = (await linkedProvider(provider, { ...options, terraform })) ?? provider.cliConfig;
  const found = { ...provider, ...(cliConfig !== undefined && { cliConfig }) };
  return { terraform, terraformEnv: terraformEnvironment(options.env ?? process.env, found) };
}

/**
 * Finds or installs Terraform, the AWS provider and moto. Once all of them are installed, a call takes about a second,
 * which Python needs to import moto.
 *
 * @throws UserError that names every missing tool at once, or the reason of an aborted signal
 * @example
 * const { terraform, moto } = await prepareToolchain({ cacheDir: ".cache", log: console.log });
 */
export async function prepareToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const [terraform, moto] = await Promise.allSettled([prepareRehearsal(options), loggedMoto(options)]);
  options.signal?.throwIfAborted();
  if (terraform.status === "fulfilled" && moto.status === "fulfilled") {
    return { ...terraform.value, moto: moto.value };
  }
  const failures = [terraform, moto].flatMap((result) =>
    result.status === "rejected" ? [result.reason] : [],
  );
  const unexpected = failures.find((failure) => !(failure instanceof UserError));
  if (unexpected) throw unexpected;
  throw new UserError({ what: failures.map((failure: UserError) => failure.message).join("\n\n") });
}

async function loggedMoto(options: ToolchainOptions): Promise<MotoCommand> {
  const moto = await findMoto(options);
  options.log(`moto ${moto.version}: ${moto.command}`);
  return moto;
}
