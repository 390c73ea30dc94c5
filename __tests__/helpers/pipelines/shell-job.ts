import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commandsOf, type Buildspec } from "./buildspec";
import { scriptOf, type GitlabJob } from "./gitlab";
import { git } from "./repository";
import { bash } from "./runner";

/** What a job of a pipeline gets. */
export interface ShellJobProps {
  /** Where its clone is made. */
  readonly directory: string;
  readonly repository: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How a job has ended. */
export interface ShellJobOutcome {
  readonly status: number | null;
  readonly output: string;
  /** The clone that the job has worked in. */
  readonly clone: string;
}

/** A fresh clone, with the files that earlier jobs have left as artifacts. */
function cloned({ directory, repository }: ShellJobProps, artifacts: Readonly<Record<string, string>> = {}) {
  const clone = join(mkdtempSync(join(directory, "job-")), "clone");
  git(directory, "clone", "--quiet", repository, clone);
  for (const [name, from] of Object.entries(artifacts)) {
    mkdirSync(dirname(join(clone, name)), { recursive: true });
    cpSync(from, join(clone, name), { recursive: true });
  }
  return clone;
}

/**
 * Runs the script of a job of GitLab CI.
 * @param artifacts files of earlier jobs, by their paths in the clone
 */
export async function runGitlabJob(
  job: GitlabJob,
  props: ShellJobProps,
  artifacts?: Readonly<Record<string, string>>,
): Promise<ShellJobOutcome> {
  const clone = cloned(props, artifacts);
  const expand = (text: string) => text.replace(/\$(\w+)/g, (_, name: string) => props.env[name] ?? "");
  const own = Object.entries(job.variables ?? {}).map(([name, value]) => [name, expand(String(value))]);
  const { status, output } = await bash(scriptOf(job), clone, { ...Object.fromEntries(own), ...props.env });
  const missing = (job.artifacts?.paths ?? []).filter((path) => !existsSync(join(clone, path)));
  if (status === 0 && missing.length > 0) throw new Error(`no artifact ${missing.join(", ")}`);
  return { status, output, clone };
}

/** Runs the commands of a buildspec in one shell. @returns also the variables that it exports */
export async function runBuild(
  buildspec: Buildspec,
  props: ShellJobProps,
): Promise<ShellJobOutcome & { readonly exported: string }> {
  const clone = cloned(props);
  const file = `${clone}.exported`;
  writeFileSync(file, "");
  const names = buildspec.env?.["exported-variables"] ?? [];
  const script = [commandsOf(buildspec), ...names.map((name) => `printf '%s' "\${${name}:-}" > ${file}`)];
  const env = { ...buildspec.env?.variables, ...props.env };
  const { status, output } = await bash(script.join("\n"), clone, env);
  return { status, output, clone, exported: readFileSync(file, "utf8") };
}
