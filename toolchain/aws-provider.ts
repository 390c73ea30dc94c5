import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isDirectory, isFile } from "./path-lookup";
import { terraformPlatform } from "./platform";
import type { TerraformBinary } from "./terraform";

/** The release of the AWS provider from which the package `@cdktf/provider-aws` was generated. */
export const AWS_PROVIDER_VERSION = "5.100.0";

/**
 * A folder with providers, laid out as `<registry host>/<namespace>/<type>/…`.
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export interface ProviderMirror {
  path: string;
  /** Terraform links an unpacked provider into each stack, and unpacks a packed one (a zip) into each: 700 MB a time. */
  layout: "unpacked" | "packed";
}

/** Host of the registry in which a product looks for the source `hashicorp/aws`. */
export const registryHost = (product: TerraformBinary["product"]): string =>
  product === "OpenTofu" ? "registry.opentofu.org" : "registry.terraform.io";

/**
 * The mirror at a path, or undefined if it does not have {@link AWS_PROVIDER_VERSION} for this machine.
 * @param host host of the registry that the mirror stands for
 */
export function mirrorAt(path: string, host: string): ProviderMirror | undefined {
  const provider = join(path, host, "hashicorp", "aws");
  const platform = terraformPlatform();
  if (hasExecutable(join(provider, AWS_PROVIDER_VERSION, platform))) return { path, layout: "unpacked" };
  const zip = join(provider, `terraform-provider-aws_${AWS_PROVIDER_VERSION}_${platform}.zip`);
  return isFile(zip) ? { path, layout: "packed" } : undefined;
}

/** The folder that {@link mirrorAt} looks for, relative to the mirror. Used in messages. */
export const mirrorLayout = (host: string): string =>
  `${host}/hashicorp/aws/${AWS_PROVIDER_VERSION}/${terraformPlatform()}`;

function hasExecutable(folder: string): boolean {
  if (!isDirectory(folder)) return false;
  try {
    return readdirSync(folder).some((name) => name.startsWith("terraform-provider-aws"));
  } catch {
    return false; // Terraform cannot read the folder either.
  }
}
