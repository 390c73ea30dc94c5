import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TSX } from "../helpers/tsx";
import { until } from "../helpers/until";

const ROOT = resolve(__dirname, "..", "..");
const parent = mkdtempSync(join(tmpdir(), "session-audit-remove-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Writes a `sleep` that takes no time, counts its calls in a file, and creates the directory again in the fourth. */
function writeSleep(calls: string, directory: string): void {
  const script = [
    "#!/bin/sh",
    `n=$(($(wc -l < '${calls}') + 1))`,
    `[ "$n" -ne 4 ] || mkdir -p '${directory}/state'`,
    `echo "$n" >> '${calls}'`,
  ];
  writeFileSync(calls, "");
  writeFileSync(join(parent, "sleep"), `${script.join("\n")}\n`, { mode: 0o755 });
}

it("removes the directory of a killed process again if another process creates it again after seconds", async () => {
  const [directory, calls] = [join(parent, "work"), join(parent, "calls")];
  mkdirSync(directory);
  writeSleep(calls, directory);
  const script = `require(${JSON.stringify(join(ROOT, "processes", "process-group.ts"))})
    .removeWithUs(${JSON.stringify(directory)}); console.log("watched"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, [...TSX, "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH: `${parent}:${process.env["PATH"]}` },
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  // One call until the removal, three until the directory is there again, and five while it stays absent.
  await until(() => readFileSync(calls, "utf8").split("\n").length - 1 === 9, {
    what: "ninth second of the removal",
  });
  expect(existsSync(directory)).toBe(false);
});
