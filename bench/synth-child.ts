import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import exampleMap from "../__tests__/fixtures/example-map";
import type { AccountsMap } from "../accounts/schema";
import type * as Cdktf from "cdktf";
import type * as Reading from "../stacks/read-organization";
import type * as Synth from "../stacks/synth";
import type * as Synthesizing from "../stacks/synthesize";

/**
 * One measurement of `bench/synth.ts`, in a process of its own: `<what> <accounts> <directory>`. The last line is a
 * {@link Measured} as JSON. Only what is measured is loaded, because loading counts.
 */
export interface Measured {
  readonly stacks: number;
  /** Seconds of CPU of the process, its threads included. The floor is without the start of Node.js. */
  readonly cpu: number;
  /** Seconds since the start of Node.js; of the floor, since the first file. */
  readonly wall: number;
  /** Largest memory of the process, in MB. */
  readonly memory: number;
}

/** The map of an organization with a number of workload accounts, each in two regions, and an archive account. */
export function mapOf(accounts: number, change: Partial<AccountsMap["accounts"][string]> = {}): AccountsMap {
  const workload = (index: number) => ({
    id: String(200000000000 + index),
    homeRegion: "eu-central-1",
    regions: ["eu-central-1", "us-east-1"],
    wave: "rest",
    ...(index === 0 && change),
  });
  const entries = Array.from(
    { length: accounts },
    (_, index) => [`account-${index}`, workload(index)] as const,
  );
  return {
    ...exampleMap,
    accounts: { "log-archive": exampleMap.accounts["log-archive"]!, ...Object.fromEntries(entries) },
  };
}

/** Loads a module only where it is measured. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const load = <T>(module: string) => require(module) as T;

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const print = (measured: Measured) => process.stdout.write(`${JSON.stringify(measured)}\n`);
const sinceStart = (stacks: number) =>
  print({
    stacks,
    cpu: cpu(),
    wall: performance.now() / 1000,
    memory: process.resourceUsage().maxRSS / 1000,
  });

/** Writes the configurations in a directory again, from plain objects in memory. */
function floor(directory: string): void {
  const from = join(directory, "own", "stacks");
  const to = join(directory, "floor");
  const configurations = readdirSync(from).map(
    (id) => [id, JSON.parse(readFileSync(join(from, id, "cdk.tf.json"), "utf8")) as unknown] as const,
  );
  mkdirSync(to, { recursive: true });
  const [began, spent] = [performance.now(), cpu()];
  for (const [id, configuration] of configurations) {
    mkdirSync(join(to, id));
    writeFileSync(join(to, id, "cdk.tf.json"), JSON.stringify(configuration, null, 2));
  }
  const memory = process.resourceUsage().maxRSS / 1000;
  print({
    stacks: configurations.length,
    cpu: cpu() - spent,
    wall: (performance.now() - began) / 1000,
    memory,
  });
}

/** cdktf as its documentation has it: one app, token traces, and `App.synth`. */
function stock(accounts: number, directory: string): void {
  const { App } = load<typeof Cdktf>("cdktf");
  const { checkMap } = load<typeof Reading>("../stacks/read-organization");
  const { addStacks } = load<typeof Synth>("../stacks/synth");
  const app = new App({ outdir: join(directory, "stock") });
  addStacks(app, checkMap(mapOf(accounts), "bench"));
  app.synth();
  sinceStart(app.node.children.length);
}

/** This project, as `main.ts` synthesizes. */
async function own(what: string, accounts: number, directory: string): Promise<void> {
  const { checkMap } = load<typeof Reading>("../stacks/read-organization");
  const { synthesizeStacks } = load<typeof Synthesizing>("../stacks/synthesize");
  const map = mapOf(accounts, what === "changed" ? { tags: { team: "another" } } : {});
  const organization = checkMap(map, "bench");
  const outdir = join(directory, what === "one" ? "one" : "own");
  const only = what === "one" ? { only: new Set([`session-account-${accounts - 1}-us-east-1`]) } : {};
  const { built, kept } = await synthesizeStacks(organization, outdir, only);
  sinceStart(built.length + kept.length);
}

if (require.main === module) {
  const [what = "", accounts = "", directory = ""] = process.argv.slice(2);
  if (what === "floor") floor(directory);
  else if (what === "stock") stock(Number(accounts), directory);
  else void own(what, Number(accounts), directory);
}
