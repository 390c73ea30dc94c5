import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allOrNothing } from "../../files/all-or-nothing";
import { Sandbox } from "../toolchain/sandbox";

let sandbox: Sandbox;
beforeEach(() => (sandbox = new Sandbox()));
afterEach(() => sandbox.remove());

/** Builds a folder that holds one file. */
const folderWith = (text: string) => async (workDir: string) => {
  const folder = join(workDir, "built");
  mkdirSync(folder);
  writeFileSync(join(folder, "file"), text);
  return folder;
};

describe("allOrNothing", () => {
  it("shows nothing at the target before the build is done", async () => {
    await allOrNothing(join(sandbox.cacheDir, "it"), async (workDir) => {
      expect(sandbox.cached()).not.toContain("it");
      return folderWith("whole")(workDir);
    });
    expect(sandbox.cached()).toEqual(["it", "it/file"]);
  });

  it("leaves nothing when the build fails", async () => {
    const failing = allOrNothing(join(sandbox.cacheDir, "it"), async (workDir) => {
      await folderWith("half")(workDir);
      throw new Error("disk full");
    });
    await expect(failing).rejects.toThrow("disk full");
    expect(sandbox.cached()).toEqual([]);
  });

  it("replaces a broken target", async () => {
    sandbox.file("cache/it/broken", "");
    await allOrNothing(join(sandbox.cacheDir, "it"), folderWith("whole"));
    expect(sandbox.cached()).toEqual(["it", "it/file"]);
  });

  it("keeps a target that another process has finished in the meantime", async () => {
    await allOrNothing(join(sandbox.cacheDir, "it"), async (workDir) => {
      sandbox.file("cache/it/file", "theirs");
      return folderWith("ours")(workDir);
    });
    expect(readFileSync(join(sandbox.cacheDir, "it/file"), "utf8")).toBe("theirs");
  });

  it("deletes the unfinished folder of a process that no longer runs, and nothing else", async () => {
    const { pid: ended } = spawnSync(process.execPath, ["--version"]);
    const others = ["it.partial-notes", "it.partial-2026-09-30", "it.partial-", `it.partial-${ended}-0.html`];
    for (const name of [...others, `it.partial-${ended}-0`]) sandbox.file(`cache/${name}/file`, "");
    await allOrNothing(join(sandbox.cacheDir, "it"), folderWith("whole"));
    expect(
      sandbox
        .cached()
        .filter((path) => !path.includes("/"))
        .sort(),
    ).toEqual(["it", ...others].sort());
  });

  it("does not delete the unfinished folder of a running process", async () => {
    const theirs = `it.partial-${process.ppid}-0`;
    sandbox.file(`cache/${theirs}/file`, "");
    await allOrNothing(join(sandbox.cacheDir, "it"), folderWith("whole"));
    expect(sandbox.cached()).toContain(theirs);
  });
});
