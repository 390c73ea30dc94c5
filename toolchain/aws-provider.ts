import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isDirectory, isFile } from "./path-lookup";
import { terraformPlatform } from "./platform";
import type { TerraformBinary } from "./terraform";

/** The release that `@cdktf/provider-aws` was generated from. */
export const AWS_PROVIDER_VERSION = "5.100.0";

/** A folder that holds providers as `<registry host>/<namespace>/<type>/…`, as Terraform's documentation lays out. */
export interface ProviderMirror {
  path: string;
  /** Unpacked providers are linked into each stack; packed ones (a zip) are unpacked into each stack, 700 MB a time. */
  layout: "unpacked" | "packed";
}

/** The registry that the source `hashicorp/aws` means to each product. */
export const registryHost = (product: TerraformBinary["product"]): string =>
  product === "OpenTofu" ? "registry.opentofu.org" : "registry.terraform.io";

/** `path` as a mirror, when it holds the AWS provider in our version for this machine and this registry's host. */
export function mirrorAt(path: string, host: string): ProviderMirror | undefined {
  const provider = join(path, host, "hashicorp", "aws");
  const platform = terraformPlatform();
  if (hasExecutable(join(provider, AWS_PROVIDER_VERSION, platform))) return { path, layout: "unpacked" };
  const zip = join(provider, `terraform-provider-aws_${AWS_PROVIDER_VERSION}_${platform}.zip`);
  return isFile(zip) ? { path, layout: "packed" } : undefined;
}

/** What `mirrorAt` looks for, for messages. */
export const mirrorLayout = (host: string): string =>
  `${host}/hashicorp/aws/${AWS_PROVIDER_VERSION}/${terraformPlatform()}`;

function hasExecutable(folder: string): boolean {
  if (!isDirectory(folder)) return false;
  try {
    return readdirSync(folder).some((name) => name.startsWith("terraform-provider-aws"));
  } catch {
    return false; // unreadable: of no use to Terraform either
  }
}
