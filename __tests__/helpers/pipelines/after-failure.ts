import { condition, type Contexts } from "./expression";
import type { GitlabJob, GitlabPipeline } from "./gitlab";
import { needsOf, type Workflow } from "./workflow";

/** A run of a pull request from the repository itself, as far as the conditions of jobs ask for it. */
const GITHUB: Contexts = {
  event: { pull_request: { head: { repo: { full_name: "acme/audit" } } } },
  repository: "acme/audit",
};

/**
 * The jobs of a workflow that start, in their order, when some of them fail. Without a function on the outcome in its `if`, a
 * job starts only if all jobs before it have succeeded, also those that its needs need.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
 */
export function startedOnGithub({ jobs }: Workflow, failing: readonly string[]): string[] {
  const results: Record<string, { readonly result: string }> = {};
  const unsuccessful = (name: string): boolean =>
    results[name]?.result !== "success" || needsOf(jobs[name]!).some(unsuccessful);
  for (const [name, job] of Object.entries(jobs)) {
    const needs = needsOf(job);
    const contexts = {
      github: GITHUB,
      needs: Object.fromEntries(needs.map((need) => [need, results[need]])),
    };
    const starts = condition(job.if, contexts, { failed: needs.some(unsuccessful) });
    results[name] = { result: starts ? (failing.includes(name) ? "failure" : "success") : "skipped" };
  }
  return Object.keys(results).filter((name) => results[name]!.result !== "skipped");
}

/**
 * The jobs of a pipeline of GitLab that start, in their order, when some of them fail. A manual job counts as started if
 * somebody could start it.
 * @param variables those that the rules compare; a rule with another syntax throws
 * @see https://docs.gitlab.com/ci/yaml/#rules
 */
export function startedOnGitlab(
  { jobs }: GitlabPipeline,
  variables: Readonly<Record<string, string>>,
  failing: readonly string[],
): string[] {
  const results: Record<string, "success" | "failure" | "skipped"> = {};
  for (const [name, job] of Object.entries(jobs)) {
    const when = whenOf(job, variables);
    const own = (job.needs ?? []).filter((need) => typeof need === "string");
    const hasFailed = own.some((need) => results[need] !== "success");
    const starts = when !== "never" && (when === "always" || !hasFailed);
    results[name] = starts ? (failing.includes(name) ? "failure" : "success") : "skipped";
  }
  return Object.keys(results).filter((name) => results[name] !== "skipped");
}

function whenOf({ rules }: GitlabJob, variables: Readonly<Record<string, string>>): string {
  if (rules === undefined) return "on_success";
  const rule = rules.find((one) => one.if === undefined || holds(one.if, variables));
  return rule === undefined ? "never" : (rule.when ?? "on_success");
}

/** Whether a rule fits: comparisons of variables with each other, with a text or with null, joined by `&&`. */
function holds(text: string, variables: Readonly<Record<string, string>>): boolean {
  return text.split("&&").every((part) => {
    const [, left, operator, right] = /^\s*\$(\w+)\s*(==|!=)\s*(\$\w+|null|"[^"]*")\s*$/.exec(part) ?? [];
    if (left === undefined) throw new Error(`${part}: no rule that the checker knows`);
    const other = right!.startsWith("$")
      ? variables[right!.slice(1)]
      : right === "null"
        ? undefined
        : right!.slice(1, -1);
    return (variables[left] === other) === (operator === "==");
  });
}
