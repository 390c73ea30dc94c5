import { mkdir, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { sha256Of } from "../files/checksum";
import { replaceFile } from "../files/replace-file";
import { mirrorLayout, registryHost } from "./aws-provider";
import { mirrorConfiguration } from "./cli-configuration";
import type { ProviderInstallation } from "./provider-installation";
import type { TerraformBinary } from "./terraform";

/**
 * Makes a mirror in which the AWS provider is a script that starts the provider of another mirror. With every command,
 * Terraform computes the checksum of the whole package of a provider: 700 MB, a second of processor time for `init` and more
 * than half a second for every other command (measured with Terraform 1.11). Deployments to production need that, and a
 * rehearsal on the embedded AWS, which runs hundreds of commands with the same provider, does not.
 * @returns path of the CLI configuration that installs from the mirror; undefined: the place of the provider is not known,
 *   or the system has no such scripts
 */
export async function linkedProvider(
  { decidedBy, path: mirror }: ProviderInstallation,
  { cacheDir, terraform }: { readonly cacheDir: string; readonly terraform: TerraformBinary },
): Promise<string | undefined> {
  if (decidedBy === "user's configuration" || process.platform === "win32") return undefined;
  const host = registryHost(terraform.product);
  const folder = join(mirror, mirrorLayout(host));
  const name = (await readdir(folder)).find((file) => file.startsWith("terraform-provider-aws"))!;
  const target = resolve(cacheDir, `linked-provider-${sha256Of(`${host} ${mirror}`).slice(0, 12)}`);
  const configuration = join(target, "terraform.rc");
  const script = join(target, "mirror", mirrorLayout(host), name);
  await mkdir(dirname(script), { recursive: true });
  // Another Terraform may be reading both. The same mirror gives the same bytes.
  await replaceFile(script, `#!/bin/sh\nexec ${quoted(join(folder, name))} "$@"\n`, 0o755);
  await replaceFile(configuration, mirrorConfiguration(join(target, "mirror"), host));
  return configuration;
}

/** A path as one word of a shell. */
const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
