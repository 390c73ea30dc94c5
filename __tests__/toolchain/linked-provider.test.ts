import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linkedProvider } from "../../toolchain/linked-provider";
import { terraformPlatform } from "../../toolchain/platform";
import { prepareTerraform, prepareToolchain } from "../../toolchain";
import { fakeTerraform, Sandbox } from "./sandbox";

let sandbox: Sandbox;
let mirror: string;
const terraform = { binary: "/usr/bin/terraform", version: "1.11.4", product: "Terraform" } as const;
const LAYOUT = join("registry.terraform.io", "hashicorp", "aws", "5.100.0", terraformPlatform());

/** A mirror whose provider prints how it was called. A quote in its path must not end the word of the shell. */
beforeEach(() => {
  sandbox = new Sandbox();
  mirror = join(sandbox.options.cacheDir, "operator's mirror");
  mkdirSync(join(mirror, LAYOUT), { recursive: true });
  const provider = join(mirror, LAYOUT, "terraform-provider-aws_v5.100.0_x5");
  writeFileSync(provider, `#!/bin/sh\necho "$0" "$@"\n`, { mode: 0o755 });
});
afterEach(() => sandbox.remove());

const mirrorIn = (configuration: string) =>
  JSON.parse(/path\s*= (".*")/.exec(readFileSync(configuration, "utf8"))![1]!) as string;

it("is a script that starts the provider of the mirror, and nothing else to compute a checksum of", async () => {
  const { cacheDir } = sandbox.options;
  const installation = { decidedBy: "session-audit", path: mirror } as const;
  const configuration = (await linkedProvider(installation, { cacheDir, terraform }))!;
  const script = join(mirrorIn(configuration), LAYOUT, "terraform-provider-aws_v5.100.0_x5");
  expect(statSync(script).size).toBeLessThan(1_000);
  expect(execFileSync(script, ["-debug", "a b"], { encoding: "utf8" })).toBe(
    `${join(mirror, LAYOUT, "terraform-provider-aws_v5.100.0_x5")} -debug a b\n`,
  );
});

it("can be made by several processes at the same time", async () => {
  const { cacheDir } = sandbox.options;
  const installation = { decidedBy: "terraform", path: mirror } as const;
  const made = await Promise.all([1, 2, 3].map(() => linkedProvider(installation, { cacheDir, terraform })));
  expect(new Set(made).size).toBe(1);
});

it("is not made where the user's own configuration decides", async () => {
  const installation = { decidedBy: "user's configuration", path: "/home/user/.terraformrc" } as const;
  const { cacheDir } = sandbox.options;
  expect(await linkedProvider(installation, { cacheDir, terraform })).toBeUndefined();
});

it("serves the embedded AWS only: Terraform for production computes the checksum of the provider itself", async () => {
  sandbox.program("terraform", fakeTerraform("1.11.4"));
  sandbox.program("python3", `echo '{"command": "", "version": "3.12", "moto": "5.2.1"}'`);
  const options = { ...sandbox.options, env: { ...sandbox.env, SESSION_AUDIT_PROVIDER_MIRROR: mirror } };
  const rehearsal = await prepareToolchain(options);
  expect(mirrorIn(rehearsal.terraformEnv["TF_CLI_CONFIG_FILE"]!)).toMatch(/linked-provider-\w+\/mirror$/);
  const production = await prepareTerraform(options);
  expect(mirrorIn(production.terraformEnv["TF_CLI_CONFIG_FILE"]!)).toBe(mirror);
});
