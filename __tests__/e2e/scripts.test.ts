import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");
const TESTS = join(ROOT, "__tests__");
const ALL = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => join("__tests__", file))
  .sort();

/** The test files that a script of package.json runs with these arguments. */
function filesOf(script: string, ...args: string[]): string[] {
  const { stdout } = spawnSync("npm", ["run", "--silent", script, "--", "--listTests", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return stdout
    .trim()
    .split("\n")
    .map((file) => relative(ROOT, file))
    .sort();
}

it("npm test and npm run test:long run every test file between them, and none twice", () => {
  const long = filesOf("test:long");
  expect([...filesOf("test"), ...long].sort()).toEqual(ALL);
  expect(long.filter((file) => !file.startsWith("__tests__/e2e/"))).toEqual([]);
});

it("npm run test:unit runs every test file but the end-to-end ones", () =>
  expect(filesOf("test:unit")).toEqual(ALL.filter((file) => !file.startsWith("__tests__/e2e/"))));

it("npm run test:unit with a file runs that file alone", () =>
  expect(filesOf("test:unit", "__tests__/architecture.test.ts")).toEqual(["__tests__/architecture.test.ts"]));
