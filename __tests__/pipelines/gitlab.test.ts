import { read } from "../helpers/documents";
import { startedOnGitlab } from "../helpers/pipelines/after-failure";
import {
  gitlabFaults,
  readGitlab,
  scriptOf,
  type GitlabJob,
  type GitlabPipeline,
} from "../helpers/pipelines/gitlab";

const PARENT = readGitlab("pipelines/gitlab/.gitlab-ci.yml");
const CHILD = readGitlab("pipelines/gitlab/jobs.yml");

it.each<[string, GitlabPipeline]>([
  ["the pipeline", PARENT],
  ["its child pipeline", CHILD],
])("%s has no fault", (_, pipeline) => {
  expect(gitlabFaults(pipeline)).toEqual([]);
});

it("keeps two deployments apart until the end of the child pipeline", () => {
  expect(PARENT.jobs["pipeline"]).toMatchObject({
    resource_group: "session-audit-$GROUP",
    trigger: { strategy: "depend" },
  });
  // A job of the child with the same group would wait for its own parent.
  expect(Object.values(CHILD.jobs).filter(({ resource_group: group }) => group !== undefined)).toEqual([]);
});

it("deploys the waves one after the other, and the rest last", () => {
  const waves = Object.entries(CHILD.jobs).filter(([, { environment }]) => environment !== undefined);
  expect(
    waves.map(([name, { environment, needs, variables }]) => [name, environment, needs, variables!["UNTIL"]]),
  ).toEqual([
    ["canary", "canary", ["review"], "canary"],
    ["early", "early", ["review", "canary"], "early"],
    ["rest", "rest", ["review", "early"], ""],
  ]);
});

it("makes reports with a role of their own, and everything else of schedules with the role that plans", () => {
  const roleOf = (name: string) => /SESSION_AUDIT_\w+_ROLE/.exec(scriptOf(PARENT.jobs[name]!))?.[0];
  expect(["drift", "report", "sync"].map(roleOf)).toEqual([
    ...["SESSION_AUDIT_PLAN_ROLE", "SESSION_AUDIT_REPORT_ROLE", "SESSION_AUDIT_PLAN_ROLE"],
  ]);
});

describe("after a plan in which a stack has failed", () => {
  const MERGE_REQUEST = { TARGET: "main" };
  const MERGED = { CI_COMMIT_BRANCH: "main", CI_DEFAULT_BRANCH: "main" };
  it.each<[string, Record<string, string>, string[]]>([
    ["reviews a merge request", MERGE_REQUEST, ["plan", "review"]],
    ["neither reviews nor deploys what was merged", MERGED, ["plan"]],
  ])("%s", (_, variables, started) => {
    expect(startedOnGitlab(CHILD, variables, ["plan"])).toEqual(started);
  });

  it("and otherwise reviews, and deploys only what was merged", () => {
    expect(startedOnGitlab(CHILD, MERGE_REQUEST, [])).toEqual(["plan", "review"]);
    expect(startedOnGitlab(CHILD, MERGED, [])).toEqual(["plan", "review", "canary", "early", "rest"]);
    expect(startedOnGitlab(CHILD, MERGED, ["canary"])).toEqual(["plan", "review", "canary"]);
  });

  it("says so", () => {
    expect(read("pipelines/gitlab/jobs.yml")).toContain(
      "# Of a merge request, a plan folder in which a stack has failed is reviewed too.",
    );
  });
});

describe("the page about pipelines", () => {
  const PAGE = read("docs/pipelines.md");
  const [, group] = /session-audit-\$GROUP/.exec(PARENT.jobs["pipeline"]!.resource_group!)
    ? /GROUP: (deploy)\n/.exec(read("pipelines/gitlab/.gitlab-ci.yml"))!
    : [];

  it("says that GitLab lets deployments wait in no order, and how to order them", () => {
    expect(PAGE).toContain("On GitLab, every one waits, and replaces nothing");
    const [, section = ""] = PAGE.split("\n### The order of deployments on GitLab\n");
    expect(section.split("\n## ")[0]).toMatch(
      /unordered[\s\S]*an older commit may be planned and deployed after/,
    );
    expect(section).toContain("--data process_mode=oldest_first");
    expect(section).toContain(`/resource_groups/session-audit-${group}"`);
    expect(section).toContain("Prevent outdated deployment jobs");
  });
});

describe("the checker finds", () => {
  const canary = CHILD.jobs["canary"]!;
  it.each<[what: string, job: Partial<GitlabJob>, fault: string]>([
    ["a stage that is missing", { stage: "other" }, "stage other is not in stages"],
    ["a job that is missing", { needs: ["other"] }, "needs other, which is no job"],
    ["no timeout", { timeout: undefined }, "no timeout"],
    ["a job that may be cancelled", { interruptible: true }, "leaves locks"],
    ["artifacts that stay", { artifacts: { paths: ["a"] } }, "do not expire"],
    ["plans as artifacts", { artifacts: { paths: ["plans/whole"], expire_in: "1 day" } }, "is no artifact"],
    ["stored keys", { variables: { AWS_SECRET_ACCESS_KEY: "x" } }, "no stored keys"],
    ["a role without a token", { id_tokens: undefined }, "id_tokens belong"],
    ["a deployment that nobody approves", { rules: [{ if: "$CI" }] }, "manual jobs with an environment"],
    ["a deployment without an environment", { environment: undefined }, "manual jobs with an environment"],
    ["a script that bash cannot read", { script: ["if true"] }, "syntax error"],
    ["a deployment after a failure", { rules: [{ when: "always" }] }, "everything before it has succeeded"],
  ])("%s", (_, change, fault) => {
    const jobs = { ...CHILD.jobs, canary: { ...canary, ...change } };
    expect(gitlabFaults({ ...CHILD, jobs }).join("\n")).toContain(fault);
  });

  it("a deployment of what is reviewed after a failure", () => {
    const jobs = { ...CHILD.jobs, review: { ...CHILD.jobs["review"]!, rules: [{ when: "always" }] } };
    expect(gitlabFaults({ ...CHILD, jobs })).toEqual(
      ["canary", "early", "rest"].map(
        (name) => `${name}: a deployment starts only if everything before it has succeeded`,
      ),
    );
  });

  it("a child pipeline that nobody waits for", () => {
    const jobs = { ...PARENT.jobs, pipeline: { ...PARENT.jobs["pipeline"]!, trigger: {} } };
    expect(gitlabFaults({ ...PARENT, jobs })).toEqual([
      "pipeline: a child pipeline is waited for, and holds a resource group",
    ]);
  });
});
