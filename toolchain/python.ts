import { run, type ChildSignals } from "../processes/child-process";
import { allOnPath } from "./path-lookup";

/** A Python interpreter. */
export interface Python {
  /** Absolute path of the interpreter itself. The shim of a version manager would start a shell each time. */
  command: string;
  /** "3.11" */
  version: string;
  /** moto's version, when its server can be imported. */
  moto?: string;
}

// The script runs under Python 2 as well, so that an error can name the version of an old `python`.
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

type ChildOptions = ChildSignals & { readonly env: NodeJS.ProcessEnv };

/** The interpreters that run as `python3` and as `python`, each with the version of moto that it can import. */
export async function pythonsOnPath(options: ChildOptions): Promise<Python[]> {
  const { env } = options;
  const paths = [allOnPath("python3", env)[0], allOnPath("python", env)[0]];
  const answers = await Promise.all(paths.map((path) => (path ? askPython(path, options) : undefined)));
  return answers.filter((python) => python !== undefined);
}

/** Asks the interpreter at `path` for its version and its moto. @returns undefined if it does not run */
export async function askPython(path: string, options: ChildOptions): Promise<Python | undefined> {
  const outcome = await run(path, ["-c", ASK], { ...options, timeoutSeconds: 60 });
  if (outcome.problem) return undefined;
  try {
    // Only the last line is the answer: a `sitecustomize` module may print something before it.
    const answer = JSON.parse(outcome.stdout.trim().split("\n").pop() ?? "") as Python;
    return { ...answer, command: answer.command || path };
  } catch {
    return undefined;
  }
}
