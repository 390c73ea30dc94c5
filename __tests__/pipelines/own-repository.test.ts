import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { read, ROOT } from "../helpers/documents";

// A repository of one's own: the example, the package, and the files that docs/pipelines.md says to copy.
const [, SECTION = ""] = read("docs/pipelines.md").split("\n## Copy the files\n");
const COMMANDS = [...SECTION.split("\n## ")[0]!.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
  ([, text]) => text!,
);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-own-"));
  const output = execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1024 ** 3,
  });
  // npm 11 prints an array, npm 12 an object by name.
  const [archive] = Object.values(
    JSON.parse(output) as Record<string, { files: readonly { path: string }[] }>,
  );
  for (const { path } of archive!.files.filter((file) => /^(pipelines|docs\/examples)\//.test(file.path))) {
    const target = join(directory, "package", path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(ROOT, path), target);
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A repository as the page about the first steps has it. @param commands of docs/pipelines.md */
function repository(commands: readonly string[]): string {
  const root = mkdtempSync(join(directory, "repository-"));
  cpSync(join(directory, "package"), join(root, "node_modules", "session-audit"), { recursive: true });
  const [example] = /^ *cp -R \S*own-repository\/\. \.$/m.exec(read("docs/getting-started.md")) ?? [];
  for (const command of [example!, ...commands]) execFileSync("bash", ["-euc", command], { cwd: root });
  return root;
}

/** Every file of the repository that a value names under one of some keys. */
function namedUnder(value: unknown, keys: readonly string[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    ...(keys.includes(key) && typeof one === "string" ? [one.replace(/^\.\//, "")] : []),
    ...namedUnder(one, keys),
  ]);
}
const yaml = (root: string, file: string): unknown => parse(readFileSync(join(root, file), "utf8"));
/** The default that workflows have for a map. */
const MAP = "accounts/index.ts";

it("has commands for each of the three places", () => {
  expect(COMMANDS).toHaveLength(3);
});

it("has every file that the workflows of GitHub name", () => {
  const root = repository([COMMANDS[0]!]);
  const names = readdirSync(join(root, ".github/workflows"));
  expect(names).toEqual(readdirSync(join(ROOT, "pipelines/github/workflows")));
  const named = names.flatMap((name) => {
    const workflow = yaml(root, `.github/workflows/${name}`);
    const own = namedUnder(workflow, ["uses"]).filter((file) => file.startsWith(".github/"));
    return [...own, ...namedUnder(workflow, ["node-version-file"])];
  });
  expect(named).toEqual(expect.arrayContaining([".nvmrc", ".github/workflows/session-audit-wave.yml"]));
  expect([...named, MAP].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it("has every file that the pipeline of GitLab includes", () => {
  const root = repository([COMMANDS[1]!]);
  const seen: string[] = [];
  const visit = (file: string): void => {
    if (seen.includes(file)) return;
    seen.push(file);
    if (existsSync(join(root, file))) namedUnder(yaml(root, file), ["local"]).forEach(visit);
  };
  visit(".gitlab-ci.yml");
  expect(seen.length).toBeGreaterThan(2);
  expect([...seen, MAP].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it("has every file that the template of CodePipeline names", () => {
  const root = repository([COMMANDS[2]!]);
  const named = namedUnder(yaml(root, "pipelines/aws/codepipeline.template.yml"), ["BuildSpec"]);
  expect(new Set(named).size).toBe(2);
  expect([...named, MAP].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it("can copy the files again after an upgrade", () => {
  const root = repository([...COMMANDS, ...COMMANDS]);
  expect(readdirSync(join(root, "pipelines"))).toEqual(["aws", "gitlab"]);
  expect(readdirSync(join(root, "pipelines/gitlab"))).not.toContain("gitlab");
});

it("has the version of Node.js on which session-audit itself is tested", () => {
  expect(readFileSync(join(repository([]), ".nvmrc"), "utf8")).toBe(read(".nvmrc"));
});
