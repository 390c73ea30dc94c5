import { run } from "./child-process";
import { allOnPath } from "./path-lookup";

export interface Python {
  /** The interpreter itself: a version manager's shim in front of it would start a shell each time. */
  command: string;
  /** "3.11" */
  version: string;
  /** moto's version, when its server can be imported. */
  moto?: string;
}

// Runs under Python 2 as well, so that an old `python` is told apart from a broken one.
const ASK = `
import json, sys
answer = {"command": sys.executable, "version": "%d.%d" % sys.version_info[:2]}
try:
    import moto, moto.server
    answer["moto"] = moto.__version__
except Exception:
    pass
print(json.dumps(answer))
`;

/** The interpreters that answer to `python3` and `python`, each with what it knows about moto. */
export async function pythonsOnPath(env: NodeJS.ProcessEnv): Promise<Python[]> {
  const paths = [allOnPath("python3", env)[0], allOnPath("python", env)[0]];
  const answers = await Promise.all(paths.map((path) => (path ? askPython(path, env) : undefined)));
  return answers.filter((python) => python !== undefined);
}

/** What the interpreter at `path` says about itself; undefined when it does not run. */
export async function askPython(path: string, env: NodeJS.ProcessEnv): Promise<Python | undefined> {
  const outcome = await run(path, ["-c", ASK], { env, timeoutSeconds: 300 });
  if (outcome.problem) return undefined;
  try {
    // The last line: a site customization may print something first.
    const answer = JSON.parse(outcome.stdout.trim().split("\n").pop() ?? "") as Python;
    return { ...answer, command: answer.command || path };
  } catch {
    return undefined;
  }
}
