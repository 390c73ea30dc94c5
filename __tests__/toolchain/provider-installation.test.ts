import { readFileSync } from "node:fs";
import { join } from "node:path";
import { providerInstallation } from "../../toolchain";
import { terraformPlatform } from "../../toolchain/platform";
import { fakeTerraform, Sandbox } from "./sandbox";

const platform = terraformPlatform();
const HASHICORP = "registry.terraform.io";
const OPENTOFU = "registry.opentofu.org";
const unpacked = (host = HASHICORP, version = "5.100.0", at = platform): string =>
  `${host}/hashicorp/aws/${version}/${at}/terraform-provider-aws_v${version}_x5`;
const packed = `${HASHICORP}/hashicorp/aws/terraform-provider-aws_5.100.0_${platform}.zip`;
/** The part of `terraform init` that these tests need: it installs a provider. */
const INSTALLS = `mkdir -p .terraform/providers/$(dirname ${unpacked()}) && echo provider > .terraform/providers/${unpacked()}`;

let sandbox: Sandbox;
beforeEach(() => (sandbox = new Sandbox()));
afterEach(() => sandbox.remove());

const at = (...parts: string[]): string => join(sandbox.root, ...parts);

/** `init`: what the fake Terraform does when it is asked to install the provider. */
const install = (
  env: NodeJS.ProcessEnv = {},
  { init = "exit 1", product = "Terraform" as "Terraform" | "OpenTofu" } = {},
) =>
  providerInstallation({
    ...sandbox.options,
    env: { ...sandbox.env, ...env },
    terraform: {
      binary: sandbox.program("tf", fakeTerraform("1.11.4", product, init)),
      version: "1.11.4",
      product,
    },
    projectDir: at("project"),
    systemRoots: [at("opt"), at("srv")],
  });

const configured = async (installation: ReturnType<typeof install>): Promise<string> =>
  readFileSync((await installation).cliConfig as string, "utf8");

describe("the AWS provider comes from", () => {
  it.each(["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"])("the configuration that %s names", async (variable) => {
    const path = sandbox.file("my.rc", "");
    sandbox.file(`opt/mirror/${unpacked()}`, "");
    expect(await install({ [variable]: path })).toEqual({ decidedBy: "user's configuration", path });
  });

  it("~/.terraformrc, before any mirror, when the named configuration does not exist", async () => {
    const path = sandbox.file("home/.terraformrc", "");
    sandbox.file(`opt/mirror/${unpacked()}`, "");
    expect(await install({ TF_CLI_CONFIG_FILE: at("none") })).toEqual({
      decidedBy: "user's configuration",
      path,
    });
  });

  it("the *.tfrc files that Terraform reads beside it", async () => {
    const path = sandbox.file("home/.terraform.d/company.tfrc", "");
    expect(await install()).toMatchObject({ path });
  });

  it("~/.tofurc for OpenTofu", async () => {
    const path = sandbox.file("home/.tofurc", "");
    expect(await install({}, { product: "OpenTofu" })).toMatchObject({ path });
  });

  it("the mirror that SESSION_AUDIT_PROVIDER_MIRROR names, before any other", async () => {
    sandbox.file(`mine/${unpacked()}`, "");
    sandbox.file(`home/.terraform.d/plugins/${unpacked()}`, "");
    expect(await install({ SESSION_AUDIT_PROVIDER_MIRROR: at("mine") })).toEqual({
      decidedBy: "session-audit",
      path: at("mine"),
      cliConfig: join(sandbox.cacheDir, "terraform.rc"),
    });
  });

  it("terraform.d/plugins of the project, which a Terraform in a stack's folder would not see", async () => {
    sandbox.file(`project/terraform.d/plugins/${unpacked()}`, "");
    expect(await configured(install())).toContain(at("project/terraform.d/plugins"));
  });

  const XDG = { XDG_DATA_HOME: "share" };
  const implied: [string, NodeJS.ProcessEnv][] =
    process.platform === "linux"
      ? [
          ["home/.terraform.d/plugins", {}],
          ["home/.local/share/terraform/plugins", {}],
          ["share/terraform/plugins", XDG],
          ["xdg/terraform/plugins", {}],
        ]
      : [["home/.terraform.d/plugins", {}]];
  it.each(implied)(
    "%s, which Terraform reads by itself, without a generated configuration",
    async (folder, env) => {
      sandbox.file(`${folder}/${unpacked()}`, "");
      sandbox.file(`opt/mirror/${unpacked()}`, "");
      const absolute = Object.fromEntries(Object.entries(env).map(([name, path]) => [name, at(path ?? "")]));
      expect(await install(absolute)).toEqual({ decidedBy: "terraform", path: at(folder) });
    },
  );

  it.each(["opt", "opt/mirror", "srv/a/b", "opt/a/b/c"])("a mirror found in %s", async (folder) => {
    sandbox.file(`${folder}/${unpacked()}`, "");
    expect(await install()).toMatchObject({ decidedBy: "session-audit", path: at(folder) });
  });

  it("a mirror of OpenTofu's registry when OpenTofu runs", async () => {
    sandbox.file(`opt/a/${unpacked(HASHICORP)}`, "");
    sandbox.file(`opt/b/${unpacked(OPENTOFU)}`, "");
    expect(await configured(install({}, { product: "OpenTofu" }))).toContain(`["${OPENTOFU}/hashicorp/aws"]`);
  });
});

