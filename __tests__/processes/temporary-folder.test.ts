import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { inTemporaryFolder } from "../../processes/temporary-folder";
import { TSX } from "../helpers/tsx";
import { until } from "../helpers/until";

const ROOT = resolve(__dirname, "..", "..");

let parent: string;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), "session-audit-folders-"))));
afterEach(() => rmSync(parent, { recursive: true, force: true }));

it("gives the function a directory of its own that nobody else may read, and returns what it returns", async () => {
  const work = (folder: string) => Promise.resolve([folder, statSync(folder).mode & 0o777] as const);
  const [folder, mode] = await inTemporaryFolder("some-", work, parent);
  expect(dirname(folder)).toBe(parent);
  expect(basename(folder)).toMatch(/^some-\w{6}$/);
  expect(mode).toBe(0o700);
});

it("makes the directory where the system has temporary files, unless another place is named", async () => {
  expect(dirname(await inTemporaryFolder("session-audit-some-", (folder) => Promise.resolve(folder)))).toBe(
    tmpdir(),
  );
});

it("removes the directory with everything in it after the function has returned", async () => {
  const work = (folder: string) => {
    writeFileSync(join(folder, "plan"), "secret");
    return Promise.resolve(folder);
  };
  expect(existsSync(await inTemporaryFolder("some-", work, parent))).toBe(false);
});

it("removes the directory after the function has failed, and passes its error on", async () => {
  let made = "";
  const work = (folder: string) => {
    writeFileSync(join((made = folder), "plan"), "secret");
    return Promise.reject(new Error("refused"));
  };
  await expect(inTemporaryFolder("some-", work, parent)).rejects.toThrow("refused");
  expect(dirname(made)).toBe(parent);
  expect(existsSync(made)).toBe(false);
});

it("lets the directory be removed if the process is killed while the function runs", async () => {
  const script = `require(${JSON.stringify(join(ROOT, "processes", "temporary-folder.ts"))})
    .inTemporaryFolder("some-", (folder) => (console.log(folder), new Promise(() => setInterval(() => {}, 1000))),
      ${JSON.stringify(parent)});`;
  // The removal waits between its looks, and this `sleep` takes no time.
  writeFileSync(join(parent, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
  const child = spawn(process.execPath, [...TSX, "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH: `${parent}:${process.env["PATH"]}` },
  });
  const [printed] = (await once(child.stdout, "data")) as [Buffer];
  const folder = String(printed).trim();
  expect(existsSync(folder)).toBe(true);
  child.kill("SIGKILL");
  await until(() => !existsSync(folder), { what: "removal of the directory of a killed process" });
});
