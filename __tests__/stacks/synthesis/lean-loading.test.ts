import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..", "..");

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-lean-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Prints what a program prints in a process of its own: the modules of Jest are not those of Node.js. */
function printed(program: string, options: readonly string[] = []): unknown {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...options, "--require", "tsx/cjs", "-e", program],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const LOADED = `Object.keys(require.cache)
  .map((file) => /.*node_modules.(yaml|@aws-sdk|cdktf)\\W/.exec(file)?.[1])
  .filter((name, index, all) => name !== undefined && all.indexOf(name) === index)`;

it("the synthesis loads neither YAML nor the SDK of AWS to build a stack of a map in TypeScript", () => {
  const program = `
    const { readOrganization } = require("./stacks/read-organization");
    const { synthesizeStacks } = require("./stacks/synthesize");
    const organization = readOrganization("${ROOT}/__tests__/fixtures/example-map.ts");
    synthesizeStacks(organization, ${JSON.stringify(directory)}, { only: new Set(["archive-us-east-1"]) }).then(
      ({ built }) => console.log(JSON.stringify([built, ${LOADED}])));`;
  expect(printed(program)).toEqual([["archive-us-east-1"], ["cdktf"]]);
});

describe("leanly", () => {
  /** Whether source maps are on before, while and after a module is loaded, as a program prints it. */
  const states = (first: string) => `
    const { leanly } = require("./stacks/synthesis/lean-loading");
    ${first}
    const states = [process.sourceMapsEnabled];
    states.push(leanly(() => process.sourceMapsEnabled));
    states.push(process.sourceMapsEnabled);
    console.log(JSON.stringify(states));`;

  it("switches source maps off while modules are loaded, and on again if they were on", () => {
    expect(printed(states("process.setSourceMapsEnabled(true);"))).toEqual([true, false, true]);
  });

  it("leaves source maps off if they were off", () => {
    expect(printed(states("process.setSourceMapsEnabled(false);"))).toEqual([false, false, false]);
  });

  it("restores the state after an error", () => {
    const program = `
      const { leanly } = require("./stacks/synthesis/lean-loading");
      process.setSourceMapsEnabled(true);
      try { leanly(() => { throw new Error("broken"); }); } catch {}
      console.log(process.sourceMapsEnabled);`;
    expect(printed(program)).toBe(true);
  });

  it("leaves source maps on for whoever has asked Node.js for them", () => {
    expect(printed(states(""), ["--enable-source-maps"])).toEqual([true, true, true]);
  });
});
