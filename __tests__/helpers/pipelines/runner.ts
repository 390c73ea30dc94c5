import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { condition, interpolate, type Contexts } from "./expression";
import { git } from "./repository";
import { needsOf, readWorkflow, type Job, type Step, type Workflow } from "./workflow";

/** What started a run, as the context `github` and the token of a job say it. */
export interface RunEvent {
  readonly github: Contexts;
  /** What is checked out: a commit or a branch of the repository. */
  readonly ref: string;
  /** The subject of the tokens of jobs without an environment. */
  readonly subject: string;
}

/** What the runner gets from its surroundings. */
export interface RunnerProps {
  /** Where it keeps clones, artifacts and caches. */
  readonly directory: string;
  /** The repository that jobs clone. */
  readonly repository: string;
  /** The folder of the workflows, as a path from the root of the project. */
  readonly workflows: string;
  /** The environment of each step. It has no credentials. */
  readonly env: NodeJS.ProcessEnv;
  readonly vars: Readonly<Record<string, string>>;
  /**
   * Exchanges the token of a job for the credentials of a role.
   * @param subject of the token
   * @throws Error if the role does not admit the subject
   */
  readonly credentials: (role: string, subject: string) => Promise<NodeJS.ProcessEnv>;
}

/** How a job has ended. */
export interface JobOutcome {
  readonly result: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  /** What the steps with `run` have printed, by their names. */
  readonly printed: Readonly<Record<string, string>>;
  /** What the job has written into the summary of the run. */
  readonly summary: string;
}

/** A job that has not run. */
const SKIPPED: JobOutcome = { result: "skipped", outputs: {}, printed: {}, summary: "" };

/**
 * Runs workflows of GitHub Actions on this machine. It executes every `run` with bash, each job in a fresh clone, and has
 * stand-ins for the actions of the pinned versions: checkout, Node.js, artifacts, caches, and the exchange of tokens.
 */
export class WorkflowRunner {
  private runs = 0;
  constructor(private readonly props: RunnerProps) {}

  /** Runs a workflow. @returns the outcomes of all jobs; those of a matrix are named like `plan (0)`, those of another workflow like `canary / deploy` */
  async run(name: string, event: RunEvent): Promise<Readonly<Record<string, JobOutcome>>> {
    const id = String(++this.runs);
    const artifacts = join(this.props.directory, `artifacts-${id}`);
    mkdirSync(artifacts);
    const github = {
      run_id: id,
      run_attempt: "1",
      server_url: "https://github.example",
      token: "token",
      ...event.github,
    };
    const outcomes: Record<string, JobOutcome> = {};
    await this.runWorkflow(readWorkflow(join(this.props.workflows, name)), {
      prefix: "",
      outcomes,
      artifacts,
      event,
      contexts: { github, vars: this.props.vars, inputs: {} },
    });
    return outcomes;
  }

  private async runWorkflow(workflow: Workflow, run: Run): Promise<boolean> {
    const results = new Map<string, JobOutcome>();
    for (const [name, job] of Object.entries(workflow.jobs)) {
      const needs = Object.fromEntries(needsOf(job).map((need) => [need, results.get(need)!]));
      const contexts: Contexts = { ...run.contexts, needs };
      const failed = Object.values(needs).some(({ result }) => result !== "success");
      const outcome = condition(job.if, contexts, { failed })
        ? await this.runJob(workflow, name, job, { ...run, contexts })
        : SKIPPED;
      results.set(name, outcome);
      run.outcomes[`${run.prefix}${name}`] ??= outcome;
    }
    return [...results.values()].every(({ result }) => result !== "failure");
  }

  private async runJob(workflow: Workflow, name: string, job: Job, run: Run): Promise<JobOutcome> {
    if (job.uses !== undefined) {
      const inputs = mapped(job.with ?? {}, run.contexts);
      const called = readWorkflow(join(this.props.workflows, job.uses.split("/").at(-1)!));
      const succeeded = await this.runWorkflow(called, {
        ...run,
        prefix: `${run.prefix}${name} / `,
        // The called workflow has the token of its own environments.
        contexts: { ...run.contexts, needs: {}, inputs: { ...defaultsOf(called), ...inputs } },
      });
      return { ...SKIPPED, result: succeeded ? "success" : "failure" };
    }
    if (!job.strategy) return this.runSteps(workflow, job, run);
    const matrix = interpolate(job.strategy.matrix, run.contexts) as Record<string, unknown[]>;
    const [[key, values], ...more] = Object.entries(matrix) as [[string, unknown[]]];
    if (more.length > 0) throw new Error("the runner knows matrices with one variable");
    const outcomes: JobOutcome[] = [];
    for (const [index, value] of values.entries()) {
      const contexts = { ...run.contexts, matrix: { [key]: value }, strategy: { "job-index": index } };
      const outcome = await this.runSteps(workflow, job, { ...run, contexts });
      run.outcomes[`${run.prefix}${name} (${index})`] = outcome;
      outcomes.push(outcome);
    }
    return outcomes.find(({ result }) => result === "failure") ?? outcomes[0]!;
  }

