import { UserError } from "../processes/user-error";

const SYSTEMS: Record<string, string> = {
  linux: "linux",
  darwin: "darwin",
  win32: "windows",
  freebsd: "freebsd",
  openbsd: "openbsd",
};
const PROCESSORS: Record<string, string> = { x64: "amd64", arm64: "arm64", ia32: "386", arm: "arm" };

/**
 * The name that HashiCorp gives to this machine, such as `linux_amd64`. Releases and provider packages end in it.
 *
 * @throws UserError on a machine that Terraform is not built for
 */
export function terraformPlatform(
  system: string = process.platform,
  processor: string = process.arch,
): string {
  const os = SYSTEMS[system];
  const arch = PROCESSORS[processor];
  if (os && arch) return `${os}_${arch}`;
  throw new UserError({
    what: `Terraform is not built for this machine (${system}, ${processor}).`,
    allowed: `${Object.keys(SYSTEMS).join(", ")} on ${Object.keys(PROCESSORS).join(", ")}`,
  });
}