describe("a mirror does not count when", () => {
  it.each([
    ["it holds another version", `opt/m/${unpacked(HASHICORP, "5.99.0")}`],
    ["it holds another platform", `opt/m/${unpacked(HASHICORP, "5.100.0", "plan9_mips")}`],
    ["it is of another registry", `opt/m/${unpacked(OPENTOFU)}`],
    ["it lies four levels below a root", `opt/a/b/c/d/${unpacked()}`],
    ["the provider's folder is empty", `opt/m/${HASHICORP}/hashicorp/aws/5.100.0/${platform}/LICENSE.txt`],
  ])("%s", async (_, file) => {
    sandbox.file(file, "");
    await expect(install()).rejects.toThrow(`could not be installed from ${HASHICORP}`);
  });
});

describe("the generated configuration", () => {
  it("installs only the AWS provider from the mirror, and from nowhere else", async () => {
    sandbox.file(`opt/mirror/${unpacked()}`, "");
    expect((await configured(install())).replace(/^#.*\n/, "")).toBe(`provider_installation {
  filesystem_mirror {
    path    = "${at("opt/mirror")}"
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }
}
`);
  });
});

describe("the copy in the cache", () => {
  const copy = (): string => join(sandbox.cacheDir, "aws-provider-5.100.0-terraform");

  it("is made once from the registry, and serves like a mirror", async () => {
    expect(await install({}, { init: INSTALLS })).toMatchObject({ path: copy() });
    expect(await install({}, { init: "exit 1" })).toMatchObject({ path: copy() });
  });

  it.each([
    ["found", {}, "opt/mirror"],
    ["implied", {}, "home/.terraform.d/plugins"],
    ["named", { SESSION_AUDIT_PROVIDER_MIRROR: "mine" }, "mine"],
  ])(
    "is made from a packed mirror that is %s, so that it is not unpacked for each stack",
    async (_, env, folder) => {
      sandbox.file(`${folder}/${packed}`, "");
      const absolute = Object.fromEntries(Object.entries(env).map(([name, path]) => [name, at(path)]));
      const init = `grep -q '"${at(folder)}"' "$TF_CLI_CONFIG_FILE" && ${INSTALLS}`;
      expect(await install(absolute, { init })).toMatchObject({ path: copy() });
    },
  );

  it("has exactly the version that the project pins", async () => {
    const init = `grep -q '"source":"hashicorp/aws","version":"5.100.0"' main.tf.json && ${INSTALLS}`;
    expect(await install({}, { init })).toMatchObject({ path: copy() });
  });

  it("is not disturbed by the user's Terraform variables", async () => {
    const init = `[ -z "$TF_DATA_DIR$TF_WORKSPACE$TF_CLI_ARGS_init" ] && ${INSTALLS}`;
    const env = { TF_DATA_DIR: "data", TF_WORKSPACE: "x", TF_CLI_ARGS_init: "-x" };
    expect(await install(env, { init })).toMatchObject({ path: copy() });
  });

  it("is not there when Terraform fails half-way", async () => {
    await expect(install({}, { init: `${INSTALLS}; exit 1` })).rejects.toThrow();
    expect(sandbox.cached()).toEqual([]);
  });

  it("is not there when Terraform succeeds without installing anything", async () => {
    await expect(install({}, { init: "exit 0" })).rejects.toThrow(
      "it was not where Terraform puts providers",
    );
  });

  it("makes a search of the system's folders unnecessary in later runs", async () => {
    await install({}, { init: INSTALLS });
    sandbox.file(`opt/mirror/${unpacked()}`, "");
    expect(await install()).toMatchObject({ path: copy() });
  });

  it("is made anew when it lacks the executable", async () => {
    sandbox.file(`cache/aws-provider-5.100.0-terraform/${HASHICORP}/hashicorp/aws/5.100.0/README`, "");
    await install({}, { init: INSTALLS });
    expect(readFileSync(join(copy(), unpacked()), "utf8")).toBe("provider\n");
  });
});

describe("the error without any source", () => {
  it.each([
    ["Terraform's own words", /no such host/],
    ["what was looked for", new RegExp(`Looked for ${HASHICORP}/hashicorp/aws/5.100.0/${platform}`)],
    ["the way out without network", /terraform providers mirror DIR[\s\S]*SESSION_AUDIT_PROVIDER_MIRROR=DIR/],
  ])("says %s", async (_, message) => {
    await expect(install({}, { init: "echo 'no such host' >&2; exit 1" })).rejects.toThrow(message);
  });

  it("is about the named mirror when that lacks the provider", async () => {
    sandbox.file(`opt/mirror/${unpacked()}`, "");
    await expect(install({ SESSION_AUDIT_PROVIDER_MIRROR: at("mine") })).rejects.toThrow(
      `Looked for ${at("mine", HASHICORP, "hashicorp/aws/5.100.0", platform)}`,
    );
  });
});

it("a named mirror that is not used is mentioned", async () => {
  const own = sandbox.file("home/.terraformrc", "");
  await install({ SESSION_AUDIT_PROVIDER_MIRROR: at("mine") });
  expect(sandbox.log).toEqual([
    `SESSION_AUDIT_PROVIDER_MIRROR is not used: Terraform's own configuration ${own} comes first`,
  ]);
});
