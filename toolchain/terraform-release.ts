import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { allOrNothing } from "../files/all-or-nothing";
import { UserError } from "../processes/user-error";
import { isFile } from "./path-lookup";
import { terraformPlatform } from "./platform";
import type { ToolchainOptions } from "./options";
import { reason } from "./reason";
import { readZipEntry } from "../files/zip";

/** The release that is downloaded where no usable Terraform or OpenTofu is found. */
export const PINNED_TERRAFORM = "1.11.4";
/** Where HashiCorp serves its releases. */
export const HASHICORP_RELEASES = "https://releases.hashicorp.com";

const DOWNLOAD_MINUTES = 10;

/**
 * Downloads the pinned Terraform release into the cache, unless the cache has it already.
 *
 * The archive is checked against the release's SHA256SUMS, which come from the same host over TLS. The check finds a
 * damaged or truncated download, and trusts the host as much as a download by hand does. The OpenPGP signature of the
 * sums is not verified, because Node.js has no OpenPGP. Install Terraform from a signed package where the signature
 * matters.
 *
 * @returns the absolute path of the executable
 * @throws UserError if the download fails or its checksum differs; the cache then stays as it was
 */
export async function downloadedTerraform(
  options: Pick<ToolchainOptions, "cacheDir" | "log" | "signal"> & { releasesUrl: string },
): Promise<string> {
  const platform = terraformPlatform();
  const executable = platform.startsWith("windows") ? "terraform.exe" : "terraform";
  const target = join(resolve(options.cacheDir), `terraform-${PINNED_TERRAFORM}-${platform}`, executable);
  if (isFile(target)) return target;

  const folder = `${options.releasesUrl}/terraform/${PINNED_TERRAFORM}`;
  const zipName = `terraform_${PINNED_TERRAFORM}_${platform}.zip`;
  const zipUrl = `${folder}/${zipName}`;
  options.log(`Downloading Terraform ${PINNED_TERRAFORM} from ${zipUrl}`);
  const sums = await download(`${folder}/terraform_${PINNED_TERRAFORM}_SHA256SUMS`, options.signal);
  const zip = await download(zipUrl, options.signal);
  refuseUnlessListed(zip, zipName, sums.toString("utf8"), zipUrl);

  await allOrNothing(target, async (workDir) => {
    const unpacked = join(workDir, executable);
    await writeFile(unpacked, readZipEntry(zip, executable), { mode: 0o755 });
    return unpacked;
  });
  return target;
}

function refuseUnlessListed(zip: Buffer, zipName: string, sums: string, zipUrl: string): void {
  const expected = sums
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, name]) => name === zipName)?.[0];
  if (expected === undefined)
    throw new UserError({ what: `the release's SHA256SUMS do not list ${zipName}` });
  const actual = createHash("sha256").update(zip).digest("hex");
  if (actual === expected.toLowerCase()) return;
  throw new UserError({
    what: `${zipUrl} has the SHA256 checksum ${actual}, but the release lists ${expected}; the download was thrown away`,
  });
}

async function download(url: string, interrupt?: AbortSignal): Promise<Buffer> {
  try {
    const timeout = AbortSignal.timeout(DOWNLOAD_MINUTES * 60_000);
    const response = await fetch(url, {
      signal: AbortSignal.any(interrupt ? [interrupt, timeout] : [timeout]),
    });
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new UserError({ what: `${url} could not be downloaded: ${reason(error)}` }, { cause: error });
  }
}
