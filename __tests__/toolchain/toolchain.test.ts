import { prepareToolchain } from "../../toolchain";
import { fakeTerraform, Sandbox } from "./sandbox";

let sandbox: Sandbox;
beforeEach(() => (sandbox = new Sandbox()));
afterEach(() => sandbox.remove());

const prepare = (env: NodeJS.ProcessEnv = {}) =>
  prepareToolchain({ ...sandbox.options, env: { ...sandbox.env, ...env } });

describe("prepareToolchain", () => {
  it("gives Terraform, its environment and moto, and says where each came from", async () => {
    const terraform = sandbox.program("terraform", fakeTerraform("1.11.4"));
    const python = sandbox.program("python3", `echo '{"command": "", "version": "3.12", "moto": "5.2.1"}'`);
    const own = sandbox.file("home/.terraformrc", "");
    expect(await prepare()).toEqual({
      terraform: { binary: terraform, version: "1.11.4", product: "Terraform" },
      terraformEnv: expect.objectContaining({ ...sandbox.env, TF_INPUT: "0" }),
      moto: { command: python, args: ["-c", expect.stringContaining("moto.server")], version: "5.2.1" },
    });
    expect(sandbox.log.sort()).toEqual([
      `AWS provider 5.100.0: by ${own}`,
      `Terraform 1.11.4: ${terraform}`,
      `moto 5.2.1: ${python}`,
    ]);
  });

  it("names everything that is missing at once", async () => {
    const prepared = prepare({ TERRAFORM_BINARY_NAME: "mytf" });
    await expect(prepared).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringMatching(/mytf[\s\S]+Python 3.10 or newer is missing/),
    });
  });
});
