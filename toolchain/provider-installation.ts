import { mkdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { ProviderMirror } from "./aws-provider";
import { AWS_PROVIDER_VERSION, mirrorAt, mirrorLayout, registryHost } from "./aws-provider";
import { mirrorConfiguration, userCliConfiguration } from "./cli-configuration";
import { searchForMirror, SYSTEM_ROOTS, impliedMirrorFolders } from "./mirror-search";
import type { ToolchainOptions } from "./options";
import type { ProviderSource } from "./provider-copy";
import { cachedProvider, copyProvider } from "./provider-copy";
import type { TerraformBinary } from "./terraform";
import { ToolchainError } from "./toolchain-error";

export const MIRROR_VARIABLE = "SESSION_AUDIT_PROVIDER_MIRROR";

export interface ProviderInstallation {
  /** Who decides where the AWS provider comes from: the user's own configuration, Terraform by itself, or we. */
  decidedBy: "user's configuration" | "terraform" | "session-audit";
  /** The configuration file, the implied mirror or the mirror: the path that decides. */
  path: string;
  /** The CLI configuration that Terraform must be pointed at. Absent: it finds the right one itself. */
  cliConfig?: string;
}

export interface ProviderOptions extends ToolchainOptions {
  terraform: TerraformBinary;
  /** @default the current folder, which may hold `terraform.d/plugins` */
  projectDir?: string;
  /** Folders below which a mirror is searched. @default SYSTEM_ROOTS */
  systemRoots?: readonly string[];
}

/**
 * Finds out where Terraform is to take the AWS provider from. First that applies: the user's own CLI configuration,
 * untouched; the mirror that SESSION_AUDIT_PROVIDER_MIRROR names; `terraform.d/plugins` of the project; Terraform's
 * implied mirrors; the copy in the cache; a mirror somewhere below the system's usual folders; the registry.
 * What is packed or in the registry is copied into the cache once.
 *
 * @throws ToolchainError when the named mirror lacks the provider, or no source is left and the registry fails
 */
export async function providerInstallation(options: ProviderOptions): Promise<ProviderInstallation> {
  const { log, env = process.env, terraform, systemRoots = SYSTEM_ROOTS } = options;
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
    cachedProvider(where) ?? copyProvider({ ...where, log, env, source });

  if (named) return use(namedMirror(named, host));

  // Implied too, but only for a Terraform that runs in this very folder, and a stack's runs in the stack's.
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
  throw new ToolchainError(
    `${MIRROR_VARIABLE} is "${named}", which does not hold the AWS provider ${AWS_PROVIDER_VERSION}. ` +
      `Looked for ${resolve(named, mirrorLayout(host))} and for the packed zip.\n` +
      `  Fill it by ${howToFillAMirror(named)}, or unset ${MIRROR_VARIABLE}.`,
  );
}

async function copyFromRegistry(
  copy: () => Promise<ProviderMirror>,
  host: string,
  systemRoots: readonly string[],
): Promise<ProviderMirror> {
  return copy().catch((error: unknown) => {
    if (!(error instanceof ToolchainError)) throw error;
    throw new ToolchainError(
      `${error.message}\n  No mirror holds it either. Looked for ${mirrorLayout(host)} in Terraform's implied ` +
        `mirrors and below ${systemRoots.join(", ")}.\n` +
        `  Without network here: run ${howToFillAMirror("DIR")} on a machine that has it, copy DIR ` +
        `here, and set ${MIRROR_VARIABLE}=DIR.`,
      { cause: error },
    );
  });
}

const howToFillAMirror = (folder: string): string =>
  `\`terraform providers mirror ${folder}\` in a folder that requires hashicorp/aws ${AWS_PROVIDER_VERSION}`;

/** Replaced in one step, as another Terraform may be reading it. Same mirror, same bytes. */
async function writeCliConfig(cacheDir: string, mirrorPath: string, host: string): Promise<string> {
  const file = join(cacheDir, "terraform.rc");
  const unfinished = `${file}.${process.pid}`;
  await mkdir(cacheDir, { recursive: true });
  await writeFile(unfinished, mirrorConfiguration(mirrorPath, host));
  await rename(unfinished, file);
  return file;
}
