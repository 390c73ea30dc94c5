import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { parse } from "yaml";
import type { Context } from "../fleet/command";
import { COMMANDS, run } from "../fleet/cli";
import exampleMap from "./fixtures/example-map";
import { DOCUMENTS, ROOT } from "./helpers/documents";
import { runProgram } from "./helpers/run-program";

/* Every command that the documents give to copy, in a block of shell. */

/** The commands of a page, each on one line, without comments. */
const commandsOf = (page: string): string[] =>
  [...readFileSync(join(ROOT, page), "utf8").matchAll(/^ *```(?:sh|bash)\n([\s\S]*?)^ *```/gm)].flatMap(
    ([, block]) =>
      block!
        .replaceAll(/\\\n */g, "")
        .split(/\n|; do |\$\(|&&/)
        .map((line) => line.replace(/ +#.*$/, "").trim()),
  );
/** The words of a command up to a pipe, a redirection or the end of a substitution, without quotes. */
const wordsOf = (command: string): string[] => {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const end = words.findIndex((word) => /^(?:\||>|\|\|)$|\)$|;$/.test(word));
  return words.slice(0, end < 0 ? words.length : end + (/[);]$/.test(words[end]!) ? 1 : 0)).map(plain);
};
const plain = (word: string) => word.replace(/[);]+$/, "").replaceAll(/["']/g, "");
const FOUND = DOCUMENTS.flatMap((page) =>
  commandsOf(page).map((command): [string, string] => [page, command]),
);
const startingWith = (start: RegExp) => FOUND.filter(([, command]) => start.test(command));

describe("commands of this program", () => {
  const OURS = startingWith(/^(?:npx )?session-audit [a-z]/);
  const context: Context = {
    io: { stdout: process.stdout, stderr: process.stderr, env: {}, cwd: ROOT } as Context["io"],
    screen: undefined as never,
    exit: () => {},
  };
  /** The command that words name, and the words after its name. */
  function namedBy([name, ...words]: readonly string[]): [Command, string[]] {
    let command = COMMANDS[name!]!()(context);
    let rest = words;
    for (;;) {
      const below = command.commands.find((one) => one.name() === rest[0]);
      if (below === undefined) return [command, [...rest]];
      [command, rest] = [below, rest.slice(1)];
    }
  }
  /** What is wrong with a command line, as the program would say it before it does anything. */
  function faultsOf(line: string): string[] {
    const words = wordsOf(line.replace(/^(?:npx )?session-audit /, ""));
    if (COMMANDS[words[0]!] === undefined) return [`${words[0]} is no command`];
    const [command, rest] = namedBy(words);
    command.exitOverride().configureOutput({ writeErr: () => {} });
    const { operands, unknown } = command.parseOptions(rest);
    const missing = command.options.filter(
      (option) => option.mandatory && command.getOptionValue(option.attributeName()) === undefined,
    );
    const wanted = command.registeredArguments.filter(({ required }) => required).length;
    return [
      ...unknown.map((word) => `unknown: ${word}`),
      ...missing.map(({ flags }) => `missing: ${flags}`),
      ...(operands.length < wanted ? [`${wanted - operands.length} arguments are missing`] : []),
    ];
  }

  it("are found", () => expect(OURS.length).toBeGreaterThan(60));

  it.each(OURS)("%s: %s has the options that it needs, and no others", (_, command) => {
    expect(faultsOf(command)).toEqual([]);
  });

  it.each([
    ["session-audit bootstrap --github acme/audit", ["missing: --pipeline-account <id>"]],
    ["session-audit merge parts/1", ["missing: -o, --out <folder>"]],
    ["session-audit plan --changed main", ["unknown: --changed", "unknown: main"]],
    ["session-audit review", ["1 arguments are missing"]],
    ["session-audit undo", ["undo is no command"]],
    ["session-audit distribute plan", ["missing: -o, --out <folder>"]],
  ])("a fault of %s is noticed", (command, faults) => expect(faultsOf(command)).toEqual(faults));
});

describe("the commands of AWS", () => {
  interface AnyTemplate {
    readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
  }
  const BOOTSTRAPS = startingWith(/^npx session-audit bootstrap /);
  const DEPLOYMENTS = startingWith(/^aws cloudformation (?:deploy|create-stack-set|update-stack-set) /);
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "session-audit-documented-"));
    const deployment = { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" };
    writeFileSync(join(directory, "map.json"), JSON.stringify({ ...exampleMap, deployment }));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const bootstrapped = (command: string) =>
    runProgram(run, wordsOf(command).slice(2), {
      cwd: directory,
      env: { SESSION_AUDIT_ACCOUNTS: join(directory, "map.json") },
    });
  /** The template of a deployment: one of this project, or one that bootstrap has written. */
  const templateOf = (file: string): AnyTemplate =>
    parse(readFileSync(join(file.startsWith("bootstrap/") ? directory : ROOT, file), "utf8")) as AnyTemplate;

  it.each(BOOTSTRAPS)("%s: %s writes templates", async (_, command) => {
    expect(await bootstrapped(command)).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(join(directory, "bootstrap"))).toHaveLength(2);
  });

  it.each(DEPLOYMENTS)("%s: %s has everything that its template needs", async (_, command) => {
    await bootstrapped("npx session-audit bootstrap --pipeline-account 111111111111 --github acme/audit");
    const words = wordsOf(command);
    const valueOf = (option: string) => words[words.indexOf(option) + 1]!;
    const isSet = command.includes("-stack-set ");
    expect(words).toContain(isSet ? "--stack-set-name" : "--stack-name");
    const file = valueOf(isSet ? "--template-body" : "--template-file").replace("file://", "");
    const { Parameters = {}, Resources } = templateOf(file);
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html
    const named = Object.values(Resources).some(
      ({ Type, Properties }) =>
        Type.startsWith("AWS::IAM::") && JSON.stringify(Properties).includes('"RoleName":"'),
    );
    expect(valueOf("--capabilities")).toBe(named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM");
    const given = words
      .flatMap((word) => /^([A-Z]\w*)=/.exec(word)?.[1] ?? [])
      .filter((name) => name in Parameters);
    const needed = Object.entries(Parameters).filter(([, { Default }]) => Default === undefined);
    expect(given).toEqual(expect.arrayContaining(needed.map(([name]) => name)));
    if (!isSet) {
      const overrides = words.slice(words.indexOf("--parameter-overrides") + 1);
      const unknown = command.includes("--parameter-overrides")
        ? overrides.filter((word) => /^\w+=/.test(word) && !(word.split("=")[0]! in Parameters))
        : [];
      expect(unknown).toEqual([]);
    }
  });

  it("include the deployment of CodePipeline, with every parameter", () => {
    const [, command] = DEPLOYMENTS.find(([, one]) => one.includes("codepipeline.template.yml"))!;
    const { Parameters } = templateOf("pipelines/aws/codepipeline.template.yml");
    for (const name of Object.keys(Parameters!)) expect(command).toContain(` ${name}=`);
  });
});
