import { mkdir, readdir } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { lastLines, run as runChild, type ChildSignals } from "../processes/child-process";
import { INTERRUPTED, onInterruption } from "../processes/interruption";
import { program, start, type Io } from "../processes/program";
import { inTemporaryFolder } from "../processes/temporary-folder";
import { Screen } from "../processes/terminal";
import { UserError } from "../processes/user-error";
import { readOrganization } from "../stacks/read-organization";
import { synthesizeStacks } from "../stacks/synthesize";
import { prepareTerraform, type TerraformToolchain } from "../toolchain";
import { allOnPath } from "../toolchain/path-lookup";
import { BINARY_VARIABLE } from "../toolchain/terraform";
import { MAPS, ROOT } from "./maps";

const HELP = `Usage: npm run check:validate

Lets Terraform and OpenTofu validate every stack of the example map and of docs/examples/complete.yaml: each of the two
that is on PATH, the one that ${BINARY_VARIABLE} names, or else the Terraform that is downloaded.

Exit codes:
  0    every stack is valid
  1    a stack is not valid, or a program is missing
  130  interrupted
`;

/** The program behind `npm run check:validate`. */
export const run = program(async (argv, io) => {
  if (argv.length > 0) {
    if (argv[0] !== "--help")
      throw new UserError({ what: `check:validate takes no arguments: ${argv.join(" ")}` });
    io.stdout.write(HELP);
    return 0;
  }
  const screen = new Screen(io.stderr, io.env);
  const interruption = onInterruption({ onSignal: (signal) => screen.print(`${signal}: stopping`) });
  try {
    return await inTemporaryFolder("session-audit-validate-", (folder) =>
      validateAll(MAPS, folder, { ...io, screen, ...interruption }),
    );
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    return INTERRUPTED;
  } finally {
    interruption.release();
  }
});

/** The programs to try: each of Terraform and OpenTofu that is there; undefined: the one that is downloaded. */
export function programsIn(env: NodeJS.ProcessEnv): (string | undefined)[] {
  const named = env[BINARY_VARIABLE];
  if (named) return [named];
  const found = ["terraform", "tofu"].flatMap((name) => allOnPath(name, env).slice(0, 1));
  return found.length > 0 ? found : [undefined];
}

/**
 * Validates every stack of some maps with each program that is there, and prints what is not valid.
 * @param maps absolute paths of maps, by the name in the output
 * @param folder an empty directory for the stacks
 * @returns the exit code
 */
export async function validateAll(
  maps: Readonly<Record<string, string>>,
  folder: string,
  {
    stdout,
    env,
    screen,
    ...signals
  }: Pick<Io, "stdout" | "env"> & ChildSignals & { readonly screen: Screen },
): Promise<number> {
  let invalid = 0;
  for (const binary of programsIn(env)) {
    const toolchain = await prepareTerraform({
      cacheDir: join(ROOT, ".cache"),
      log: (line) => screen.print(line),
      ...signals,
      env: { ...env, ...(binary !== undefined && { [BINARY_VARIABLE]: binary }) },
    });
    const { product, version } = toolchain.terraform;
    for (const [name, map] of Object.entries(maps)) {
      const directory = join(folder, product, name);
      await mkdir(directory, { recursive: true });
      await synthesizeStacks(readOrganization(map), directory, { signal: signals.signal });
      const stacks = await readdir(join(directory, "stacks"));
      const limit = pLimit(Math.min(4, cpus().length));
      const problems = await Promise.all(
        stacks.map((id) =>
          limit(async () => {
            screen.status(`${product}: ${id}`);
            const problem = await problemOf(join(directory, "stacks", id), toolchain, signals);
            return problem === null ? [] : [`${id}: ${problem}`];
          }),
        ),
      );
      screen.status("");
      const faults = problems.flat();
      invalid += faults.length;
      stdout.write(
        [
          `${product} ${version}: ${stacks.length - faults.length} of ${stacks.length} stacks of the map "${name}" are valid.`,
          ...faults,
          "",
        ].join("\n"),
      );
    }
  }
  return invalid > 0 ? 1 : 0;
}

/** What is wrong with a stack; null: it is valid. @param cwd the folder of its `cdk.tf.json` */
export async function problemOf(
  cwd: string,
  { terraform, terraformEnv }: TerraformToolchain,
  signals: ChildSignals,
): Promise<string | null> {
  for (const args of [
    ["init", "-backend=false", "-input=false", "-no-color"],
    ["validate", "-no-color"],
  ]) {
    const options = { ...signals, cwd, env: terraformEnv, timeoutSeconds: 1200 };
    const { problem, output } = await runChild(terraform.binary, args, options);
    if (problem !== undefined) return `${args[0]!}: ${problem}\n${lastLines(output)}`;
  }
  return null;
}

if (require.main === module) void start(run);
