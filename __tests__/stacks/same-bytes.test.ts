import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { App, Fn, Lazy, TerraformOutput, TerraformStack, Token } from "cdktf";
import { configurationOf } from "../../stacks/kit/configuration";
import { withoutTokenTraces } from "../../stacks/kit/token-traces";
import { forgetTokens, keptTokens } from "../../stacks/kit/tokens";
import { checkMap } from "../../stacks/read-organization";
import { addStacks } from "../../stacks/synth";
import { synthesizeStacks } from "../../stacks/synthesize";
import { RECORD } from "../../stacks/synthesis/record";
import exampleMap from "../fixtures/example-map";
import { ALL_MAPS } from "../helpers/all-maps";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-bytes-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));
// The test files of a worker share cdktf, which would keep the stacks of this file.
afterEach(forgetTokens);

/** Every file in a directory: its content, by its path. */
const contentsOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== RECORD)
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(root, file), readFileSync(file, "latin1")] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** The app of all stacks, as cdktf itself prepares and writes it. */
function byCdktf(map: unknown, outdir: string): App {
  const app = new App({ outdir });
  withoutTokenTraces(() => {
    addStacks(app, checkMap(map, "map"));
    app.synth();
  });
  return app;
}

describe.each(ALL_MAPS)("%s", (_name, map) => {
  it("is written with the same bytes as by cdktf, the manifest included, and no stack refers to another", async () => {
    const [stock, own] = [join(directory, "stock"), join(directory, "own")];
    const app = byCdktf(map, stock);
    await synthesizeStacks(checkMap(map, "map"), own);
    const written = contentsOf(own);
    expect(Object.keys(written).length).toBeGreaterThan(2);
    expect(written).toEqual(contentsOf(stock));
    // cdktf adds outputs and data sources of these names for references from one stack to another.
    const added = app.node.findAll().filter(({ node }) => node.id.startsWith("cross-stack-"));
    expect(added).toEqual([]);
    // AWS refuses a policy without a statement.
    const empty = Object.entries(written).filter(([, text]) => text.includes('\\"Statement\\":[]'));
    expect(empty.map(([file]) => file)).toEqual([]);
  });
});

it("writes with the same bytes as cdktf what no fixture has: tokens in every place, and values that look like tokens", () => {
  const stack = new TerraformStack(new App({ outdir: directory }), "s");
  const lazily = <T>(value: T) => Lazy.anyValue({ produce: () => value });
  const value = {
    text: Token.asString(Fn.upper("a")),
    inside: `a-${Token.asString(Fn.upper("b"))}-\${c}`,
    number: Token.asNumber(Fn.abs(-1)),
    numberInText: `${Token.asNumber(Fn.abs(-2))} of 3`,
    list: Token.asList(Fn.split(",", "a,b")),
    numbers: Token.asNumberList(Fn.range(1, 2)),
    map: Token.asStringMap(Fn.merge([{ a: "b" }])),
    lazy: lazily({ deep: [undefined, { x: lazily(undefined), y: null }] }),
    holes: [undefined, lazily(undefined), 1, "", [], {}],
    lookalikes: ["1e+300", 1.5, -1, 1e21, "Map Token", "${TfToken[", "\u2028\ud800\n", true],
    undefined,
    none: lazily(undefined),
    // cdktf resolves the whole of an object with a token in a key, so this one is by itself.
    keys: { [Token.asString(Fn.lower("KEY"))]: { deep: "key" } },
  };
  new TerraformOutput(stack, "out", { value });
  new TerraformOutput(stack, "other", { value: stack.node.id, staticId: true, sensitive: true });
  stack.addOverride("terraform.required_version", ">= 1.10");
  stack.addOverride("output.out.description", Token.asString(Fn.upper("override")));
  stack.prepareStack();
  const own = configurationOf(stack);
  stack.synthesizer.synthesize({
    outdir: directory,
    manifest: (stack.node.root as App).manifest,
    skipValidation: true,
  });
  expect(own).toBe(readFileSync(join(directory, "stacks", "s", "cdk.tf.json"), "utf8"));
});

it("keeps no token of a stack that it has written, unlike cdktf", async () => {
  const organization = checkMap(exampleMap, "map");
  await synthesizeStacks(organization, join(directory, "own"));
  expect(keptTokens()).toBe(0);
  byCdktf(exampleMap, join(directory, "stock"));
  expect(keptTokens()).toBeGreaterThan(0);
});
