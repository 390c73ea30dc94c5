import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { MAP_VARIABLE } from "../accounts/reading/load";
import { run, type ChildSignals } from "../processes/child-process";
import { inTemporaryFolder } from "../processes/temporary-folder";
import { UserError } from "../processes/user-error";
import { git } from "./git";

/** What differs between the program and map of a commit and those of the work tree. */
export interface Difference {
  /** Full hash of the commit that the reference names. */
  readonly commit: string;
  /** Whether a stack has another configuration now, or is new. */
  readonly changed: (id: string) => boolean;
  /** Ids of the stacks that only the commit has. */
  readonly gone: readonly string[];
}

/** What {@link changedSince} needs. */
export interface ChangedSinceProps extends ChildSignals {
  /** The work tree of the project, as an absolute path. */
  readonly project: string;
  /** A commit, branch or tag. */
  readonly ref: string;
  /** Absolute path of the map. */
  readonly map: string;
  readonly env: NodeJS.ProcessEnv;
  /** Receives what takes long. */
  readonly note: (text: string) => void;
}

/**
 * Synthesizes every stack at a commit and in the work tree, and compares the results. The commit is checked out into a
 * temporary directory. If its packages differ from those of the work tree, they are installed there.
 * @returns null if the stacks of the commit cannot be synthesized. The reason was noted, and every stack must be planned.
 * @throws UserError if there is no such commit
 */
export async function changedSince(props: ChangedSinceProps): Promise<Difference | null> {
  const { project, ref, map, env, note } = props;
  const commit = await git(project, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], env);
  if (commit === null) {
    throw new UserError({
      what: `--changed-since ${JSON.stringify(ref)}: the repository has no such commit.`,
      remedy: "Name a commit, a branch or a tag. A shallow clone of a pipeline has to fetch it first.",
    });
  }
  const mapInProject = relative(project, map);
  if (mapInProject.startsWith("..")) {
    note(`The map ${map} is not in the repository, so every stack is planned.`);
    return null;
  }
  try {
    return await inTemporaryFolder("session-audit-since-", async (directory) => {
      const before = join(directory, "before");
      const added = await git(project, ["worktree", "add", "--detach", "--quiet", before, commit], env);
      if (added === null) {
        note(`git cannot check ${ref} out into a directory of its own, so every stack is planned.`);
        return null;
      }
      const problem =
        (await provideModules(before, props)) ??
        (await synthesize(before, mapInProject, join(directory, "old"), props));
      if (problem !== null) {
        note(`The stacks of ${ref} cannot be synthesized (${problem}), so every stack is planned.`);
        return null;
      }
      const now = await synthesize(project, mapInProject, join(directory, "new"), props);
      if (now !== null) throw new UserError({ what: now });
      return compare(
        commit,
        await stackHashes(join(directory, "old")),
        await stackHashes(join(directory, "new")),
      );
    });
  } finally {
    // git forgets the work tree in the directory that has been removed.
    await git(project, ["worktree", "prune"], env);
  }
}

function compare(
  commit: string,
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): Difference {
  return {
    commit,
    changed: (id) => before.get(id) !== now.get(id),
    gone: [...before.keys()].filter((id) => !now.has(id)),
  };
}

/** Provides the packages of a checkout. @returns the problem, or null */
async function provideModules(
  checkout: string,
  { project, env, note, signal, kill }: ChangedSinceProps,
): Promise<string | null> {
  const read = (directory: string) =>
    readFile(join(directory, "package-lock.json"), "utf8").catch(() => undefined);
  const [before, now] = await Promise.all([read(checkout), read(project)]);
  if (before === undefined) return "it has no package-lock.json";
  if (before === now) {
    await symlink(join(project, "node_modules"), join(checkout, "node_modules"));
    return null;
  }
  note("The packages have changed as well: installing those of the commit.");
  const install = ["ci", "--no-audit", "--no-fund", "--prefer-offline"];
  const { problem } = await run("npm", install, { signal, kill, cwd: checkout, env, timeoutSeconds: 1800 });
  return problem === undefined ? null : `npm ci: ${problem}`;
}

/** Runs `main.ts` of a checkout. @returns the problem, or null */
async function synthesize(
  checkout: string,
  map: string,
  outdir: string,
  { env, signal, kill }: ChangedSinceProps,
): Promise<string | null> {
  if (!existsSync(join(checkout, map))) return `it has no map ${map}`;
  const { INIT_CWD: _, ...inherited } = env;
  const { problem, output } = await run(process.execPath, ["--import=tsx", "main.ts"], {
    signal,
    kill,
    cwd: checkout,
    env: { ...inherited, [MAP_VARIABLE]: join(checkout, map), CDKTF_OUTDIR: outdir },
    timeoutSeconds: 1800,
  });
  return problem === undefined ? null : `${problem}: ${output.trim().split("\n")[0]}`;
}

/** A hash of all files of each stack, by its id. */
async function stackHashes(outdir: string): Promise<Map<string, string>> {
  const stacks = join(outdir, "stacks");
  const hashes = new Map<string, string>();
  for (const id of await readdir(stacks)) {
    const hash = createHash("sha256");
    const entries = await readdir(join(stacks, id), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) {
      hash
        .update(relative(outdir, file))
        .update("\0")
        .update(await readFile(file))
        .update("\0");
    }
    hashes.set(id, hash.digest("hex"));
  }
  return hashes;
}
