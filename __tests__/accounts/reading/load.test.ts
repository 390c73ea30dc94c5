import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadMap, mapFile } from "../../../accounts/reading/load";
import { UserError } from "../../../processes/user-error";
import { checkMap } from "../../../stacks/read-organization";

const folder = mkdtempSync(join(tmpdir(), "session-audit-load-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function refusal(path: string): string {
  try {
    loadMap(path);
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(path, "<file>");
    throw error;
  }
  throw new Error(`${path} was read`);
}

describe("mapFile", () => {
  it("is the project's own without SESSION_AUDIT_ACCOUNTS", () => {
    expect(mapFile({}, "/project")).toBe("/project/accounts/index.ts");
  });

  it("is refused where the variable is empty: it must not be the example by mistake", () => {
    expect(() => mapFile({ SESSION_AUDIT_ACCOUNTS: "" }, "/project")).toThrow(
      /^SESSION_AUDIT_ACCOUNTS is empty\.\n.*the path of a map\n.*Unset the variable/,
    );
  });

  it("is the file that the variable names, relative to the working directory", () => {
    expect(mapFile({ SESSION_AUDIT_ACCOUNTS: "maps/a.yaml" }, "/project")).toBe(resolve("maps/a.yaml"));
  });
});

describe("loadMap reads", () => {
  it("the operator's map in accounts/index.ts, which is valid", () => {
    const file = resolve(__dirname, "../../../accounts/index.ts");
    expect(() => checkMap(loadMap(file), file)).not.toThrow();
  });

  it.each([
    ["map.ts", "const map: { trail: string } = { trail: 'none' };\nexport default map;\n"],
    ["map.js", "exports.default = { trail: 'none' };\n"],
    ["map.json", '{\n\t"trail": "none"\n}\n'],
    ["map.yaml", "trail: none\n"],
    ["map.yml", "# ours\ntrail: 'none'\n"],
    ["MAP.YAML", "trail: none\n"],
    ["schema.json", '{ "$schema": "accounts/accounts.schema.json", "trail": "none" }\n'],
    ["extras.yaml", "x-common: &x { trail: none }\n<<: *x\n"],
  ])("%s", (name, text) => {
    expect(loadMap(file(name, text))).toEqual({ trail: "none" });
  });

  it("YAML with anchors and aliases", () => {
    expect(loadMap(file("anchors.yaml", "a: &x { b: 1 }\nc: *x\n"))).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });

  it("YAML in which objects are merged", () => {
    const text = "x-base: &base { b: 1, c: 1 }\na: { <<: *base, c: 2 }\n";
    expect(loadMap(file("merged.yaml", text))).toEqual({ a: { b: 1, c: 2 } });
  });

  it.each(["utf-16le", "utf-16be"])("a file in %s, as PowerShell writes it", (encoding) => {
    const bytes = Buffer.from("\ufefftrail: none\n", "utf16le");
    const path = join(folder, `${encoding}.yaml`);
    writeFileSync(path, encoding === "utf-16le" ? bytes : bytes.swap16());
    expect(loadMap(path)).toEqual({ trail: "none" });
  });

  it("$schema and x-… below the top as keys, which the map's check refuses", () => {
    expect(loadMap(file("below.yaml", "a: { x-b: 1 }\n"))).toEqual({ a: { "x-b": 1 } });
  });

  it("an unquoted account id as the number that it is, which the map's check refuses", () => {
    expect(loadMap(file("number.yaml", "id: 012345678901\n"))).toEqual({ id: 12345678901 });
  });

  it("an empty file as null, which the map's check refuses", () => {
    expect(loadMap(file("empty.yaml", ""))).toBeNull();
  });
});

describe("loadMap refuses", () => {
  it("a file that does not exist, and names the variable that chose it", () => {
    expect(refusal(join(folder, "none.yaml"))).toBe(
      "<file>: no such file. Set SESSION_AUDIT_ACCOUNTS to the path of a map, or unset it.",
    );
  });

  it("a file of another kind", () => {
    expect(refusal(file("map.toml", ""))).toBe("<file>: a map is a .ts, .js, .json, .yaml or .yml file.");
  });

  it("a folder", () => {
    mkdirSync(join(folder, "folder.yaml"));
    expect(refusal(join(folder, "folder.yaml"))).toBe(
      "<file>: is a directory. Name the file of the map in it.",
    );
  });

  it.each([
    ["broken.yaml", "trail: none\n wave: x\n", "<file>:1:8: "],
    ["broken.json", '{\n  "trail" "none"\n}\n', "<file>:2:11: "],
    [
      "twice.json",
      '{ "trail": "none",\n  "trail": "create" }\n',
      '<file>:2:3: Map keys must be unique: "trail" is written twice.',
    ],
    [
      "twice.yaml",
      "trail: none\ntrail: none\n",
      '<file>:2:1: Map keys must be unique: "trail" is written twice.',
    ],
    ["comment.json", '{ "a": "http://x",\n  // ours\n  "b": 1 }\n', "<file>:2:3: JSON has no comments."],
    ["block.json", '{ /* ours */ "b": 1 }\n', "<file>:1:3: JSON has no comments."],
    ["tag.yaml", "trail: !Ref Trail\n", "<file>:1:8: Unresolved tag: !Ref"],
    [
      "two.yaml",
      "a: 1\n---\nb: 1\n",
      "<file>:2:1: A map is one YAML document: remove the --- between the documents.",
    ],
    ["alias.yaml", "a: *nobody\n", "<file>: Unresolved alias"],
    [
      "bomb.yaml",
      `a: &a [${"x,".repeat(9)}]\nb: &b [${"*a,".repeat(20)}]\nc: [${"*b,".repeat(20)}]\n`,
      "<file>: Excessive",
    ],
    [
      "plain.js",
      "module.exports = { trail: 'none' };\n",
      '<file>: has no default export. Write "export default map".',
    ],
    ["nothing.js", "module.exports = null;\n", '<file>: has no default export. Write "export default map".'],
    ["throws.js", "\n  throw new Error('no such account');\n", "<file>:2:9: no such account"],
    ["null.js", "throw null;\n", "<file>: null"],
    ["undefined.js", "throw undefined;\n", "<file>: undefined"],
    ["bare.js", "throw Object.create(null);\n", "<file>: [Object: null prototype] {}"],
    [
      "getter.js",
      "exports.default = {\n  get trail() { throw new Error('no trail'); },\n};\n",
      "<file>:2:23: no trail",
    ],
    [
      "proxy.js",
      "exports.default = { trail: new Proxy({}, { get() { throw new Error('no'); } }) };\n",
      "<file>: the map has a Proxy.",
    ],
    [
      "deep.js",
      "let map = {};\nfor (let level = 0; level < 20000; level++) map = { map };\nexports.default = map;\n",
      "<file>: the map has more than 100 levels",
    ],
    ["deep.json", `${"[".repeat(20_000)}${"]".repeat(20_000)}\n`, "<file>:"],
  ])("%s, in a line that says where and why", (name, text, message) => {
    expect(refusal(file(name, text)).startsWith(message)).toBe(true);
  });

  it("a named pipe, which nobody may ever write into", () => {
    const pipe = join(folder, "pipe.yaml");
    spawnSync("mkfifo", [pipe]);
    expect(refusal(pipe)).toBe("<file>: is no regular file. Write the map into one.");
  });

  it("a module that requires a missing module, without naming files of this program", () => {
    expect(refusal(file("asks.js", "require('./nowhere');\n"))).not.toContain("load.ts");
  });
});
