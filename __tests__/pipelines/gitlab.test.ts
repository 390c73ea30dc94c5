import { gitlabFaults, readGitlab, type GitlabJob, type GitlabPipeline } from "../helpers/pipelines/gitlab";

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
    ...{ resource_group: "session-audit-$GROUP", trigger: { strategy: "depend" } },
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
  ])("%s", (_, change, fault) => {
    const jobs = { ...CHILD.jobs, canary: { ...canary, ...change } };
    expect(gitlabFaults({ ...CHILD, jobs }).join("\n")).toContain(fault);
  });

  it("a child pipeline that nobody waits for", () => {
    const jobs = { ...PARENT.jobs, pipeline: { ...PARENT.jobs["pipeline"]!, trigger: {} } };
    expect(gitlabFaults({ ...PARENT, jobs })).toEqual([
      "pipeline: a child pipeline is waited for, and holds a resource group",
    ]);
  });
});
