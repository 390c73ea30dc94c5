import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { MAP_VARIABLE } from "../accounts/reading/load";
import { lastLines, run, type ChildSignals, type Outcome } from "../processes/child-process";
import { UserError } from "../processes/user-error";
import { argumentsIn, type Arguments } from "./bindings";
import type { Build } from "./builds";
import type { Synthesized } from "./compare";
import { ROOT } from "./maps";
import { importedModules, renamed } from "./rename";

/** The folders that synthesis consists of. */
export const SOURCES = ["accounts", "aws", "files", "guard", "pages", "processes", "stacks"] as const;

/** The bindings of the AWS provider, as the sources import them. */
const BINDINGS = "@cdktf/provider-aws";

/** Exit code of a check whose packages cannot be installed: it has found nothing out. */
export const NOT_INSTALLED = 3;

interface Step extends ChildSignals {
  readonly env: NodeJS.ProcessEnv;
}

/** The modules of the AWS provider's bindings that the sources import, such as `kms-key`. */
export async function importedBindings(): Promise<string[]> {
  const files = await readdir(join(ROOT, "stacks"), { recursive: true });
  const modules = new Set<string>();
  for (const file of files.filter((name) => name.endsWith(".ts")))
    for (const module of importedModules(await readFile(join(ROOT, "stacks", file), "utf8")))
      if (module.startsWith(`${BINDINGS}/lib/`)) modules.add(module.slice(`${BINDINGS}/lib/`.length));
  return [...modules].sort();
}

/** The arguments of each imported resource and data source, in the bindings of a folder with packages. */
export async function argumentsOf(
  modules: readonly string[],
  packages: string,
  bindings: string = BINDINGS,
): Promise<Map<string, Arguments>> {
  const read = async (module: string) =>
    argumentsIn(await readFile(join(packages, bindings, "lib", module, "index.d.ts"), "utf8"));
  return new Map(await Promise.all(modules.map(async (module) => [module, await read(module)] as const)));
}

/**
 * Fills a folder with the sources, in which imports name the packages of a build, and installs these packages there.
 * All other packages are those of the project.
 * @throws UserError with exit code {@link NOT_INSTALLED} if npm cannot install them
 */
export async function prepareWorkshop(folder: string, build: Build, step: Step): Promise<void> {
  for (const source of SOURCES) await cp(join(ROOT, source), join(folder, source), { recursive: true });
  await cp(join(ROOT, "main.ts"), join(folder, "main.ts"));
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".ts")) continue;
    const text = await readFile(join(folder, file), "utf8");
    await writeFile(join(folder, file), renamed(text, build.renames));
  }
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: build.packages }),
  );
  // The types of the framework alone: the file with all options of the compiler is the project's own.
  const typeRoots = [join(ROOT, "node_modules", "@types")];
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { types: ["node"], typeRoots, incremental: false, tsBuildInfoFile: null },
      files: ["main.ts"],
      include: [],
    }),
  );
  // `npm run --silent` passes its level on: the reason of a failure would not be printed.
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const args = ["install", "--ignore-scripts", "--no-package-lock", ...quiet];
  const install = await run("npm", args, { ...step, cwd: folder, timeoutSeconds: 1200 });
  if (install.problem !== undefined) throw notInstalled(build, install);
  await linkOthers(folder);
}

const notInstalled = ({ packages }: Build, { problem, output }: Outcome) =>
  new UserError({
    what: `npm could not install ${Object.entries(packages)
      .map(([name, version]) => `${name}@${version}`)
      .join(", ")}: ${problem}.\n${lastLines(output)}`,
    remedy: "Run the check where npm reaches a registry that has these packages. Nothing was checked.",
    exitCode: NOT_INSTALLED,
  });

/** Links the packages of the project that the folder does not have. */
async function linkOthers(folder: string): Promise<void> {
  const [own, others] = [join(folder, "node_modules"), join(ROOT, "node_modules")];
  const present = new Set(await packagesIn(own));
  for (const name of await packagesIn(others)) {
    if (present.has(name) || /^@?(cdktf|cdktn)\b/.test(name)) continue;
    await mkdir(dirname(join(own, name)), { recursive: true });
    await symlink(join(others, name), join(own, name));
  }
}

async function packagesIn(modules: string): Promise<string[]> {
  const names = (await readdir(modules)).filter((name) => !name.startsWith("."));
  const scoped = names.filter((name) => name.startsWith("@"));
  const inside = await Promise.all(
    scoped.map(async (scope) => (await readdir(join(modules, scope))).map((name) => `${scope}/${name}`)),
  );
  return [...names.filter((name) => !name.startsWith("@")), ...inside.flat()];
}

/** Checks the types of a folder. @throws UserError with what the compiler says */
export async function typecheck(folder: string, step: Step): Promise<void> {
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const args = [compiler, "--noEmit", "-p", folder];
  const { problem, output } = await run(process.execPath, args, {
    ...step,
    cwd: folder,
    timeoutSeconds: 1200,
  });
  if (problem !== undefined)
    throw new UserError({ what: `the stacks do not compile:\n${lastLines(output, 40)}` });
}

/** Synthesizes a map with the sources of a folder. @throws UserError with what the program says */
export async function synthesized(
  folder: string,
  map: string,
  into: string,
  step: Step,
): Promise<Synthesized> {
  await mkdir(into, { recursive: true });
  const { problem, output } = await run(
    process.execPath,
    ["--require", require.resolve("tsx/cjs"), "main.ts"],
    {
      ...step,
      cwd: folder,
      env: { ...step.env, [MAP_VARIABLE]: map, CDKTF_OUTDIR: into },
      timeoutSeconds: 1200,
    },
  );
  if (problem !== undefined)
    throw new UserError({ what: `${map} cannot be synthesized: ${problem}.\n${lastLines(output, 40)}` });
  return readSynthesized(join(into, "stacks"));
}

async function readSynthesized(stacks: string): Promise<Synthesized> {
  const entries = await readdir(stacks, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (file: string): Promise<[string, unknown]> => {
    const bytes = await readFile(file);
    const content: unknown = file.endsWith(".json")
      ? JSON.parse(bytes.toString("utf8"))
      : createHash("sha256").update(bytes).digest("hex");
    return [relative(stacks, file), content];
  };
  return new Map(await Promise.all(files.map(read)));
}
