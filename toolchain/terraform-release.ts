import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { allOrNothing } from "../files/all-or-nothing";
import { isFile } from "./path-lookup";
import { terraformPlatform } from "./platform";
import { reason, ToolchainError } from "./toolchain-error";
import { readZipEntry } from "../files/zip";

export const PINNED_TERRAFORM = "1.11.4";
export const HASHICORP_RELEASES = "https://releases.hashicorp.com";

const DOWNLOAD_MINUTES = 10;

/**
 * The pinned Terraform release in the cache, downloaded when it is not there yet.
 *
 * The archive is checked against the release's SHA256SUMS, which come from the same host over TLS: this catches a
 * damaged or truncated download, and trusts the host as a download by hand would. The OpenPGP signature of the
 * sums is not verified, as Node has no OpenPGP. Who needs that installs Terraform from a signed package.
 *
 * @returns the absolute path of the executable
 * @throws ToolchainError when the download fails or its checksum differs; the cache is then as it was
 */
export async function downloadedTerraform(options: {
  cacheDir: string;
  log: (line: string) => void;
  releasesUrl: string;
}): Promise<string> {
  const platform = terraformPlatform();
  const executable = platform.startsWith("windows") ? "terraform.exe" : "terraform";
  const target = join(resolve(options.cacheDir), `terraform-${PINNED_TERRAFORM}-${platform}`, executable);
  if (isFile(target)) return target;

  const folder = `${options.releasesUrl}/terraform/${PINNED_TERRAFORM}`;
  const zipName = `terraform_${PINNED_TERRAFORM}_${platform}.zip`;
  const zipUrl = `${folder}/${zipName}`;
  options.log(`Downloading Terraform ${PINNED_TERRAFORM} from ${zipUrl}`);
  const sums = await download(`${folder}/terraform_${PINNED_TERRAFORM}_SHA256SUMS`);
  const zip = await download(zipUrl);
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
  if (expected === undefined) throw new ToolchainError(`the release's SHA256SUMS do not list ${zipName}`);
  const actual = createHash("sha256").update(zip).digest("hex");
  if (actual === expected.toLowerCase()) return;
  throw new ToolchainError(
    `${zipUrl} has the SHA256 checksum ${actual}, but the release lists ${expected}; the download was thrown away`,
  );
}

async function download(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MINUTES * 60_000) });
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new ToolchainError(`${url} could not be downloaded: ${reason(error)}`, { cause: error });
  }
}
