import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { once } from "node:events";
import { MAP_VARIABLE, mapFile } from "../../accounts/reading/load";
import type { Organization } from "../../accounts/model/organization";
import { startEmulator, type Emulator } from "../../emulator";
import { WORKSPACE_VARIABLE } from "../../fleet/workspace";
import type { InterruptionTimes } from "../../processes/interruption";
import { nodeSupportNotice, replaceSdkWarning } from "../../processes/node-support";
import { start } from "../../processes/program";
import { inTemporaryFolder } from "../../processes/temporary-folder";
import { UserError } from "../../processes/user-error";
import { readOrganization } from "../../stacks/read-organization";
import { prepareToolchain, type Toolchain } from "../../toolchain";
import { demoProgram, type Surroundings } from "../demo-program";
import { organizationOf, terraformEnv } from "../deployment";
import { createStateBucket, createTrustedRole, pipelineArn } from "../rollout/surroundings";
import { createSurroundings } from "../surroundings";
import { shellLines } from "./shell";

const PROJECT = resolve(__dirname, "..", "..");

const HELP = `Usage: npm run emulator -- [map]

Starts the embedded AWS for an accounts map and keeps it running until Ctrl-C, so
that you can plan and deploy your own map with session-audit, cdktf or Terraform
without an AWS account. It creates what your accounts have and the stacks do not
create: the bucket of the states, the roles that deploy, and the roles of
instances. Nothing reaches AWS, and nothing is left when it ends.

It prints a line for your other terminal. That line sets the variables of the
embedded AWS, of the map, and of a workspace that is removed at the end.

Arguments:
  map                            the map (SESSION_AUDIT_ACCOUNTS, or
                                 accounts/index.ts)

Examples:
  Try a map:
    npm run emulator -- acme.yaml
  In the other terminal, after the printed line:
    npx session-audit plan --out plans/first
    npx session-audit deploy plans/first

Exit codes:
  0    it ran until Ctrl-C
  1    the map is wrong, or a program is missing
  2    wrong usage
  130  interrupted before it ran
`;

/** @throws UserError if the embedded AWS cannot hold the states of a map */
function refuseUnfit({ state }: Organization, map: string): void {
  if (state.backend !== "cloud") return;
  throw new UserError({
    what: `${map}: state.backend is "cloud", and the embedded AWS is no HCP Terraform.`,
    remedy: 'Try the map with state: { backend: "local", directory: "state" }.',
  });
}

async function emulate(argument: string | undefined, surroundings: Surroundings): Promise<number> {
  const { env, cwd, screen, interruption } = surroundings;
  const { signal, kill } = interruption;
  const map = mapFile(argument === undefined ? env : { ...env, [MAP_VARIABLE]: argument }, PROJECT, cwd);
  const organization = readOrganization(map);
  refuseUnfit(organization, map);
  const notice = nodeSupportNotice(process.version);
  if (notice !== undefined) screen.print(notice);
  replaceSdkWarning(process.env);
  const log = (line: string) => screen.print(line);
  const toolchain = await prepareToolchain({ cacheDir: join(PROJECT, ".cache"), log, signal, kill });
  return inTemporaryFolder("session-audit-emulator-", async (directory) => {
    const emulator = await startEmulator({
      moto: toolchain.moto,
      organization: organizationOf(organization),
      signal,
      organizationTrail: (id) =>
        organization.accounts.some((account) => account.id === id && account.settings.trail === "existing"),
      recordManagementCalls: true,
      executesStateMachines: organization.pipeline !== null,
    });
    try {
      await createWhatAccountsHave(emulator, organization);
      const files = await writeShellFiles(directory, { emulator, toolchain, organization, map, env });
      screen.print();
      screen.print(`The embedded AWS runs at ${emulator.endpoint}, for ${map}. Ctrl-C ends it.`, {
        format: "bold",
      });
      screen.print();
      screen.print("In another terminal, begin with this line, and then run any command on the map:");
      for (const file of files) screen.print(`. ${file}`, { first: "  " });
      screen.print("npx session-audit plan --out plans/first", { first: "  " });
      if (!signal.aborted) await once(signal, "abort");
      return 0;
    } finally {
      await emulator.stop();
    }
  });
}

/** Creates what the accounts of an organization have before the first deployment. */
async function createWhatAccountsHave(emulator: Emulator, organization: Organization): Promise<void> {
  const { state, deployment, accounts, guardrails } = organization;
  if (state.backend === "s3") await createStateBucket(emulator, state);
  if (deployment.mode === "assume-role") {
    const roles = [deployment.role, ...(deployment.planRole === undefined ? [] : [deployment.planRole])];
    const owners = [...accounts, ...(guardrails === null ? [] : [guardrails.managementAccount])];
    for (const { id, homeRegion } of owners) {
      const trusts = await pipelineArn(emulator, homeRegion);
      const more =
        id === guardrails?.managementAccount.id ? [guardrails.managementAccount.role ?? []].flat() : [];
      for (const role of [...roles, ...more]) {
        const name = role.replace(/^arn:[^/]*role\//, "");
        await createTrustedRole(emulator, { accountId: id, region: homeRegion, role: name, trusts });
      }
    }
  }
  await createSurroundings(emulator, organization);
}

interface ShellProps {
  readonly emulator: Emulator;
  readonly toolchain: Toolchain;
  readonly organization: Organization;
  /** Absolute path of the map. */
  readonly map: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Writes a file of variables. Where the map expects that Terraform has the credentials of the account already, there is
 * one file for each account.
 * @returns their paths
 */
async function writeShellFiles(directory: string, props: ShellProps): Promise<string[]> {
  const { emulator, toolchain, organization, map, env } = props;
  const workspace = join(directory, "workspace");
  await mkdir(workspace);
  const common = {
    ...terraformEnv({ toolchain, emulator }),
    TERRAFORM_BINARY_NAME: toolchain.terraform.binary,
    [MAP_VARIABLE]: map,
    [WORKSPACE_VARIABLE]: workspace,
    CDKTF_OUTDIR: join(directory, "cdktf.out"),
  };
  const write = async (name: string, variables: NodeJS.ProcessEnv) => {
    const file = join(directory, name);
    await writeFile(file, `${shellLines(variables, env).join("\n")}\n`);
    return file;
  };
  if (organization.deployment.mode !== "ambient") return [await write("env.sh", common)];
  const files: string[] = [];
  for (const { name, id } of organization.accounts) {
    const { accessKeyId, secretAccessKey, sessionToken = "" } = await emulator.credentials(id);
    const own = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    files.push(await write(`env-${name}.sh`, { ...common, ...own }));
  }
  return files;
}

/** The program behind `npm run emulator`. @param times how long an interruption waits; tests give times of their own */
export const emulatorProgram = (times?: InterruptionTimes) =>
  demoProgram(
    {
      help: HELP,
      parse: (argv) => {
        const [map, ...more] = argv;
        const wrong = [map, ...more].find((word) => word?.startsWith("-")) ?? more[0];
        return wrong === undefined
          ? { options: map }
          : { problem: `the embedded AWS takes one map and --help, and not: ${wrong}` };
      },
      demo: emulate,
    },
    times,
  );

/** The embedded AWS with its usual times. */
export const run = emulatorProgram();

if (require.main === module) void start(run);
