import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../documents";
import { shellFaults } from "./check-workflow";

/** A job of GitLab CI with everything that it extends. */
export interface GitlabJob {
  readonly extends?: string;
  readonly stage?: string;
  readonly timeout?: string;
  readonly interruptible?: boolean;
  readonly needs?: readonly (string | { readonly job: string })[];
  readonly rules?: readonly { readonly if?: string; readonly when?: string }[];
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
  readonly variables?: Readonly<Record<string, string | number>>;
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly environment?: string;
  readonly resource_group?: string;
  readonly trigger?: { readonly strategy?: string };
  readonly artifacts?: { readonly expire_in?: string; readonly paths?: readonly string[] };
}

/** A configuration of GitLab CI with the files that it includes. */
export interface GitlabPipeline {
  readonly stages: readonly string[];
  /** Jobs that run: those whose names begin with a dot are in the jobs that extend them. */
  readonly jobs: Readonly<Record<string, GitlabJob>>;
}

type Raw = Readonly<Record<string, GitlabJob>>;

const KEYWORDS = ["stages", "workflow", "include", "variables", "default"];

/** Reads a configuration. @param file path from the root of the project */
export function readGitlab(file: string): GitlabPipeline {
  const read = (path: string): Record<string, unknown> =>
    parse(readFileSync(join(ROOT, path), "utf8")) as Record<string, unknown>;
  const own = read(file);
  const included = ((own["include"] ?? []) as { local: string }[]).map(({ local }) => read(local));
  const raw = Object.assign({}, ...included, own) as Raw;
  const jobs = Object.keys(raw).filter((name) => !KEYWORDS.includes(name) && !name.startsWith("."));
  return {
    stages: own["stages"] as string[],
    jobs: Object.fromEntries(jobs.map((name) => [name, extended(raw[name]!, raw)])),
  };
}

/** A job with what it extends: objects are merged, lists are replaced. @see https://docs.gitlab.com/ci/yaml/#extends */
function extended(job: GitlabJob, raw: Raw): GitlabJob {
  if (job.extends === undefined) return job;
  const base = raw[job.extends];
  if (!base) throw new Error(`extends ${job.extends}, which does not exist`);
  return merged(extended(base, raw), job) as GitlabJob;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function merged(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own;
  const keys = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries(
    [...keys].map((key) => {
      const [left, right] = [base, own].map((one) => (one as Record<string, unknown>)[key]);
      return [key, right === undefined ? left : merged(left, right)];
    }),
  );
}

/** The script of a job, as GitLab Runner gives it to bash. */
export const scriptOf = ({ before_script = [], script = [] }: GitlabJob): string =>
  [...before_script, ...script].join("\n");

/** What is wrong with a configuration, one sentence for each fault. It does not check the whole syntax of GitLab CI. */
export function gitlabFaults({ stages, jobs }: GitlabPipeline): string[] {
  return Object.entries(jobs).flatMap(([name, job]) =>
    jobFaults(job, stages, jobs).map((fault) => `${name}: ${fault}`),
  );
}

function jobFaults(job: GitlabJob, stages: readonly string[], jobs: GitlabPipeline["jobs"]): string[] {
  const faults: string[] = [];
  if (!stages.includes(job.stage ?? "")) faults.push(`stage ${job.stage} is not in stages`);
  for (const need of job.needs ?? []) {
    // A need of another pipeline names a job of the parent.
    const name = typeof need === "string" ? need : null;
    if (name !== null && !jobs[name]) faults.push(`needs ${name}, which is no job`);
  }
  if (job.trigger) {
    if (job.trigger.strategy !== "depend" || job.resource_group === undefined)
      faults.push("a child pipeline is waited for, and holds a resource group");
    return faults;
  }
  const script = scriptOf(job);
  if (job.timeout === undefined) faults.push("it has no timeout");
  if (job.interruptible !== false) faults.push("a job that is cancelled leaves locks of states behind");
  if (job.artifacts && job.artifacts.expire_in === undefined) faults.push("its artifacts do not expire");
  if (job.artifacts?.paths?.some((path) => /^plans\/?(\w+\/?)?$/.test(path)))
    faults.push("a plan folder is no artifact: it has states");
  const names = Object.keys(job.variables ?? {});
  if (names.some((name) => /ACCESS_KEY|SECRET|PASSWORD/.test(name))) faults.push("no stored keys");
  if (script.includes("AWS_ROLE_ARN") !== (job.id_tokens !== undefined))
    faults.push("id_tokens belong to jobs that assume a role, and to no other");
  if (
    script.includes("_DEPLOY_ROLE") &&
    (job.environment === undefined || !job.rules?.every(({ when }) => when === "manual"))
  )
    faults.push("the role that deploys belongs to manual jobs with an environment");
  if (script.includes("session-audit deploy") && goesOn(job, jobs, job.rules ?? []))
    faults.push("a deployment starts only if everything before it has succeeded");
  return [...faults, ...shellFaults(script)];
}

/**
 * Whether a job, or one that it needs, starts although a job before it has failed, in a pipeline that deploys: one of a merge
 * request has TARGET.
 */
function goesOn(
  { rules = [], needs = [] }: GitlabJob,
  jobs: GitlabPipeline["jobs"],
  deploying: NonNullable<GitlabJob["rules"]>,
): boolean {
  const never = (condition: string | undefined) =>
    condition === "$TARGET != null" && deploying.every((rule) => rule.if?.startsWith("$TARGET == null && "));
  return (
    rules.some((rule) => rule.when === "always" && !never(rule.if)) ||
    needs.some((need) => typeof need === "string" && jobs[need] && goesOn(jobs[need], jobs, deploying))
  );
}
