import { ToolchainError } from "./toolchain-error";

const SYSTEMS: Record<string, string> = {
  linux: "linux",
  darwin: "darwin",
  win32: "windows",
  freebsd: "freebsd",
  openbsd: "openbsd",
};
const PROCESSORS: Record<string, string> = { x64: "amd64", arm64: "arm64", ia32: "386", arm: "arm" };

/**
 * This machine in HashiCorp's words, such as `linux_amd64`: the suffix of releases and of provider packages.
 *
 * @throws ToolchainError on a machine that Terraform is not built for
 */
export function terraformPlatform(
  system: string = process.platform,
  processor: string = process.arch,
): string {
  const os = SYSTEMS[system];
  const arch = PROCESSORS[processor];
  if (os && arch) return `${os}_${arch}`;
  throw new ToolchainError(
    `Terraform is not built for this machine (${system}, ${processor}). ` +
      `Systems: ${Object.keys(SYSTEMS).join(", ")}; processors: ${Object.keys(PROCESSORS).join(", ")}.`,
  );
}
