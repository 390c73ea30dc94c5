import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../helpers/documents";

let folder: string;
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), "session-audit-typescript-")))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
/** Runs a file as `cdktf.json` runs `main.ts`. */
const run = (file: string, ...options: string[]) => {
  const loader = join(ROOT, "processes", "typescript.cjs");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...options, "--require", loader, join(folder, file)],
    {
      encoding: "utf8",
    },
  );
  return { stdout, stderr };
};

it("loads the TypeScript of a project, whatever extension its imports name", () => {
  write("other.ts", "export const other: number = 1;");
  write(
    "main.ts",
    'import { other } from "./other"; import * as again from "./other.js"; console.log(other, again.other);',
  );
  expect(run("main.ts")).toEqual({ stdout: "1 1\n", stderr: "" });
});

it.each([
  ["CommonJS", {}, 'exports.region = require("./part").region;', 'exports.region = "eu-central-1";'],
  [
    "ES modules",
    { type: "module" },
    'export { region } from "./part.js";',
    'export const region = "eu-central-1";',
  ],
  [
    "ES modules that its package.json does not announce",
    {},
    'export { region } from "./part.js";',
    'export const region = "eu-central-1";',
  ],
])("loads a package of %s", (_what, packageJson, index, part) => {
  write("node_modules/a/package.json", JSON.stringify({ name: "a", main: "./index.js", ...packageJson }));
  write("node_modules/a/index.js", index);
  write("node_modules/a/part.js", part);
  write("main.ts", 'import { region } from "a"; console.log(region satisfies string);');
  expect(run("main.ts")).toEqual({ stdout: "eu-central-1\n", stderr: "" });
});

it("loads a package of ES modules with a Node.js that does not require() them", () => {
  // From 20.19 on, Node.js does. Versions without the option never did.
  const isNew = process.allowedNodeEnvironmentFlags.has("--experimental-require-module");
  write("node_modules/a/package.json", JSON.stringify({ name: "a", main: "./index.js", type: "module" }));
  write("node_modules/a/index.js", 'export const region = "eu-central-1";');
  write("main.ts", 'import { region } from "a"; console.log(region);');
  const { stdout } = run("main.ts", ...(isNew ? ["--no-experimental-require-module"] : []));
  expect(stdout).toBe("eu-central-1\n");
});

it("shows the error of a package that cannot be loaded", () => {
  write("node_modules/a/index.js", "const = 1;");
  write("main.ts", 'import "a";');
  expect(run("main.ts").stderr).toMatch(/node_modules.a.index\.js/);
});
