import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../fleet/cli";
import { runProgram } from "../helpers/run-program";

const MAP = {
  organization: { name: "acme", id: "o-a1b2c3d4e5" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "ambient" },
  trail: "existing",
  transcripts: { readers: ["arn:aws:iam::222222222222:role/reviewer"] },
  notifications: { activity: { enabled: false }, security: { enabled: false } },
  accounts: { sandbox: { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] } },
  sync: { homeRegion: "eu-central-1", regions: ["eu-central-1"] },
};

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "session-audit-generated-map-"));
  writeFileSync(join(cwd, "acme.json"), JSON.stringify(MAP));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** Runs a command beside a generated file. */
function command(argv: readonly string[], generated: string) {
  writeFileSync(join(cwd, "acme.generated.json"), generated);
  const env = {
    SESSION_AUDIT_ACCOUNTS: join(cwd, "acme.json"),
    INIT_CWD: cwd,
    // A command that begins to plan makes this folder.
    SESSION_AUDIT_WORKSPACE: join(cwd, "workspace"),
  };
  return runProgram(run, argv, { cwd, env });
}

const COMMANDS = [["accounts", "sync"], ["plan", "--out", "plans"], ["adopt", "--write"], ["list"]];
const BROKEN: [string, string, string][] = [
  ["a comma after the last entry", '{\n  "accounts": {},\n}\n', '3:1: unexpected "}"'],
  ["a comma after the last entry of a list", '{ "x-names": [1, 2,] }', '1:20: unexpected "]"'],
  ["single quotes", "{\n  'accounts': {} }", `2:3: unexpected "'"`],
  ["keys without quotes", '{ "accounts": { shop: 1 } }', '1:17: unexpected "s"'],
  ["a value without quotes", '{ "x-names": { "1": Shop } }', '1:21: unexpected "S"'],
  ["a number of another language", '{ "x-names": { "1": 0x1F } }', '1:22: unexpected "x"'],
  ["a byte order mark", '\ufeff{ "accounts": {} }', "1:1: a byte order mark or another encoding than UTF-8"],
];

it.each(COMMANDS.flatMap((argv) => BROKEN.map((one) => [argv.join(" "), ...one] as const)))(
  "%s names the line and the column of %s, and does nothing",
  async (argv, _, text, where) => {
    const { status, stdout, stderr } = await command(argv.split(" "), text);
    const file = join(cwd, "acme.generated.json");
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr: `${file}:${where} is no JSON.
  allowed  JSON as commands write it: double quotes, no comma before } or ], no comments, no byte order mark
  remedy   Restore the file from version control, or remove it and run the command again that writes it.
`,
    });
    expect(readdirSync(cwd).sort()).toEqual(["acme.generated.json", "acme.json"]);
  },
);

it.each([
  [
    "plan --out plans",
    { "x-looked-at": { "222222222222": { "eu-central-1": 5 } } },
    "x-looked-at.222222222222.eu-central-1",
  ],
  ["plan --out plans", { "x-looked-at": [] }, "x-looked-at"],
  ["accounts sync", { "x-names": null }, "x-names"],
  ["accounts sync", { "x-left-out": { "222222222222": "gone" } }, "x-left-out.222222222222"],
])("%s refuses what no command has written: %j", async (argv, generated, key) => {
  const { status, stderr } = await command(argv.split(" "), JSON.stringify(generated));
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining(`acme.generated.json: ${key} `) as string,
  });
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(readdirSync(cwd).sort()).toEqual(["acme.generated.json", "acme.json"]);
});

it("escapes what a terminal would obey in a key of the generated file", async () => {
  const { status, stderr } = await command(
    ["list"],
    JSON.stringify({ accounts: { "\u001b[2J\u009b\u202e": {} } }),
  );
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining("accounts.\\u001b[2J\\u009b\\u202e") as string,
  });
});

it("lists the stacks beside a generated file with every kind of JSON value", async () => {
  const text = '{"x-names":{"1":"a\\"\\u00e4 /* */ , }"},"x-looked-at":{},\t"accounts" : { } }\r\n';
  expect(await command(["list", "--ids"], text)).toMatchObject({ status: 0 });
});
