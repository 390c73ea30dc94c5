import { spawnSync } from "node:child_process";
import { needsOf, type Job, type Step, type Workflow } from "./workflow";

/**
 * What is wrong with a workflow of GitHub Actions, one sentence for each fault. It checks what an attacker or a mistake
 * would use: pins, permissions, injection, references to what does not exist, limits of time. It does not check the whole
 * syntax, the inputs of actions, or the types of expressions.
 * @param text of the file, for what YAML drops: the versions in the comments of pins
 * @param others the names of the files that `uses: ./.github/workflows/<name>` may name
 */
export function workflowFaults(workflow: Workflow, text: string, others: readonly string[] = []): string[] {
  const faults: string[] = [];
  const triggers = Object.keys(workflow.on);
  if (triggers.includes("pull_request_target"))
    faults.push("pull_request_target runs with secrets for forks");
  if (Object.keys(workflow.permissions ?? { all: "" }).length > 0)
    faults.push("the workflow must have permissions: {}, and each job those that it needs");
  const isCalled = triggers.includes("workflow_call");
  if (!isCalled && workflow.concurrency?.group === undefined) faults.push("it has no concurrency group");
  const locksStates = Object.values(workflow.jobs).some(
    ({ permissions }) => permissions?.["id-token"] === "write",
  );
  if (locksStates && workflow.concurrency?.["cancel-in-progress"])
    faults.push("a run that is cancelled leaves locks of states behind");
  for (const [, reference, comment] of text.matchAll(/^\s*(?:- )?uses: (\S+)(.*)$/gm)) {
    if (reference!.startsWith("./")) {
      const name = reference!.replace("./.github/workflows/", "");
      if (!others.includes(name)) faults.push(`${reference}: no such workflow`);
    } else if (!/@[0-9a-f]{40}$/.test(reference!) || !/^ # v\d+\.\d+\.\d+$/.test(comment!)) {
      faults.push(`${reference}: pin it by a commit, with its version in a comment`);
    }
  }
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const at = (text: string) => faults.push(`${name}: ${text}`);
    jobFaults(workflow, job).forEach(at);
    if (deploys(job) && goesOn(workflow, name))
      at("a deployment starts only if everything before it has succeeded");
  }
  return faults;
}

/** Whether a job deploys a wave. */
const deploys = ({ uses, steps = [] }: Job): boolean =>
  Boolean(uses?.endsWith("/session-audit-wave.yml")) ||
  steps.some(({ run }) => run?.includes("session-audit deploy"));

/** Whether a job, or one that it needs, starts although a job before it has failed. */
const goesOn = (workflow: Workflow, name: string): boolean => {
  const job = workflow.jobs[name];
  return (
    job !== undefined &&
    (/\b(?:always|cancelled|failure)\(/.test(job.if ?? "") ||
      needsOf(job).some((need) => goesOn(workflow, need)))
  );
};

/** Permissions that a job may have, by what it does. A job that assumes a role can write nothing in the repository. */
const READ_ONLY: Readonly<Record<string, readonly string[]>> = {
  contents: ["read"],
  "id-token": ["write"],
};
const COMMENTS: typeof READ_ONLY = { "pull-requests": ["write"] };

function jobFaults(workflow: Workflow, job: Job): string[] {
  const faults: string[] = [];
  const permissions = job.permissions ?? { all: "" };
  const within = (allowed: typeof READ_ONLY) =>
    Object.entries(permissions).every(([scope, access]) => allowed[scope]?.includes(access));
  if (!within(READ_ONLY) && !within(COMMENTS))
    faults.push(`it has more permissions than it needs: ${JSON.stringify(permissions)}`);
  for (const need of needsOf(job)) if (!workflow.jobs[need]) faults.push(`needs ${need}, which is no job`);
  if (job.uses === undefined) {
    if (!(job["timeout-minutes"]! <= 360)) faults.push("it needs timeout-minutes of at most 360");
    if (!/^ubuntu-\d/.test(job["runs-on"] ?? "")) faults.push("runs-on must name a version");
  }
  const steps = job.steps ?? [];
  const takesRole = steps.some(({ uses }) => uses?.includes("configure-aws-credentials"));
  if (takesRole !== (permissions["id-token"] === "write") && job.uses === undefined)
    faults.push("id-token: write belongs to jobs that assume a role, and to no other");
  const ids = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const before = new Set(ids);
    const shell = step.shell ?? workflow.defaults?.run?.shell;
    stepFaults(step, shell).forEach((fault) => faults.push(`step ${index + 1}: ${fault}`));
    for (const id of stepsIn(JSON.stringify(step)))
      if (!before.has(id)) faults.push(`step ${index + 1}: steps.${id} is no earlier step`);
    if (step.id !== undefined) ids.add(step.id);
  }
  for (const [name, value] of Object.entries(job.outputs ?? {})) {
    for (const [, id, output] of value.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      const step = steps.find((one) => one.id === id);
      if (!step) faults.push(`output ${name}: steps.${id} is no step`);
      else if (step.run !== undefined && !step.run.includes(`${output}=`))
        faults.push(`output ${name}: step ${id} does not write ${output}`);
    }
  }
  for (const [, need, output] of JSON.stringify(job).matchAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)) {
    if (!needsOf(job).includes(need!)) faults.push(`needs.${need} is not in needs`);
    else if (workflow.jobs[need!]?.outputs?.[output!] === undefined)
      faults.push(`needs.${need}.outputs.${output} is no output of that job`);
  }
  return faults;
}

const stepsIn = (text: string): string[] => [...text.matchAll(/steps\.([\w-]+)\./g)].map(([, id]) => id!);

function stepFaults({ run, uses, with: inputs = {} }: Step, shell: string | undefined): string[] {
  const faults: string[] = [];
  if ((run === undefined) === (uses === undefined)) faults.push("a step has either run or uses");
  if (run !== undefined) {
    // Texts of a pull request would become part of the script: an environment variable never does.
    if (run.includes("${{")) faults.push("an expression in run: hand it over in env");
    if (shell !== "bash")
      faults.push("shell: bash stops at the first failure of a pipe, and nothing else does");
    faults.push(...shellFaults(run));
  }
  if (uses?.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false)
    faults.push("checkout must not leave its token behind (persist-credentials: false)");
  if (uses?.startsWith("actions/upload-artifact@") && !((inputs["retention-days"] as number) <= 30))
    faults.push("an artifact needs retention-days of at most 30");
  for (const name of Object.keys(inputs))
    if (/access-key|secret|password/i.test(name)) faults.push(`${name}: no stored keys`);
  return faults;
}

/** Pipelines have most scripts in common, and each question starts a process. */
const faultsOfScripts = new Map<string, readonly string[]>();

/** What bash says about the syntax of a script. */
export function shellFaults(script: string): readonly string[] {
  const known = faultsOfScripts.get(script) ?? askBash(script);
  faultsOfScripts.set(script, known);
  return known;
}

function askBash(script: string): string[] {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
  return status === 0 ? [] : [stderr.trim()];
}
