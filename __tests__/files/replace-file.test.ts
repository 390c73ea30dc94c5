import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../../files/replace-file";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-replace-"));
  file = join(directory, "file");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("leaves one whole file if many replace it at once", async () => {
  const texts = Array.from({ length: 50 }, (_, index) => String(index).repeat(10_000));
  await Promise.all(texts.map((text) => replaceFile(file, text)));
  expect(texts).toContain(readFileSync(file, "utf8"));
  expect(readdirSync(directory)).toEqual(["file"]);
});

it("gives a new file the permissions that it is asked for", async () => {
  await replaceFile(file, "#!/bin/sh\n", 0o700);
  expect(statSync(file).mode & 0o777).toBe(0o700);
});

it("leaves the file as it was, and nothing beside it, if it cannot be replaced", async () => {
  await expect(replaceFile(directory, "text")).rejects.toThrow();
  expect(readdirSync(directory)).toEqual([]);
});
