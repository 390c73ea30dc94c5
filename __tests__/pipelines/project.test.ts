import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { engines } from "../../package.json";
import { PINNED_TERRAFORM } from "../../toolchain/terraform-release";
import { BUILDS } from "../../upkeep/builds";
import { NOT_INSTALLED } from "../../upkeep/workshop";
import { read, ROOT } from "../helpers/documents";

it("names the version of Terraform that the toolchain downloads", () => {
  expect(read(".terraform-version")).toBe(`${PINNED_TERRAFORM}\n`);
});

it("names the oldest major version of Node.js that the packages run on", () => {
  expect(engines.node).toMatch(new RegExp(`^\\^${read(".nvmrc").trim()}\\.`));
});

it("keeps the actions of its own workflows up to date, and those of the pipelines to copy", () => {
  const { updates } = parse(read(".github/dependabot.yml")) as {
    updates: { "package-ecosystem": string; directories?: string[] }[];
  };
  const actions = updates.find((update) => update["package-ecosystem"] === "github-actions")!;
  expect(actions.directories).toEqual(["/", "/pipelines/github/workflows"]);
  for (const folder of [".github/workflows", "pipelines/github/workflows"])
    expect(readdirSync(join(ROOT, folder)).length).toBeGreaterThan(0);
});

describe("the nightly workflow", () => {
  const { on, jobs } = parse(read(".github/workflows/nightly.yml")) as {
    on: { schedule: { cron: string }[] };
    jobs: Record<string, { strategy?: { matrix: Record<string, string[]> }; steps: { run?: string }[] }>;
  };
  const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

  it("runs each night what a test cannot know", () => {
    expect(on.schedule.map(({ cron }) => cron)).toEqual([expect.stringMatching(/^\d+ \d+ \* \* \*$/)]);
    expect(runs).toContain("npm run check:support");
    expect(runs).toContain("npm run check:validate");
    expect(runs).toContain("npm run test:mutants -- --recorded");
  });

  it("tries other examples of the properties each night", () => {
    expect(runs).toContain('FC_SEED="$GITHUB_RUN_ID" FC_RUNS=20 npm run test:unit -- properties');
  });

  it("builds everything that the checks can build, and passes where it cannot be installed", () => {
    expect(jobs["builds"]!.strategy!.matrix["build"]).toEqual(Object.keys(BUILDS));
    expect(runs).toContain(`npm run "check:$BUILD" || [ "$?" -eq ${NOT_INSTALLED} ]`);
  });

  it("runs the unit tests on every version of Node.js in engines that CI does not run", () => {
    const versions = [...engines.node.matchAll(/(\d+)\.\d+\.\d+/g)].map(([, major]) => major!);
    expect([read(".nvmrc").trim(), ...jobs["node"]!.strategy!.matrix["node"]!]).toEqual(versions);
  });
});

it("runs all that CI runs in its workflow", () => {
  expect(read(".github/workflows/ci.yml")).toContain("- run: .ci/run\n");
});

it.each(["bug.yml", "feature.yml"])("has a form for issues whose fields have names: %s", (file) => {
  const { body } = parse(read(`.github/ISSUE_TEMPLATE/${file}`)) as {
    body: { type: string; id?: string; attributes: { label?: string } }[];
  };
  const fields = body.filter(({ type }) => type !== "markdown");
  expect(fields.length).toBeGreaterThan(1);
  for (const { id, attributes } of fields) expect([id, attributes.label]).not.toContain(undefined);
});
