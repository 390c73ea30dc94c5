import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { terraformEnv } from "../../demo/deployment";
import { ROOT, type Embedded } from "./embedded";
import type { ProgramOutcome } from "./run-program";

/** Credentials of the environment in which the command runs. */
export interface Caller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Runs `session-audit report` against an embedded AWS, in a process of its own, as it ships.
 * @param map path of the map
 * @param caller whose credentials the environment has; by default those of an administrator
 * @param region of the environment, which commands use for a key or trail that names none
 * @example const { status, stdout } = await runReport(embedded, { map }, "--json");
 */
export async function runReport(
  embedded: Embedded,
  { map, caller, region }: { readonly map: string; readonly caller?: Caller; readonly region?: string },
  ...argv: string[]
): Promise<ProgramOutcome> {
  const child = spawn(process.execPath, [join(ROOT, "fleet", "bin.mjs"), "report", ...argv], {
    cwd: embedded.directory,
    env: {
      ...terraformEnv(embedded),
      SESSION_AUDIT_ACCOUNTS: map,
      ...(region !== undefined && { AWS_REGION: region }),
      ...(caller && {
        AWS_ACCESS_KEY_ID: caller.accessKeyId,
        AWS_SECRET_ACCESS_KEY: caller.secretAccessKey,
        AWS_SESSION_TOKEN: caller.sessionToken,
      }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, stdout, stderr };
}
