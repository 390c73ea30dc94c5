import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Screen } from "../../processes/terminal";
import { prepareTerraform } from "../../toolchain";
import { problemOf, validateAll } from "../../upkeep/check-validate";
import { ROOT } from "../helpers/embedded";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "session-audit-validate-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lets the Terraform of this machine validate the stacks of a map. */
async function validated(map: string): Promise<{ code: number; text: string }> {
  let text = "";
  const stdout = { write: (part: string) => void (text += part) };
  const screen = new Screen({ write: () => undefined }, process.env);
  const code = await validateAll({ tried: map }, folder, { stdout, env: process.env, screen });
  return { code, text };
}

it("finds every stack of a map valid", async () => {
  const { code, text } = await validated(join(ROOT, "__tests__", "fixtures", "standalone.yaml"));
  expect(text).toMatch(/^Terraform [\d.]+: (\d+) of \1 stacks of the map "tried" are valid\.\n$/);
  expect(code).toBe(0);
});

it("says what Terraform says of a stack that is not valid", async () => {
  // A resource of Terraform itself, so that no provider is installed.
  const stack = { resource: { terraform_data: { one: { no_such_argument: 1 } } } };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
  const toolchain = await prepareTerraform({
    cacheDir: join(ROOT, ".cache"),
    env: process.env,
    log: () => undefined,
  });
  const problem = await problemOf(folder, toolchain, {});
  expect(problem).toMatch(/^validate: .*no_such_argument/s);
});
