import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { script, style } from "../../pages/assets";

let folder: string;
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
};

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "session-audit-assets-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("a script", () => {
  it("has each module that it requires once, wherever it is, and runs it once", () => {
    file("shared/log.js", "runs.push('log'); module.exports = { log: (text) => said.push(text) };");
    file(
      "page/part.js",
      'const { log } = require("../shared/log"); module.exports = { part: () => log("part") };',
    );
    const main = file(
      "page/main.js",
      'const { log } = require("../shared/log"); const { part } = require("./part"); part(); log("main");',
    );
    const world = { runs: [] as string[], said: [] as string[] };
    const { text } = script(main);
    runInNewContext(text, world);
    expect({ ...world, written: text.match(/runs\.push/g)!.length }).toEqual({
      runs: ["log"],
      said: ["part", "main"],
      written: 1,
    });
  });

  it.each(["</script>", "</STYLE", "<!--"])("cannot have %s, which would end its element", (end) => {
    expect(() => script(file("main.js", `"${end}"`))).toThrow("ends its own element");
  });
});

it("a style has its files in order", () => {
  const { text } = style([file("a.css", "a {}"), file("b.css", "b {}")]);
  expect(text).toBe("a {}\nb {}");
});

it("the source of an asset is the hash of its text", () => {
  expect(style([file("a.css", "")]).source).toBe("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
});
