import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BUILDS } from "../../upkeep/builds";
import { importedModules, renamed } from "../../upkeep/rename";
import { SOURCES } from "../../upkeep/workshop";
import { ROOT } from "../helpers/documents";
import { importsOf, typescriptFiles } from "../helpers/imports";

const { renames } = BUILDS.cdktn;
const FOLDERS: readonly string[] = [
  ...["accounts", "aws", "bench", "demo", "emulator", "files", "fleet", "guard", "pages", "processes"],
  ...["report", "review", "stacks", "toolchain", "upkeep"],
];
const FILES = [...typescriptFiles(ROOT, [...FOLDERS, "__tests__"]), ...["index.ts", "main.ts"]].map(
  (file) => [file, readFileSync(join(ROOT, file), "utf8")] as const,
);

const isFramework = (module: string) => /^@?(cdktf|cdktn)(\/|$)/.test(module);
const FRAMEWORK_FILES = FILES.filter(([, text]) => importedModules(text).some(isFramework));

describe("a rename", () => {
  it.each`
    what                        | text                                                  | expected
    ${"a named import"}         | ${'import { App } from "cdktf";'}                     | ${'import { App } from "cdktn";'}
    ${"a type-only import"}     | ${"import type { App } from 'cdktf';"}                | ${"import type { App } from 'cdktn';"}
    ${"a re-export"}            | ${'export * from "@cdktf/provider-aws/lib/kms-key";'} | ${'export * from "@cdktn/provider-aws/lib/kms-key";'}
    ${"an import for effect"}   | ${'import "cdktf";'}                                  | ${'import "cdktn";'}
    ${"a dynamic import"}       | ${'const a = await import("cdktf/lib/app");'}         | ${'const a = await import("cdktn/lib/app");'}
    ${"a type in an import"}    | ${'type A = import("cdktf").App;'}                    | ${'type A = import("cdktn").App;'}
    ${"require"}                | ${'const a = require("cdktf");'}                      | ${'const a = require("cdktn");'}
    ${"no comment"}             | ${'// from "cdktf"\nimport { a } from "./cdktf";'}    | ${'// from "cdktf"\nimport { a } from "./cdktf";'}
    ${"no other string"}        | ${'import { a } from "a";\nconst b = "cdktf";'}       | ${'import { a } from "a";\nconst b = "cdktf";'}
    ${"no package of a prefix"} | ${'import { a } from "cdktf-cli";'}                   | ${'import { a } from "cdktf-cli";'}
  `("changes $what", ({ text, expected }: Record<string, string>) => {
    expect(renamed(text!, renames)).toBe(expected);
  });
});

it("every file that imports the framework or the provider is seen", () => {
  expect(FRAMEWORK_FILES.length).toBeGreaterThan(40);
});

it.each(FRAMEWORK_FILES)(
  "%s can be renamed mechanically: only its imports change, and none is left",
  (_, text) => {
    const after = renamed(text, renames);
    expect(importedModules(after).filter((module) => /^@?cdktf(\/|$)/.test(module))).toEqual([]);
    const [before, now] = [text.split("\n"), after.split("\n")];
    const changed = before.filter((line, index) => line !== now[index]);
    expect(now).toHaveLength(before.length);
    expect(changed.filter((line) => !/\b(from|import|require)\b/.test(line))).toEqual([]);
    expect(changed).toHaveLength(
      importedModules(text).filter((module) => /^@?cdktf(\/|$)/.test(module)).length,
    );
  },
);

it("the stacks name no module of the framework in another way than in an import", () => {
  const stacks = FILES.filter(([file]) => /^(stacks\/|index\.ts|main\.ts)/.test(file));
  expect(stacks.length).toBeGreaterThan(100);
  const others = stacks.flatMap(([file, text]) =>
    text
      .split("\n")
      .filter((line) => /["']@?cdkt[fn](\/[\w/-]*)?["']/.test(line) && !/\b(from|import)\b/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(others).toEqual([]);
});

it("the folders that a build copies import no other folder of the project", () => {
  const folders: readonly string[] = SOURCES;
  const strays = importsOf(ROOT, typescriptFiles(ROOT, folders)).filter(
    ({ imported }) =>
      /^[a-z]+\//.test(imported) &&
      FOLDERS.includes(imported.split("/")[0]!) &&
      !folders.includes(imported.split("/")[0]!),
  );
  expect(strays).toEqual([]);
});
