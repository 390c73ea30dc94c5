import { quoted } from "../../processes/shell";

/** A shell file that sets variables, for the commands of a person in another terminal. */

/** The variables that could lead a call past the embedded AWS, or that another configuration has set. */
const CLEARED = "unset $(env | sed -n 's/^\\(AWS_[A-Za-z0-9_]*\\)=.*/\\1/p')";
const PROXIES = "unset HTTP_PROXY HTTPS_PROXY http_proxy https_proxy";

/**
 * The lines of a file for `. <file>` in a POSIX shell.
 * @param env the environment for the commands
 * @param before the environment of this process. What both have alike is left out
 * @example shellLines({ AWS_REGION: "us-east-1" }, {}) // ["unset …", "unset …", "export AWS_REGION=us-east-1"]
 */
export function shellLines(env: NodeJS.ProcessEnv, before: NodeJS.ProcessEnv): string[] {
  const changed = Object.entries(env).filter(
    ([name, value]) => name.startsWith("AWS_") || value !== before[name],
  );
  return [CLEARED, PROXIES, ...changed.map(([name, value]) => `export ${name}=${quoted(value ?? "")}`)];
}
