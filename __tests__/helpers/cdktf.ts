import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { prepareToolchain } from "../../toolchain";
import type { Fleet } from "./fleet";

const ROOT = resolve(__dirname, "..", "..");

/** How a program of an operator ended. */
export interface Ran {
  readonly code: number | null;
  /** Both of its streams. */
  readonly output: string;
}

/** The programs besides `session-audit` that the runbook names, in the environment of an operator. */
export class OperatorTools {
  private constructor(
    private readonly fleet: Fleet,
    private readonly binary: string,
  ) {}

  static async of(fleet: Fleet): Promise<OperatorTools> {
    const { terraform } = await prepareToolchain({ cacheDir: join(ROOT, ".cache"), log: () => {} });
    return new OperatorTools(fleet, terraform.binary);
  }

  /** Runs cdktf's own CLI. The stacks are in `cdktf.out` of the operator's directory. */
  cdktf(...args: string[]): Promise<Ran> {
    const cli = join(ROOT, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf.js");
    const argv = [cli, ...args, "--output", this.fleet.path("cdktf.out")];
    return this.run(process.execPath, argv, ROOT);
  }

  /** Destroys stacks with cdktf. */
  destroy(...args: string[]): Promise<Ran> {
    return this.cdktf("destroy", ...args, "--auto-approve", "--skip-provider-lock");
  }

  /** Runs Terraform in the folder of a stack that cdktf has synthesized. */
  terraform(stack: string, ...args: string[]): Promise<Ran> {
    return this.run(this.binary, args, this.fleet.path("cdktf.out", "stacks", stack));
  }

  private async run(command: string, args: readonly string[], cwd: string): Promise<Ran> {
    const child = spawn(command, args, {
      cwd,
      env: { ...this.fleet.env, TERRAFORM_BINARY_NAME: this.binary, CI: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  }
}
