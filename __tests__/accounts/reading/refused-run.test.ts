import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnProgram, type ProgramOutcome } from "../../helpers/run-program";

/**
 * A map that is a module is compiled by tsx, which only runs in a process of its own: in a test, jest compiles the
 * module. `__tests__/main.test.ts` has the other maps that are refused.
 */
describe("a run with a module that does not parse", () => {
  const folder = mkdtempSync(join(tmpdir(), "session-audit-refused-"));
  const file = join(folder, "broken.ts");
  const output = join(folder, "cdktf.out");
  let refused: ProgramOutcome;
  beforeAll(() => {
    writeFileSync(file, "export default {\n  trail: [,\n};\n");
    refused = spawnProgram("main.ts", [], { env: { SESSION_AUDIT_ACCOUNTS: file, CDKTF_OUTDIR: output } });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("ends with exit code 1", () => expect(refused.status).toBe(1));

  it("says on stderr what is wrong and where", () => expect(refused.stderr).toContain(`${file}:3:0: ERROR`));

  it("shows no stack trace", () => expect(refused.stderr).not.toMatch(/^\s+at /m));

  it("writes nothing", () => expect(existsSync(output)).toBe(false));
});
