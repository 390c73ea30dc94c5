import { join } from "node:path";
import { findTerraform } from "../../toolchain";
import { fakeTerraform, Sandbox } from "./sandbox";

/** Nothing listens on port 1: a download fails at once. */
const releasesUrl = "http://127.0.0.1:1";

let sandbox: Sandbox;
beforeEach(() => (sandbox = new Sandbox()));
afterEach(() => sandbox.remove());

const find = (env: NodeJS.ProcessEnv = {}) =>
  findTerraform({ ...sandbox.options, env: { ...sandbox.env, ...env }, releasesUrl });

describe("Terraform on PATH", () => {
  it("is preferred over OpenTofu", async () => {
    const binary = sandbox.program("terraform", fakeTerraform("1.12.0"));
    sandbox.program("tofu", fakeTerraform("1.10.1", "OpenTofu"));
    expect(await find()).toEqual({ binary, version: "1.12.0", product: "Terraform" });
  });

  it("is not needed where OpenTofu is on PATH", async () => {
    const binary = sandbox.program("tofu", fakeTerraform("1.10.1", "OpenTofu"));
    expect(await find()).toEqual({ binary, version: "1.10.1", product: "OpenTofu" });
  });

  it("is recognized as OpenTofu when somebody has linked tofu to terraform", async () => {
    sandbox.program("terraform", fakeTerraform("1.10.1", "OpenTofu"));
    expect(await find()).toMatchObject({ product: "OpenTofu" });
  });

  it.each(["1.9.8", "0.15.5"])("is passed over, with a line in the log, when it is %s", async (old) => {
    const binary = sandbox.program("terraform", fakeTerraform(old));
    sandbox.program("tofu", fakeTerraform("1.10.1", "OpenTofu"));
    expect(await find()).toMatchObject({ product: "OpenTofu" });
    expect(sandbox.log).toEqual([
      `${binary} is passed over: it is Terraform ${old}, and 1.10 or newer is needed`,
    ]);
  });

  it("is found in a later folder when the first one is too old", async () => {
    sandbox.program("terraform", fakeTerraform("1.5.7"));
    const binary = sandbox.program("newer/terraform", fakeTerraform("1.11.0"));
    const PATH = `${sandbox.bin}:${join(sandbox.root, "newer")}`;
    expect(await find({ PATH })).toMatchObject({ binary, version: "1.11.0" });
  });

  it.each([
    ["a version manager without a version", "echo 'No version is set' >&2; exit 1"],
    ["something else", "echo hello"],
  ])("is passed over when it is %s", async (_, script) => {
    sandbox.program("terraform", script);
    sandbox.program("tofu", fakeTerraform("1.10.1", "OpenTofu"));
    expect(await find()).toMatchObject({ product: "OpenTofu" });
  });

  it("is not disturbed by the user's Terraform variables", async () => {
    sandbox.program(
      "terraform",
      `[ -z "$TF_CLI_CONFIG_FILE$TF_CLI_ARGS" ] || exit 1\n${fakeTerraform("1.11.4")}`,
    );
    const env = { TF_CLI_CONFIG_FILE: "/nowhere/terraformrc", TF_CLI_ARGS: "-var a=b" };
    expect(await find(env)).toMatchObject({ version: "1.11.4" });
  });
});

describe("TERRAFORM_BINARY_NAME", () => {
  it("wins over PATH when it is a path", async () => {
    sandbox.program("terraform", fakeTerraform("1.12.0"));
    const binary = sandbox.program("elsewhere/tf", fakeTerraform("1.10.5"));
    expect(await find({ TERRAFORM_BINARY_NAME: binary })).toMatchObject({ binary, version: "1.10.5" });
  });

  it("is looked up on PATH when it is a name", async () => {
    sandbox.program("terraform", fakeTerraform("1.12.0"));
    const binary = sandbox.program("tofu", fakeTerraform("1.10.1", "OpenTofu"));
    expect(await find({ TERRAFORM_BINARY_NAME: "tofu" })).toMatchObject({ binary });
  });

  it.each([
    ["is not there", undefined, /"mytf", which cannot be used: there is no such program/],
    ["is too old", fakeTerraform("1.9.0"), /it is Terraform 1.9.0, and 1.10 or newer is needed/],
    ["fails", "exit 3", /it exited with 3/],
  ])("is an error, not a hint, when the program %s", async (_, script, message) => {
    sandbox.program("terraform", fakeTerraform("1.12.0"));
    if (script) sandbox.program("mytf", script);
    const found = find({ TERRAFORM_BINARY_NAME: "mytf" });
    await expect(found).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringMatching(message),
    });
  });
});

describe("without any usable Terraform", () => {
  it.each([
    ["what was on PATH", /PATH: \S+\/terraform: it is Terraform 1.5.7/],
    ["why the download failed", /http:\/\/127.0.0.1:1\/\S+ could not be downloaded: fetch failed \(.+\)/],
    ["where to get one", /https:\/\/developer.hashicorp.com\/terraform\/install/],
  ])("the error says %s", async (_, message) => {
    sandbox.program("terraform", fakeTerraform("1.5.7"));
    await expect(find()).rejects.toThrow(message);
  });
});