  private async runSteps(workflow: Workflow, job: Job, run: Run): Promise<JobOutcome> {
    const home = mkdtempSync(join(this.props.directory, "job-"));
    const clone = join(home, "clone");
    mkdirSync(clone);
    const summary = join(home, "summary.md");
    const files = { GITHUB_OUTPUT: join(home, "outputs"), GITHUB_STEP_SUMMARY: summary };
    const steps: Record<string, { outputs: Record<string, string> }> = {};
    const contexts: Contexts = { ...run.contexts, steps };
    let env: NodeJS.ProcessEnv = {
      ...this.props.env,
      ...texts(mapped(workflow.env ?? {}, contexts)),
      ...texts(mapped(job.env ?? {}, contexts)),
      ...files,
      TMPDIR: home,
    };
    const printed: Record<string, string> = {};
    let failed = false;
    for (const step of job.steps ?? []) {
      if (!condition(step.if, contexts, { failed })) continue;
      for (const file of Object.values(files)) if (!existsSync(file)) writeFileSync(file, "");
      writeFileSync(files.GITHUB_OUTPUT, "");
      if (step.uses !== undefined) {
        const subject =
          job.environment === undefined
            ? run.event.subject
            : run.event.subject.replace(
                /^(repo:[^:]+):.*$/,
                `$1:environment:${String(interpolate(job.environment, contexts))}`,
              );
        const place = {
          clone,
          subject,
          inputs: mapped(step.with ?? {}, contexts),
          tokens: job.permissions ?? {},
        };
        env = { ...env, ...(await this.useAction(step, place, run)) };
        continue;
      }
      const name = step.name ?? step.run!.trim();
      const { status, output } = await bash(step.run!, clone, {
        ...env,
        ...texts(mapped(step.env ?? {}, contexts)),
      });
      printed[name] = output;
      if (status !== 0) failed = true;
      if (step.id !== undefined)
        steps[step.id] = { outputs: outputsIn(readFileSync(files.GITHUB_OUTPUT, "utf8")) };
    }
    return {
      result: failed ? "failure" : "success",
      outputs: texts(mapped(job.outputs ?? {}, contexts)) as Record<string, string>,
      printed,
      summary: existsSync(summary) ? readFileSync(summary, "utf8") : "",
    };
  }

  /** Stands in for an action. @returns variables for the steps that follow */
  private async useAction({ uses }: Step, place: ActionPlace, run: Run): Promise<NodeJS.ProcessEnv> {
    const { clone, inputs, subject, tokens } = place;
    const name = uses!.split("@")[0]!;
    const path = (key: string) => join(clone, String(inputs[key] ?? "."));
    const cache = join(this.props.directory, "cache");
    switch (name) {
      case "actions/checkout":
        git(dirname(clone), "clone", "--quiet", this.props.repository, clone);
        git(clone, "checkout", "--quiet", run.event.ref);
        return {};
      case "actions/setup-node":
        return {};
      case "aws-actions/configure-aws-credentials": {
        if (tokens["id-token"] !== "write") throw new Error("the job gets no token");
        const region = String(inputs["aws-region"]);
        return {
          ...(await this.props.credentials(String(inputs["role-to-assume"]), subject)),
          AWS_REGION: region,
          AWS_DEFAULT_REGION: region,
        };
      }
      case "actions/upload-artifact": {
        const target = join(run.artifacts, String(inputs["name"]));
        for (const one of String(inputs["path"]).trim().split("\n")) {
          const from = join(clone, one.trim());
          if (!existsSync(from) && inputs["if-no-files-found"] === "ignore") continue;
          // A folder becomes the artifact itself, and a file becomes a file in it.
          const isFolder = existsSync(from) && readdirOf(from) !== null;
          cpSync(from, isFolder ? target : join(target, one.trim().split("/").at(-1)!), { recursive: true });
        }
        return {};
      }
      case "actions/download-artifact": {
        const names =
          inputs["pattern"] === undefined
            ? [String(inputs["name"])]
            : readdirSync(run.artifacts).filter((one) =>
                new RegExp(`^${String(inputs["pattern"]).replaceAll("*", ".*")}$`).test(one),
              );
        for (const one of names) cpSync(join(run.artifacts, one), path("path"), { recursive: true });
        return {};
      }
      case "actions/cache/save":
        mkdirSync(cache, { recursive: true });
        cpSync(path("path"), join(cache, String(inputs["key"])));
        return {};
      case "actions/cache/restore": {
        const found = (readdirOf(cache) ?? [])
          .filter((one) => one.startsWith(String(inputs["restore-keys"])))
          .sort()
          .at(-1);
        if (found !== undefined) cpSync(join(cache, found), path("path"));
        return {};
      }
    }
    throw new Error(`${uses}: the runner has no stand-in for it`);
  }
}

/** What the jobs of a run share. */
interface Run {
  readonly prefix: string;
  readonly outcomes: Record<string, JobOutcome>;
  readonly artifacts: string;
  readonly event: RunEvent;
  readonly contexts: Contexts;
}

interface ActionPlace {
  readonly clone: string;
  readonly subject: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly tokens: Readonly<Record<string, string>>;
}

const readdirOf = (path: string): string[] | null => {
  try {
    return readdirSync(path);
  } catch {
    return null;
  }
};

const mapped = (values: Readonly<Record<string, unknown>>, contexts: Contexts) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, interpolate(value, contexts)]));

const texts = (values: Readonly<Record<string, unknown>>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));

const outputsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

const defaultsOf = ({ on }: Workflow): Record<string, unknown> => {
  const { inputs = {} } = (on["workflow_call"] ?? {}) as { inputs?: Record<string, { default?: unknown }> };
  return Object.fromEntries(Object.entries(inputs).map(([name, { default: value }]) => [name, value ?? ""]));
};

/**
 * Runs a script as GitHub does with `shell: bash`.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export async function bash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ status: number | null; output: string }> {
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, output };
}
