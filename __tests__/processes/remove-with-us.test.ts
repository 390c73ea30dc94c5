import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TSX } from "../helpers/tsx";
import { until } from "../helpers/until";

const ROOT = resolve(__dirname, "..", "..");
const parent = mkdtempSync(join(tmpdir(), "session-audit-remove-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

it("removes the directory of a killed process, also when a process that outlives it creates the directory again", async () => {
  const directory = join(parent, "work");
  mkdirSync(directory);
  const script = `require(${JSON.stringify(join(ROOT, "processes", "process-group.ts"))})
    .removeWithUs(${JSON.stringify(directory)}); console.log("watched"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, [...TSX, "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await until(() => !existsSync(directory), { what: "removal of the directory" });
  mkdirSync(join(directory, "state"), { recursive: true });
  await until(() => !existsSync(directory), { what: "removal of the directory that came again" });
});
