import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAhead, type ReadFile } from "../../fleet/read-ahead";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-read-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a file. @returns its path */
function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

async function all(files: readonly string[]): Promise<ReadFile[]> {
  const read: ReadFile[] = [];
  for await (const one of readAhead(files)) read.push(one);
  return read;
}

it("reads files in their order, whatever their sizes", async () => {
  const texts = Array.from({ length: 30 }, (_, index) => `${index} ü `.repeat(index % 3 === 0 ? 200_000 : 1));
  const files = texts.map((text, index) => file(String(index), text));
  expect(await all(files)).toEqual(texts.map((text) => ({ text })));
});

it("says which file cannot be read, and reads the others", async () => {
  const read = await all([file("a", "A"), join(directory, "missing"), file("b", "")]);
  expect(read).toEqual([{ text: "A" }, { error: expect.objectContaining({ code: "ENOENT" }) }, { text: "" }]);
});

it("reads nothing if there are no files", async () => {
  expect(await all([])).toEqual([]);
});
