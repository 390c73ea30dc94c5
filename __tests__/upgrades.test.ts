import { readdirSync } from "node:fs";
import { join } from "node:path";
import { EXIT } from "../fleet/command";
import { MINIMUM_TERRAFORM } from "../toolchain/terraform";
import { read, ROOT } from "./helpers/documents";

const PAGE = read("docs/upgrades.md");
const { scripts, version, exports } = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  version: string;
  exports: Record<string, unknown>;
};

it("names the oldest Terraform that works", () => {
  expect(PAGE).toContain(`version ${MINIMUM_TERRAFORM} or newer`);
});

it("names only scripts and commands that exist", () => {
  const npm = [...PAGE.matchAll(/\bnpm (?:run )?([\w:]+)/g)].map(([, name]) => name!);
  expect(npm.filter((name) => !["ci", "install", ...Object.keys(scripts)].includes(name))).toEqual([]);
  const commands = [...PAGE.matchAll(/npx session-audit (\w+)/g)].map(([, name]) => name!);
  expect(commands).toEqual(["plan", "review", "deploy", "drift"]);
});

it("refers to the part of the changelog that says what to do first", () => {
  expect(PAGE).toContain('"Before you upgrade"');
  expect(read("CHANGELOG.md")).toMatch(/^### Before you upgrade$/m);
});

describe("the version", () => {
  it("has the newest part of the changelog, with its date", () => {
    expect(/^## (\S+) - \d{4}-\d{2}-\d{2}$/m.exec(read("CHANGELOG.md"))?.[1]).toBe(version);
  });

  it("is the one that the lock file and the documents name", () => {
    const lock = JSON.parse(read("package-lock.json")) as {
      version: string;
      packages: Record<string, { version: string }>;
    };
    expect([lock.version, lock.packages[""]!.version]).toEqual([version, version]);
    for (const file of ["docs/getting-started.md", "docs/examples/own-repository/package.json"])
      expect(read(file)).toContain(`session-audit-${version}.tgz`);
  });
});

describe("the public interface", () => {
  it("has every exit code of the program", () => {
    const documented = [...PAGE.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(documented).toEqual(Object.values(EXIT));
  });

  it("names each command that exits with a code of its own", () => {
    const rows = new Map([...PAGE.matchAll(/^\| (\d+) +\| (.*)\|$/gm)].map(([, code, row]) => [code!, row!]));
    // `distribute-parts.ts` has the commands `distribute plan` and `distribute drift`, which exit as `plan` and `drift` do.
    const files = readdirSync(join(ROOT, "fleet", "commands")).filter(
      (file) => file !== "distribute-parts.ts",
    );
    const unnamed = files.flatMap((file) => {
      const [, help = ""] = /^Exit codes:\n([\s\S]*?)`/m.exec(read(`fleet/commands/${file}`)) ?? [];
      const command = file.replace(/\.ts$/, "").replace("-", " ");
      return [...help.matchAll(/^ {2}([2-5]) /gm)]
        .filter(([, code]) => !new RegExp(`\`${command}( --[\\w-]+)?\``).test(rows.get(code!)!))
        .map(([, code]) => `${code}: ${command}`);
    });
    expect(files.length).toBeGreaterThan(10);
    expect(unnamed).toEqual([]);
  });

  it("has every export of the package", () => {
    for (const name of Object.keys(exports))
      expect(PAGE).toContain(`\`${name.replace(/^\./, "session-audit")}\``);
  });
});
