import { resolve } from "node:path";
import { mapFile } from "../accounts/reading/load";
import { warningsOn } from "../accounts/warnings";
import { describeWarnings } from "../accounts/warnings/text";
import { INTERRUPTED, onInterruption } from "../processes/interruption";
import { program } from "../processes/program";
import { projectFolder } from "../processes/project-folder";
import { UserError } from "../processes/user-error";
import { readOrganization } from "./read-organization";
import { synthesizeStacks } from "./synthesize";

const CODE = resolve(__dirname, "..");

/** Builds every stack, even if nothing has changed that it is made from. */
const NO_CACHE = "--no-cache";

/** What `cdktf synth --hcl` sets, to get HCL instead of JSON. */
const HCL: ReadonlySet<string | undefined> = new Set(["true", "1"]);

/**
 * The program behind `main.ts`. It reads the map and writes every stack into the folder that `CDKTF_OUTDIR` names, or
 * into `cdktf.out`. A map with problems leaves nothing behind, and neither does a Ctrl-C.
 * @example SESSION_AUDIT_ACCOUNTS=docs/examples/complete.yaml npx tsx main.ts --no-cache
 */
export const run = program(async (argv, { env, cwd, stderr }) => {
  const [unknown] = argv.filter((word) => word !== NO_CACHE);
  if (unknown !== undefined) {
    throw new UserError({
      what: `main.ts: unknown argument ${unknown}`,
      allowed: `${NO_CACHE}, which builds stacks again that have not changed`,
      remedy: "Remove it. The map is named by SESSION_AUDIT_ACCOUNTS, and the folder by CDKTF_OUTDIR.",
    });
  }
  const map = mapFile(env, projectFolder(CODE, cwd), cwd);
  const organization = readOrganization(map);
  stderr.write(describeWarnings(map, warningsOn(organization, new Date())));
  const directory = resolve(cwd, env["CDKTF_OUTDIR"] ?? "cdktf.out");
  const interruption = onInterruption({ onSignal: () => undefined });
  const { signal } = interruption;
  try {
    await synthesizeStacks(organization, directory, {
      cache: !argv.includes(NO_CACHE),
      hcl: HCL.has(env["SYNTH_HCL_OUTPUT"]),
      signal,
    });
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new UserError({ what: "Interrupted; nothing was written.", exitCode: INTERRUPTED });
  } finally {
    interruption.release();
  }
});
