import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TSX } from "../helpers/tsx";

const project = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "session-audit-refused-"));
const output = join(folder, "cdktf.out");
afterAll(() => rmSync(folder, { recursive: true }));

function run(name: string, text: string) {
  const file = join(folder, name);
  writeFileSync(file, text);
  const { status, stderr } = spawnSync(process.execPath, [...TSX, "main.ts"], {
    cwd: project,
    env: { ...process.env, SESSION_AUDIT_ACCOUNTS: file, CDKTF_OUTDIR: output },
    encoding: "utf8",
  });
  return { status, stderr: stderr.replaceAll(file, "<file>"), written: existsSync(output) };
}

describe.each([
  [
    "a map that is wrong",
    "wrong.yaml",
    "organization: { name: ACME }\n",
    "<file>: 4 problems in the map; nothing was written.",
  ],
  ["a map that does not parse", "broken.yaml", "organization: {\n", "<file>:2:1: "],
  ["a module that does not parse", "broken.ts", "export default {\n  trail: [,\n};\n", "<file>:3:0: ERROR"],
])("a run with %s", (_, name, text, message) => {
  let refused: ReturnType<typeof run>;
  beforeAll(() => {
    refused = run(name, text);
  });

  it("ends with exit code 1", () => {
    expect(refused.status).toBe(1);
  });

  it("says on stderr what is wrong", () => {
    expect(refused.stderr).toContain(message);
  });

  it("shows no stack trace", () => {
    expect(refused.stderr).not.toMatch(/^\s+at /m);
  });

  it("writes nothing", () => {
    expect(refused.written).toBe(false);
  });
});
