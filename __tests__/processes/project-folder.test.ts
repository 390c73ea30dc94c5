import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../../processes/project-folder";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "session-audit-folder-"));
  mkdirSync(join(root, "acme", "maps"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const INSTALLED = "/srv/acme/node_modules/session-audit";

it("is the clone for a program that runs from a clone, wherever it was started", () => {
  writeFileSync(join(root, "acme", "package.json"), "{}");
  expect(projectFolder("/srv/session-audit", join(root, "acme"))).toBe("/srv/session-audit");
});

it("is the nearest folder with a package.json for an installed package", () => {
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(root, "acme", "package.json"), "{}");
  expect(projectFolder(INSTALLED, join(root, "acme", "maps"))).toBe(join(root, "acme"));
});

it("is the directory in which an installed package was started if no folder above has a package.json", () => {
  expect(projectFolder(INSTALLED, join(root, "acme", "maps"))).toBe(join(root, "acme", "maps"));
});

it("takes only a whole folder name for node_modules", () => {
  expect(projectFolder("/srv/my_node_modules/session-audit", root)).toBe(
    "/srv/my_node_modules/session-audit",
  );
});
