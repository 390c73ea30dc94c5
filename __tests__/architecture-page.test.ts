import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { FOLDERS, importsOf, typescriptFiles } from "./helpers/imports";
import { tablesOf } from "./helpers/markdown-tables";

const ROOT = resolve(__dirname, "..");
const IMPORTS = importsOf(ROOT, [...typescriptFiles(ROOT, FOLDERS), "main.ts", "index.ts"]);
const PAGE = readFileSync(join(ROOT, "docs", "architecture.md"), "utf8");
const below = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}${name}/`);
const firstCells = (section: string) =>
  tablesOf(PAGE)
    .get(section)!
    .map(([first]) => first!.replaceAll("`", ""));
/** Folders whose subfolders the table names one by one. */
const NAMED = ["accounts/", "stacks/", "fleet/", "review/", "report/"];

it("docs/architecture.md names every folder that there is, and no other", () => {
  const folders = [...FOLDERS, "bench", "pipelines"].map((folder) => `${folder}/`);
  expect(firstCells("Folders").sort()).toEqual(
    [...folders, ...NAMED.flatMap(below), "index.ts", "main.ts"].sort(),
  );
});

it("docs/architecture.md names every room of the embedded AWS that is a folder, and no other", () => {
  const rooms = firstCells("The embedded AWS").filter((name) => name.endsWith("/"));
  expect(rooms.map((room) => `emulator/${room}`).sort()).toEqual(below("emulator/").sort());
});

it("docs/architecture.md lists what each folder imports of the others", () => {
  const folderOf = (path: string) => path.split("/")[0]!.replace(/\.ts$/, "");
  const found = new Map<string, Set<string>>();
  for (const { file, imported } of IMPORTS) {
    const [from, to] = [folderOf(file), folderOf(imported)];
    if (from === to || !FOLDERS.includes(to)) continue;
    found.set(from, (found.get(from) ?? new Set()).add(to));
  }
  const listed = [...PAGE.matchAll(/^(\w+) → ([\w, ]+)$/gm)].map(
    ([, from, to]) => [from!, to!.split(", ").sort()] as const,
  );
  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries([...found].map(([from, to]) => [from, [...to].sort()])),
  );
});

it("CONTRIBUTING.md lists the same folders", () => {
  const text = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const [, list] = /^## Where things are$[\s\S]*?^```text\n([\s\S]*?)^```/m.exec(text)!;
  // A line that begins with spaces continues the one before.
  const lines = list!.replace(/\n +/g, " ").split("\n");
  for (const folder of NAMED) {
    const line = lines.find((one) => one.startsWith(`${folder} `))!;
    const named = [...line.slice(folder.length).matchAll(/(?<= )[\w-]+\//g)].map(([name]) => folder + name);
    expect(named.sort()).toEqual(below(folder).sort());
  }
});
