import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformToolchain } from "../../toolchain";
import { problemOf } from "../../upkeep/check-validate";
import { until } from "../helpers/until";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "session-audit-validate-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it("ends Terraform, and does not go on to the next command, when it is interrupted", async () => {
  const binary = join(folder, "terraform");
  const started = join(folder, "started");
  writeFileSync(binary, `#!/bin/sh\necho "$1 $$" >> '${started}'\nexec sleep 30\n`, { mode: 0o755 });
  writeFileSync(started, "");
  const toolchain = { terraform: { binary }, terraformEnv: process.env } as unknown as TerraformToolchain;
  const controller = new AbortController();
  const validation = problemOf(folder, toolchain, { signal: controller.signal }).catch(() => "rejected");
  await until(() => readFileSync(started, "utf8").endsWith("\n"), { what: "start of Terraform" });
  controller.abort();
  await validation;
  const lines = readFileSync(started, "utf8").trim().split("\n");
  expect(lines).toEqual([expect.stringMatching(/^init \d+$/)]);
  expect(exists(Number(lines[0]!.split(" ")[1]))).toBe(false);
});
