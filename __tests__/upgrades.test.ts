import { MINIMUM_TERRAFORM } from "../toolchain/terraform";
import { read } from "./helpers/documents";

const PAGE = read("docs/upgrades.md");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

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
