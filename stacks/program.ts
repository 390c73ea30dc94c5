import { resolve } from "node:path";
import { mapFile } from "../accounts/reading/load";
import { program } from "../processes/program";
import { readOrganization } from "./read-organization";
import { synthesizeStacks } from "./synthesize";

const PROJECT = resolve(__dirname, "..");

/**
 * The program behind `main.ts`. It reads the map and writes every stack into the folder that `CDKTF_OUTDIR` names, or
 * into `cdktf.out`. The map is read first, because cdktf creates that folder at once, and a map with problems must
 * leave nothing behind.
 * @example SESSION_AUDIT_ACCOUNTS=docs/examples/complete.yaml npx tsx main.ts
 */
export const run = program((_argv, { env, cwd }) => {
  const organization = readOrganization(mapFile(env, PROJECT, cwd));
  synthesizeStacks(organization, resolve(cwd, env["CDKTF_OUTDIR"] ?? "cdktf.out"));
  return 0;
});
