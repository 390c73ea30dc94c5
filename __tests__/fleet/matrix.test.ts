import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../../fleet/cli";
import { matrixText, MOST_JOBS, partsFor, type MatrixProps } from "../../fleet/matrix";
import { partsOf } from "../../fleet/shards";
import { runProgram } from "../helpers/run-program";

const IDS = Array.from({ length: 3000 }, (_, index) => `session-account-${index}-eu-central-1`);
const SECONDS = new Map(IDS.map((id, index) => [id, 10 + (index % 40)]));
const PROPS: MatrixProps = { ids: IDS, seconds: SECONDS, minutes: 45, parallel: 2, most: 256 };

/** How many seconds the longest part takes, if its stacks keep all of its machine busy. */
const longest = (of: number, { ids, seconds, parallel }: MatrixProps) =>
  Math.max(
    ...partsOf(ids, of, seconds).map(
      (part) => part.reduce((sum, id) => sum + (seconds.get(id) ?? 60), 0) / parallel,
    ),
  );

describe("a matrix has the fewest parts", () => {
  it.each<[string, Partial<MatrixProps>]>([
    ["with durations", {}],
    ["with less time", { minutes: 10 }],
    ["with larger machines", { parallel: 8 }],
    ["without durations, divided by ids", { seconds: new Map() }],
  ])("that end in time, %s", (_, change) => {
    const props = { ...PROPS, ...change };
    const of = partsFor(props);
    expect(longest(of, props)).toBeLessThanOrEqual(props.minutes * 60);
    expect(of === 1 || longest(of - 1, props) > props.minutes * 60).toBe(true);
  });

  it("of which no stack alone is longer than the time of a job", () => {
    const seconds = new Map([["a", 3000]]);
    expect(() => partsFor({ ...PROPS, ids: ["a"], seconds })).toThrow(/1 stacks take about 50 minutes/);
  });

  it("and one for a few stacks, or none", () => {
    expect([partsFor({ ...PROPS, ids: IDS.slice(0, 9) }), partsFor({ ...PROPS, ids: [] })]).toEqual([1, 1]);
  });

  it("and no more than the pipeline takes", () => {
    expect(() => partsFor({ ...PROPS, minutes: 1, most: 200 })).toThrow(
      /which 200 jobs do not finish in 1 minutes each[\s\S]*--parallel/,
    );
  });
});

it("is the JSON that a job of GitHub hands to the matrix of another", () => {
  expect(JSON.parse(matrixText("github", 3))).toEqual({ shard: ["1/3", "2/3", "3/3"] });
  expect(matrixText("github", 3)).toMatch(/^[^\n]+\n$/);
});

it("is a job of a child pipeline of GitLab", () => {
  expect(parse(matrixText("gitlab", 2))).toEqual({
    plan: { parallel: { matrix: [{ SHARD: ["1/2", "2/2"] }] } },
  });
});

it("is a batch of CodeBuild", () => {
  expect(parse(matrixText("codebuild", 2))).toEqual({
    batch: {
      "fast-fail": false,
      "build-matrix": { dynamic: { env: { variables: { SHARD: ["1/2", "2/2"] } } } },
    },
  });
});

it("stays below the limits of GitHub and GitLab", () => {
  expect(MOST_JOBS).toMatchObject({ github: 256, gitlab: 200 });
});

describe("the command", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-matrix-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const matrix = (...argv: string[]) => runProgram(run, ["matrix", ...argv], { cwd: directory });

  it("sizes the matrix by the durations of a file, and writes them for the jobs", async () => {
    const known = { "account-payments": 2600, "account-sandbox": 2600.04, "account-storefront": 2600 };
    writeFileSync(join(directory, "known.json"), JSON.stringify(known));
    const select = ["--kind", "account", "--parallel", "1", "--format", "github"];
    const options = ["--durations", "known.json", "--save-durations", "used.json"];
    const { status, stdout } = await matrix(...select, ...options);
    // The stacks of the accounts, and the archive that they need, which takes as long as the others.
    expect({ status, jobs: (JSON.parse(stdout) as { shard: string[] }).shard.length }).toEqual({
      status: 0,
      jobs: 5,
    });
    expect(JSON.parse(readFileSync(join(directory, "used.json"), "utf8"))).toEqual({
      ...known,
      "account-sandbox": 2600,
    });
  });

  it.each<[string[], string]>([
    [[], "required option '-f, --format <format>'"],
    [["--format", "jenkins"], "Allowed choices are github, gitlab, codebuild"],
    [["--format", "github", "--minutes", "60"], "sessions of roles that another role has assumed end after"],
    [["--format", "github", "--parallel", "0"], "a whole number from 1 to 999"],
    [["--format", "github", "--durations", "none.json"], "is no plan folder"],
    [["--format", "github", "--account", "other"], '--account "other": unknown'],
  ])("refuses %j", async (argv, text) => {
    const { status, stdout, stderr } = await matrix(...argv);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(text);
  });

  it("reads durations that an editor has written with a byte order mark", async () => {
    writeFileSync(join(directory, "known.json"), "\ufeff{}");
    expect(await matrix("--format", "github", "--durations", "known.json")).toMatchObject({ status: 0 });
  });

  it("refuses a file that has no durations", async () => {
    writeFileSync(join(directory, "wrong.json"), '{"a":"long"}');
    const { stderr } = await matrix("--format", "github", "--durations", "wrong.json");
    expect(stderr).toContain("--durations wrong.json is not a file with durations");
  });
});
