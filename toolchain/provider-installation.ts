import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { replaceFile } from "../files/replace-file";
import { UserError } from "../processes/user-error";
import type { ProviderMirror } from "./aws-provider";
import { AWS_PROVIDER_VERSION, mirrorAt, mirrorLayout, registryHost } from "./aws-provider";
import { mirrorConfiguration, userCliConfiguration } from "./cli-configuration";
import { impliedMirrorFolders, searchForMirror, SYSTEM_ROOTS } from "./mirror-search";
import type { ToolchainOptions } from "./options";
import type { ProviderSource } from "./provider-copy";
import { cachedProvider, copyProvider } from "./provider-copy";
import type { TerraformBinary } from "./terraform";

/** The variable that names a folder with providers, in the layout of a Terraform filesystem mirror. */
export const MIRROR_VARIABLE = "SESSION_AUDIT_PROVIDER_MIRROR";

/** The source from which Terraform installs the AWS provider. */
export interface ProviderInstallation {
  /** What decides: the user's own CLI configuration, an implied mirror of Terraform, or this project. */
  decidedBy: "user's configuration" | "terraform" | "session-audit";
  /** Path of the user's configuration file, of the implied mirror, or of the mirror that this project has chosen. */
  path: string;
  /** The CLI configuration file that Terraform must be given. Absent where Terraform finds the right one by itself. */
  cliConfig?: string;
}

/** Options of {@link providerInstallation}. */
export interface ProviderOptions extends ToolchainOptions {
  terraform: TerraformBinary;
  /** @default the current folder, which may hold `terraform.d/plugins` */
  projectDir?: string;
  /** The search for a mirror starts in these folders. @default SYSTEM_ROOTS */
  systemRoots?: readonly string[];
}

/**
 * Decides from where Terraform installs the AWS provider. The first source that has the provider is used, in this order:
 * 1. the user's own CLI configuration, which is not changed;
 * 2. the mirror that SESSION_AUDIT_PROVIDER_MIRROR names;
 * 3. `terraform.d/plugins` in the folder of the project;
 * 4. Terraform's implied mirrors;
 * 5. the copy in the cache;
 * 6. a mirror below one of `systemRoots`;
 * 7. the registry.
 *
 * A provider that is packed, or that comes from the registry, is copied into the cache once.
 *
 * @throws UserError if the named mirror does not have the provider, or if no mirror has it and the registry fails
 */
export async function providerInstallation(options: ProviderOptions): Promise<ProviderInstallation> {
  const { log, env = process.env, terraform, systemRoots = SYSTEM_ROOTS, signal, kill } = options;
  const cacheDir = resolve(options.cacheDir);
  const home = env["HOME"] || homedir();
  const host = registryHost(terraform.product);
  const where = { cacheDir, terraform };
  const named = env[MIRROR_VARIABLE];

  const own = userCliConfiguration(env, home, terraform.product);
  if (own) {
    if (named) log(`${MIRROR_VARIABLE} is not used: Terraform's own configuration ${own} comes first`);
    return { decidedBy: "user's configuration", path: own };
  }

  const use = async (mirror: ProviderMirror): Promise<ProviderInstallation> => {
    const { path } = mirror.layout === "unpacked" ? mirror : await copy({ mirror });
    return { decidedBy: "session-audit", path, cliConfig: await writeCliConfig(cacheDir, path, host) };
  };
  const copy = async (source: ProviderSource): Promise<ProviderMirror> =>
    cachedProvider(where) ?? copyProvider({ ...where, log, env, source, signal, kill });

  if (named) return use(namedMirror(named, host));

  // Terraform reads this folder by itself only when it runs in the folder of the project. Stacks have their own folders.
  const ofProject = mirrorAt(resolve(options.projectDir ?? ".", "terraform.d", "plugins"), host);
  if (ofProject) return use(ofProject);

  for (const folder of impliedMirrorFolders(env, home)) {
    const implied = mirrorAt(folder, host);
    if (implied?.layout === "packed") return use(implied);
    if (implied) return { decidedBy: "terraform", path: folder };
  }

  const found = cachedProvider(where) ?? searchForMirror(systemRoots, host);
  if (found) return use(found);

  return use(await copyFromRegistry(() => copy({ registry: host }), host, systemRoots));
}

function namedMirror(named: string, host: string): ProviderMirror {
  const mirror = mirrorAt(resolve(named), host);
  if (mirror) return mirror;
  throw new UserError({
    what: `${MIRROR_VARIABLE} is "${named}", which does not hold the AWS provider ${AWS_PROVIDER_VERSION}.`,
    found: `Looked for ${resolve(named, mirrorLayout(host))} and for the packed zip.`,
    remedy: `Fill the mirror with ${howToFillAMirror(named)}, or unset ${MIRROR_VARIABLE}.`,
  });
}

async function copyFromRegistry(
  copy: () => Promise<ProviderMirror>,
  host: string,
  systemRoots: readonly string[],
): Promise<ProviderMirror> {
  return copy().catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      {
        what: error.message,
        found:
          `No mirror holds it either. Looked for ${mirrorLayout(host)}\n` +
          `in Terraform's implied mirrors and below ${systemRoots.join(", ")}.`,
        remedy:
          `Without network: run ${howToFillAMirror("DIR")}\n` +
          `on a machine that has network, copy DIR to this machine, and set ${MIRROR_VARIABLE}=DIR.`,
      },
      { cause: error },
    );
  });
}

const howToFillAMirror = (folder: string): string =>
  `\`terraform providers mirror ${folder}\` in a folder that requires hashicorp/aws ${AWS_PROVIDER_VERSION}`;

/** Replaces the file in one step, because another Terraform may be reading it. The same mirror gives the same bytes. */
async function writeCliConfig(cacheDir: string, mirrorPath: string, host: string): Promise<string> {
  const file = join(cacheDir, "terraform.rc");
  await mkdir(cacheDir, { recursive: true });
  await replaceFile(file, mirrorConfiguration(mirrorPath, host));
  return file;
}
