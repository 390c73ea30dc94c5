import { warningsOn } from "../accounts/warnings";
import { parse } from "yaml";
import { withS3State } from "./helpers/fleet";
import exampleMap from "./fixtures/example-map";
import type { MapError } from "../accounts/reading/problems";
import { checkMap } from "../stacks/read-organization";
import { SLACK } from "./fixtures/chat";
import { DOCUMENTS, localLinksOf, read } from "./helpers/documents";
import { tablesOf } from "./helpers/markdown-tables";
import { replicated } from "./helpers/replicated";
import { exampleWith, synthesize, synthesizeOne, type StackView } from "./helpers/synth";
import { GUARDRAILS } from "./stacks/policies/guardrails/helpers";

const README = read("README.md");
const GETTING_STARTED = read("docs/getting-started.md");
const COST = read("docs/cost.md");
const EXAMPLE = synthesize();
/** The example map with chat, which adds a kind of stack that the example does not have. */
const CHATTING = exampleWith((map) => (map.notifications!.security = { chat: [SLACK] }));

/** The one block of code in a language below a heading. */
const codeUnder = (text: string, heading: string, language: string): string => {
  const section = text.split(`## ${heading}\n`)[1]!.split(/\n## /)[0]!;
  const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].filter(([, name]) => name === language);
  expect(blocks).toHaveLength(1);
  return blocks[0]![2]!;
};

