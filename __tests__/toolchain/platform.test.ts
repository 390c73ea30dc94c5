import { terraformPlatform } from "../../toolchain/platform";
import { isAtLeast } from "../../toolchain/version";

it.each([
  ["linux", "x64", "linux_amd64"],
  ["darwin", "arm64", "darwin_arm64"],
  ["win32", "x64", "windows_amd64"],
])("%s on %s is %s to Terraform", (system, processor, platform) => {
  expect(terraformPlatform(system, processor)).toBe(platform);
});

it("a machine that Terraform is not built for is an error", () => {
  expect(() => terraformPlatform("aix", "ppc64")).toThrow("not built for this machine (aix, ppc64)");
});

it.each`
  version           | minimum   | verdict
  ${"1.10.0"}       | ${"1.10"} | ${true}
  ${"1.9.8"}        | ${"1.10"} | ${false}
  ${"2.0.0"}        | ${"1.10"} | ${true}
  ${"0.15.5"}       | ${"1.10"} | ${false}
  ${"1.11.0-beta1"} | ${"1.10"} | ${true}
  ${"5.1.0.dev1"}   | ${"5.1"}  | ${true}
`("$version is at least $minimum: $verdict", ({ version, minimum, verdict }) => {
  expect(isAtLeast(version, minimum)).toBe(verdict);
});
