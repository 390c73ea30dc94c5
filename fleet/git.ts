import { run } from "../processes/child-process";

/** The version of the program and the map from which something was made. */
export interface SourceVersion {
  /** Full hash; null outside a repository. */
  readonly commit: string | null;
  /** Whether files of the work tree differ from the commit. */
  readonly dirty: boolean;
}

/**
 * Runs git in a directory.
 * @returns its output without the last newline, or null if git is missing or fails
 */
export async function git(
  directory: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const { stdout, problem } = await run("git", args, { cwd: directory, env, timeoutSeconds: 300 });
  return problem === undefined ? stdout.replace(/\n$/, "") : null;
}

/** The commit of a directory, and whether it has changes that are not committed. */
export async function sourceVersion(directory: string, env: NodeJS.ProcessEnv): Promise<SourceVersion> {
  const commit = await git(directory, ["rev-parse", "HEAD"], env);
  if (commit === null) return { commit: null, dirty: false };
  const changes = await git(directory, ["status", "--porcelain"], env);
  return { commit, dirty: changes !== "" };
}