describe("the README", () => {
  it("is short enough to be read", () => {
    expect(README.trimEnd().split("\n").length).toBeLessThanOrEqual(150);
  });

  it("names the kinds of stack that are synthesized, and no other", () => {
    const kinds = tablesOf(README)
      .get("What is deployed")!
      .map(([id]) => id!.replaceAll("`", ""));
    const patterns = kinds.map((kind) => new RegExp(`^${kind.replace(/<\w+>/g, "[a-z0-9-]+")}$`));
    // The example has no guardrails, which bind a whole organization, and no pipeline.
    const ids = [
      ...EXAMPLE.keys(),
      ...synthesize(CHATTING).keys(),
      ...synthesize(replicated()).keys(),
      synthesizeOne("guardrails", { ...exampleMap, guardrails: GUARDRAILS }).id,
      synthesizeOne("pipeline", {
        ...withS3State(exampleMap),
        pipeline: { account: { id: "555555555555" }, region: "eu-central-1" },
      }).id,
    ];
    for (const id of ids) expect(patterns.filter((pattern) => pattern.test(id))).toHaveLength(1);
    for (const pattern of patterns) expect(ids.some((id) => pattern.test(id))).toBe(true);
  });

  it("promises as many stacks and sessions as the demo has", () => {
    const workloads = [...EXAMPLE.keys()];
    const sessions = workloads.filter((id) => id.startsWith("session-")).length;
    expect(README).toContain(
      `${workloads.length} stacks deployed, second plan without changes in each; ${sessions} sessions`,
    );
  });

  it("links a test or a page in each row of the comparison for what it says about this project", () => {
    const rows = tablesOf(README).get("Why not something else")!;
    expect(rows.length).toBeGreaterThan(5);
    for (const [what, own] of rows.slice(0, -1))
      expect([what, localLinksOf(own!)]).toEqual([what, [expect.stringMatching(/^(__tests__|docs)\//)]]);
  });

  it("names only settings that the reference has", () => {
    const settings = tablesOf(README)
      .get("What you can switch on")!
      .flatMap(([setting]) => [...setting!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!));
    const reference = [...read("docs/map.md").matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path!);
    expect(settings.length).toBeGreaterThan(8);
    for (const path of settings) {
      const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replace("*", "\\w+")}(?![\\w])`);
      expect([path, reference.some((known) => pattern.test(known))]).toEqual([path, true]);
    }
  });
});

describe("the first map", () => {
  const TEXT = codeUnder(README, "Your first map", "yaml");
  const stacks = () => [...synthesize(parse(TEXT)).keys()];

  it("is valid, in twelve lines", () => {
    expect(() => checkMap(parse(TEXT), "acme.yaml")).not.toThrow();
    expect(TEXT.trimEnd().split("\n")).toHaveLength(12);
  });

  it("leads to no warning", () => {
    expect(
      warningsOn(checkMap(parse(TEXT), "acme.yaml"), new Date()).open.map(({ warning }) => warning),
    ).toEqual([]);
  });

  it("says beside the names that they must not change", () => {
    expect(TEXT).toMatch(/accounts:\n +# Do not change these names later/);
  });

  it("has the stack that the command of cdktf plans", () => {
    const [, id] = /npx cdktf plan ([\w-]+)/.exec(README)!;
    expect(stacks()).toContain(id);
  });
});

/** Commands of npm itself that the documents name. */
const NPM_COMMANDS = ["ci", "install", "pack", "publish"];

describe("commands in the documents", () => {
  const TEXTS = DOCUMENTS.map((document) => read(document));

  it("call only scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const called = TEXTS.flatMap((text) =>
      [...text.matchAll(/npm (?:run (?:-s )?)?([\w:]+)/g)].map((match) => match[1]!),
    ).filter((name) => !NPM_COMMANDS.includes(name));
    expect(called.length).toBeGreaterThan(10);
    for (const script of called) expect(Object.keys(scripts)).toContain(script);
  });

  it("select only stacks and waves of the example", () => {
    const ids = [...EXAMPLE.keys()];
    const plans = [...GETTING_STARTED.matchAll(/npx cdktf plan ([a-z0-9-]+)/g)].map((match) => match[1]!);
    const waves = [...GETTING_STARTED.matchAll(/--wave ([a-z]+)/g)].map((match) => match[1]!);
    expect([plans.length, waves.length]).toEqual([1, 3]);
    expect(plans.filter((id) => !ids.includes(id))).toEqual([]);
    expect(waves.filter((wave) => !exampleMap.waves!.includes(wave))).toEqual([]);
  });
});

describe("getting started", () => {
  it("shows an error as the program prints it", () => {
    const map = { ...exampleMap, accounts: structuredClone(exampleMap.accounts) };
    (map.accounts["payments"] as { id: unknown }).id = 444444444444;
    let text = "";
    try {
      checkMap(map, "acme.yaml");
    } catch (error) {
      text = (error as MapError).message;
    }
    expect(GETTING_STARTED).toContain(`\`\`\`text\n${text}\n\`\`\``);
  });

  it("names for a repository of one's own what the .gitignore of the example has", () => {
    const ignored = read("docs/examples/own-repository/.gitignore").trim().split("\n");
    const [step] = /^3\. Write a `\.gitignore`[\s\S]*?\n\n/m.exec(GETTING_STARTED)!;
    expect(ignored.filter((name) => !step.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("the page about rollouts", () => {
  it("makes plan folders, which are secret, only where git ignores them", () => {
    const made = [...read("docs/rollout.md").matchAll(/session-audit (?:plan|merge) .*--out (\S+)/g)];
    expect(made.length).toBeGreaterThan(2);
    expect(made.map(([, folder]) => folder!).filter((folder) => !folder.startsWith("plans/"))).toEqual([]);
  });
});

it("the page about cost counts the synthesized resources that cost money", () => {
  const alone = exampleWith((map) => (map.notifications!.security = { central: false }));
  const alarmsOf = (stack: StackView) => Object.keys(stack.all("aws_cloudwatch_metric_alarm")).length;
  const target = synthesizeOne("session-payments-us-east-1", alone);
  expect(COST).toContain("| customer managed key | 1.00");
  expect(Object.keys(target.all("aws_kms_key"))).toHaveLength(1);
  expect(COST).toContain("| fourteen CloudWatch alarms | 1.40, and 0.20 more in the one region ");
  expect(alarmsOf(target)).toBe(14 + 2);
  expect(alarmsOf(synthesizeOne("session-payments-eu-central-1", alone))).toBe(14);
  const guarded = synthesizeOne("session-payments-us-east-1", { ...alone, guard: { enabled: true } });
  expect(COST).toContain("| 1.20 for twelve more alarms, 0.90 for three custom metrics; ");
  expect(alarmsOf(guarded)).toBe(14 + 2 + 12);
  expect(Object.keys(guarded.all("aws_cloudwatch_log_metric_filter"))).toHaveLength(3);
  expect(COST).toContain("0.20 for two more alarms, 1.00 per million findings and alarms that are forwarded");
  expect(alarmsOf(EXAMPLE.get("session-payments-us-east-1")!)).toBe(14 + 2 + 2);
  expect(COST).toContain("| 1.70 for its key and seven alarms, ");
  const archive = synthesizeOne("archive-us-east-1", alone);
  expect(Object.keys(archive.all("aws_kms_key"))).toHaveLength(1);
  expect(alarmsOf(archive)).toBe(7 + 2);
  expect(COST).toContain("for each archive region, once, 2.10 for its key and eleven alarms");
  const central = EXAMPLE.get("archive-us-east-1")!;
  expect(Object.keys(central.all("aws_kms_key"))).toHaveLength(1 + 1);
  expect(alarmsOf(central)).toBe(7 + 2 + 11);
});
