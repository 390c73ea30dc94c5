import type { ProviderInstallation } from "../../toolchain";
import { terraformEnvironment } from "../../toolchain";
import { Sandbox } from "./sandbox";

const sandbox = new Sandbox();
afterAll(() => sandbox.remove());

const MIRROR: ProviderInstallation = {
  decidedBy: "session-audit",
  path: "/m",
  cliConfig: "/cache/terraform.rc",
};
const BY_ITSELF: ProviderInstallation = { decidedBy: "terraform", path: "/p" };

describe("the environment of Terraform's processes", () => {
  it.each([
    ["CHECKPOINT_DISABLE", "1"],
    ["TF_IN_AUTOMATION", "1"],
    ["TF_INPUT", "0"],
    ["GOGC", "400"],
  ])("sets %s to %s", (name, value) => {
    expect(terraformEnvironment({}, BY_ITSELF)[name]).toBe(value);
  });

  it("keeps what the caller has, such as credentials and an own GOGC", () => {
    const env = { AWS_PROFILE: "audit", GOGC: "150" };
    expect(terraformEnvironment(env, BY_ITSELF)).toMatchObject(env);
  });

  it("leaves the caller's environment alone", () => {
    const env = Object.freeze({ TF_CLI_CONFIG_FILE: "/nowhere" });
    terraformEnvironment(env, MIRROR);
    expect(env).toEqual({ TF_CLI_CONFIG_FILE: "/nowhere" });
  });

  it.each(["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG", "TF_PLUGIN_CACHE_DIR"])(
    "drops %s when it points at nothing",
    (name) => {
      expect(terraformEnvironment({ [name]: "/nowhere" }, BY_ITSELF)).not.toHaveProperty(name);
    },
  );

  it("keeps the user's configuration and plugin cache when they exist", () => {
    const env = { TF_CLI_CONFIG_FILE: sandbox.file("my.rc", ""), TF_PLUGIN_CACHE_DIR: sandbox.root };
    expect(terraformEnvironment(env, BY_ITSELF)).toMatchObject(env);
  });

  it("names the generated configuration", () => {
    expect(terraformEnvironment({}, MIRROR)["TF_CLI_CONFIG_FILE"]).toBe("/cache/terraform.rc");
  });

  it("has no plugin cache on top of a mirror", () => {
    expect(terraformEnvironment({ TF_PLUGIN_CACHE_DIR: sandbox.root }, MIRROR)).not.toHaveProperty(
      "TF_PLUGIN_CACHE_DIR",
    );
  });
});
