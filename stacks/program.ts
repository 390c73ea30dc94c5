import { resolve } from "node:path";
import { App } from "cdktf";
import { mapFile } from "../accounts/reading/load";
import { program } from "../processes/program";
import { withoutTokenTraces } from "./kit/token-traces";
import { readOrganization } from "./read-organization";
import { addStacks } from "./synth";

const PROJECT = resolve(__dirname, "..");

/**
 * The program behind `main.ts`: reads the map and writes every stack into the folder that `CDKTF_OUTDIR` names, or
 * into `cdktf.out`. The map is read first, because a new `App` creates that folder at once, and a wrong map must leave
 * nothing behind.
 */
export const run = program((_argv, { env, cwd }) => {
  const organization = readOrganization(mapFile(env, PROJECT, cwd));
  withoutTokenTraces(() => {
    const app = new App({ outdir: resolve(cwd, env["CDKTF_OUTDIR"] ?? "cdktf.out") });
    addStacks(app, organization);
    app.synth();
  });
  return 0;
});
