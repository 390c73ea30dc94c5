import { argumentChanges, argumentsIn } from "../../upkeep/bindings";
import { BUILDS } from "../../upkeep/builds";
import { run, told } from "../../upkeep/check-build";
import { run as mutants } from "../../upkeep/check-mutants";
import { programsIn, run as validate } from "../../upkeep/check-validate";
import { differencesOf, explain, type Synthesized } from "../../upkeep/compare";
import { importedBindings } from "../../upkeep/workshop";
import { runProgram } from "../helpers/run-program";

const FILE = "session-a/cdk.tf.json";
const stack = (version: string, more: object = {}): Synthesized =>
  new Map([
    [FILE, { terraform: { required_providers: { aws: { source: "hashicorp/aws", version } } }, ...more }],
  ]);
const logGroup = (settings: object) => ({ resource: { aws_cloudwatch_log_group: { LogGroup: settings } } });

const BEFORE = stack("5.100.0", logGroup({ name: "/a" }));
const AFTER = stack("6.25.0", logGroup({ name: "/a", deletion_protection_enabled: true }));
const { explanations } = BUILDS.provider6;

describe("the differences of two synthesized organizations", () => {
  it("are none for the same", () => {
    expect(differencesOf(BEFORE, structuredClone(BEFORE))).toEqual([]);
  });

  it("are named as deep as they go, whatever is new, gone or other", () => {
    const found = differencesOf(
      new Map([["s/cdk.tf.json", { a: { b: 1, gone: 1 }, list: [1, 2] }]]),
      new Map([["s/cdk.tf.json", { a: { b: 2, added: null }, list: [1, 3] }]]),
    );
    expect(found.map(({ path, before, after }) => [path.join("."), before, after])).toEqual([
      ["a.b", 1, 2],
      ["a.gone", 1, undefined],
      ["a.added", undefined, null],
      ["list.1", 2, 3],
    ]);
  });

  it("have a file that only one of them has", () => {
    const found = differencesOf(new Map([["a/cdk.tf.json", {}]]), new Map([["b/cdk.tf.json", {}]]));
    expect(found).toEqual([
      { file: "a/cdk.tf.json", path: [], before: {}, after: undefined },
      { file: "b/cdk.tf.json", path: [], before: undefined, after: {} },
    ]);
  });

  it("tell an object and a list apart", () => {
    expect(differencesOf(new Map([["a", []]]), new Map([["a", {}]]))).toHaveLength(1);
  });
});

describe("the check of a build", () => {
  it("lets versions and deletion protection differ, and says what each means", () => {
    const result = explain(differencesOf(BEFORE, AFTER), explanations);
    expect({ unexplained: result.unexplained, missing: result.missing }).toEqual({
      unexplained: [],
      missing: [],
    });
    const text = told(result).join("\n");
    expect(text).toContain(
      '1 × terraform › required_providers › aws › version: "5.100.0" → "6.25.0"\n  The version of',
    );
    expect(text).toContain("deletion_protection_enabled: nothing → true\n  CloudWatch Logs refuses");
  });

  it("names every other difference in full", () => {
    const after = stack("6.25.0", logGroup({ name: "/b", deletion_protection_enabled: true }));
    const result = explain(differencesOf(BEFORE, after), explanations);
    expect(told(result).slice(-2)).toEqual([
      "1 differences that nobody has explained:",
      `  ${FILE}: resource › aws_cloudwatch_log_group › LogGroup › name: "/a" → "/b"`,
    ]);
  });

  it("misses deletion protection where it is not on", () => {
    const result = explain(differencesOf(BEFORE, stack("6.25.0", logGroup({ name: "/a" }))), explanations);
    expect(told(result)).toContain(
      "Expected, and not there: resource › aws_cloudwatch_log_group › * › deletion_protection_enabled",
    );
  });

  it("explains one key with *, and no deeper one", () => {
    const deep = new Map([["a", { "//": { metadata: { version: { major: 1 } } } }]]);
    expect(
      explain(
        differencesOf(new Map([["a", { "//": { metadata: { version: {} } } }]]), deep),
        BUILDS.cdktn.explanations,
      ).unexplained,
    ).toHaveLength(1);
  });
});

describe("the arguments in bindings", () => {
  const declaration = (...names: string[]) =>
    [
      "export interface KmsKeyConfig extends cdktf.TerraformMetaArguments {",
      "    /**",
      "    * Docs",
      "    */",
      ...names.map((name) => `    readonly ${name}?: string;`),
      "}",
      "export interface OtherConfig {",
      "    readonly other: string;",
      "}",
    ].join("\n");

  it("are those of the resource", () => {
    expect([...argumentsIn(declaration("policy", "tags"))]).toEqual(["policy", "tags"]);
  });

  it("are missing in a text without the interface", () => {
    expect(() => argumentsIn("export {};")).toThrow("no interface");
  });

  it("are compared module by module", () => {
    const bindings = (...names: string[]) => new Map([["kms-key", argumentsIn(declaration(...names))]]);
    expect(argumentChanges(bindings("policy", "old"), bindings("policy", "region"))).toEqual({
      gone: ["kms-key.old"],
      added: ["kms-key.region"],
    });
  });

  it("are looked up for each module that the stacks import", async () => {
    const modules = await importedBindings();
    expect(modules.length).toBeGreaterThan(50);
    expect(modules).toContain("kms-key");
  });
});

it("check:build refuses what is no build, and names those that there are", async () => {
  expect(await runProgram(run, ["pulumi"])).toEqual({
    status: 1,
    stdout: "",
    stderr: "no build: pulumi\n  allowed  cdktn, provider6\n",
  });
});

it.each([
  // npm adds the words of the user to those of the script.
  ["check:cdktn", run, ["cdktn", "--help"]],
  ["check:provider6", run, ["provider6", "--help"]],
  ["check:validate", validate, ["--help"]],
  ["test:mutants", mutants, ["--help"]],
] as const)("%s prints its help, with the exit code of an interruption", async (script, program, argv) => {
  const { status, stdout, stderr } = await runProgram(program, argv);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(new RegExp(`^(Usage:| {6}) npm run ${script}\\b`, "m"));
  expect(stdout).toMatch(/^ {2}130 {2}interrupted$/m);
});

it("check:validate refuses words, which it would not use", async () => {
  expect(await runProgram(validate, ["cdktn"])).toEqual({
    status: 1,
    stdout: "",
    stderr: "check:validate takes no arguments: cdktn\n",
  });
});

describe("check:validate takes", () => {
  it("the program that the operator has named", () => {
    expect(programsIn({ TERRAFORM_BINARY_NAME: "tofu-1.10", PATH: process.env["PATH"] })).toEqual([
      "tofu-1.10",
    ]);
  });

  it("the download where PATH has none", () => {
    expect(programsIn({ PATH: "/nowhere" })).toEqual([undefined]);
  });
});
