import { join } from "node:path";
import { INTERRUPTED, onInterruption } from "../processes/interruption";
import { program, start, type Output } from "../processes/program";
import { inTemporaryFolder } from "../processes/temporary-folder";
import { Screen } from "../processes/terminal";
import { UserError } from "../processes/user-error";
import { argumentChanges } from "./bindings";
import { BUILDS, type Build, type BuildName } from "./builds";
import { differencesOf, explain, type Difference, type Explained } from "./compare";
import { MAPS, ROOT } from "./maps";
import {
  argumentsOf,
  importedBindings,
  NOT_INSTALLED,
  prepareWorkshop,
  synthesized,
  typecheck,
} from "./workshop";

const NAMES = Object.keys(BUILDS) as BuildName[];

const HELP = `Usage: npm run check:cdktn
       npm run check:provider6

Builds the project in a temporary folder with other packages, and compares every synthesized stack of the example map
and of docs/examples/complete.yaml. It needs an npm registry, about 500 MB of disk and two minutes.

Exit codes:
  0    the stacks compile, and differ only as expected
  1    they do not compile or cannot be synthesized, or the command line is wrong
  2    they differ otherwise, or an expected difference is missing
  ${NOT_INSTALLED}    npm cannot install the packages: nothing was checked
  130  interrupted
`;

/** The program behind `npm run check:cdktn` and `npm run check:provider6`. */
export const run = program(async (argv, { stdout, stderr, env }) => {
  if (argv.includes("--help")) {
    stdout.write(HELP);
    return 0;
  }
  const name = NAMES.find((known) => argv.length === 1 && known === argv[0]);
  if (name === undefined)
    throw new UserError({ what: `no build: ${argv.join(" ")}`, allowed: NAMES.join(", ") });
  const screen = new Screen(stderr, env);
  const interruption = onInterruption({ onSignal: (signal) => screen.print(`${signal}: stopping`) });
  try {
    return await inTemporaryFolder(`session-audit-${name}-`, (folder) =>
      check(BUILDS[name], folder, { ...interruption, env, screen, stdout }),
    );
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    return INTERRUPTED;
  } finally {
    interruption.release();
  }
});

interface Surroundings {
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly screen: Screen;
  readonly stdout: Output;
}

async function check(
  build: Build,
  folder: string,
  { screen, stdout, ...step }: Surroundings,
): Promise<number> {
  const sources = join(folder, "sources");
  stdout.write(`${build.what}\n`);
  screen.print("installing the packages");
  await prepareWorkshop(sources, build, step);
  screen.print("checking the types");
  await typecheck(sources, step);
  const differences: Difference[] = [];
  let stacks = 0;
  for (const [name, map] of Object.entries(MAPS)) {
    screen.print(`synthesizing the map "${name}" twice`);
    const before = await synthesized(ROOT, map, join(folder, "before", name), step);
    const after = await synthesized(sources, map, join(folder, "after", name), step);
    stacks += [...before.keys()].filter((file) => file.endsWith("cdk.tf.json")).length;
    differences.push(...differencesOf(before, after));
  }
  const modules = await importedBindings();
  const changes = argumentChanges(
    await argumentsOf(modules, join(ROOT, "node_modules")),
    await argumentsOf(modules, join(sources, "node_modules"), build.bindings),
  );
  const result = explain(differences, build.explanations);
  stdout.write(
    `${[`${stacks} stacks of ${Object.keys(MAPS).length} maps compile and synthesize.`, ...told(result)].join("\n")}\n`,
  );
  stdout.write(
    `${modules.length} modules of bindings. Arguments that are gone, none of which the stacks set: ${listed(changes.gone)}. ` +
      `New arguments: ${listed(grouped(changes.added))}.\n`,
  );
  return result.unexplained.length + result.missing.length > 0 ? 2 : 0;
}

/** The differences in words, with what they mean. */
export function told({ explained, unexplained, missing }: Explained): string[] {
  const text = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 200));
  const inFull = ({ file, path, before, after }: Difference) =>
    `  ${file}: ${path.join(" › ")}: ${text(before)} → ${text(after)}`;
  return [
    ...explained
      .filter(([, some]) => some.length > 0)
      .flatMap(([{ path, means }, some]) => [
        `${some.length} × ${path.join(" › ")}: ${text(some[0]!.before)} → ${text(some[0]!.after)}`,
        `  ${means}`,
      ]),
    ...missing.map(({ path }) => `Expected, and not there: ${path.join(" › ")}`),
    ...(unexplained.length > 0
      ? [`${unexplained.length} differences that nobody has explained:`, ...unexplained.map(inFull)]
      : []),
  ];
}

const listed = (names: readonly string[]) => (names.length === 0 ? "none" : names.join(", "));

/** `region` of forty modules is one thing. */
function grouped(added: readonly string[]): string[] {
  const nameOf = (argument: string) => argument.split(".")[1]!;
  const names = [...new Set(added.map(nameOf))];
  return names.map((name) => {
    const all = added.filter((argument) => nameOf(argument) === name);
    return all.length === 1 ? all[0]! : `${name} of ${all.length} modules`;
  });
}

if (require.main === module) void start(run);
