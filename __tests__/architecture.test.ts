import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const ROOT = resolve(__dirname, "..");
const FOLDERS = ["accounts", "guard", "stacks", "fleet", "toolchain", "emulator"];

const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

/** What a file imports: project files as paths from the root, packages by name. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const specifiers = [...text.matchAll(/(?<!")(?:from|import|require\()\s*"([^"]+)"/g)].map(
    (match) => match[1]!,
  );
  return specifiers.map((specifier) =>
    specifier.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier,
  );
}

const FILES = [...FOLDERS.flatMap(filesIn), "main.ts"];
const EDGES = FILES.flatMap((file) => importsOf(file).map((imported) => ({ file, imported })));

/** What the files under a path may import; node's own modules always. */
const MAY_IMPORT: Record<string, RegExp> = {
  // What runs in Lambda: nothing but itself and the AWS SDK, which the runtime has.
  "guard/": /^(guard\/|@aws-sdk\/client-)/,
  "accounts/": /^(accounts(\/|$)|zod$|yaml$|fastest-levenshtein$)/,
  "stacks/policies/":
    /^(accounts\/(organization|regions|settings|data-identifiers|log-destination)$|stacks\/(names$|policies\/))/,
  "stacks/":
    /^(accounts\/|stacks\/|guard\/configuration$|esbuild$|cdktf$|constructs$|@cdktf\/provider-aws\/lib\/)/,
  "fleet/": /^(accounts\/|stacks\/(names|read-organization)$|fleet\/|commander$)/,
  "toolchain/": /^toolchain\//,
  "emulator/":
    /^(accounts\/|stacks\/(names|read-organization|policies\/destinations)$|fleet\/|toolchain(\/|$)|emulator\/|@aws-sdk\/|@smithy\/|@cloud-copilot\/iam-simulate$)/,
  "main.ts": /^(accounts\/|stacks\/|cdktf$)/,
};

it.each(Object.entries(MAY_IMPORT))("%s imports only what stands below it", (folder, allowed) => {
  const strays = EDGES.filter(({ file }) => file.startsWith(folder))
    .filter(({ imported }) => !imported.startsWith("node:") && !allowed.test(imported))
    .map(({ file, imported }) => `${file} imports ${imported}`);
  expect(strays).toEqual([]);
});

it("the bundler is imported in one place, which makes the same bytes each time", () => {
  const importers = EDGES.filter(({ imported }) => imported === "esbuild").map(({ file }) => file);
  expect(importers).toEqual(["stacks/guard-code.ts"]);
});

it("nothing imports main.ts, which writes a folder at once", () => {
  expect(EDGES.filter(({ imported }) => imported === "main")).toEqual([]);
});

it("no test and no benchmark imports the operator's map, which the operator replaces", () => {
  const users = ["__tests__", "bench"].flatMap(filesIn);
  const maps = ["accounts", "accounts/index", "accounts/index.ts"];
  expect(users).toContain("bench/synth.ts");
  expect(users.filter((file) => importsOf(file).some((imported) => maps.includes(imported)))).toEqual([]);
});

it("the whole AWS provider is imported nowhere: its root costs seconds", () => {
  expect(EDGES.filter(({ imported }) => imported === "@cdktf/provider-aws")).toEqual([]);
});

it("the AGPL policy simulator is a development dependency that only the emulator imports", () => {
  const importers = EDGES.filter(({ imported }) => imported.startsWith("@cloud-copilot/")).map(
    ({ file }) => file,
  );
  expect(importers.every((file) => file.startsWith("emulator/"))).toBe(true);
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<string, object>;
  expect(Object.keys(manifest["dependencies"]!)).not.toContain("@cloud-copilot/iam-simulate");
});

it("every dependency is pinned to one version, and the lock file names no registry", () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
    string,
    Record<string, string>
  >;
  for (const versions of [manifest["dependencies"]!, manifest["devDependencies"]!]) {
    for (const version of Object.values(versions)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
  expect(readFileSync(join(ROOT, "package-lock.json"), "utf8")).not.toMatch(/"resolved"/);
});

it("the rules see what there is", () => {
  expect(FILES.length).toBeGreaterThan(50);
  expect(EDGES.length).toBeGreaterThan(200);
});
