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

  it("replaces what was broken", async () => {
    sandbox.file("cache/it/broken", "");
    await allOrNothing(join(sandbox.cacheDir, "it"), folderWith("whole"));
    expect(sandbox.cached()).toEqual(["it", "it/file"]);
  });

  it("keeps what another process has finished meanwhile", async () => {
    await allOrNothing(join(sandbox.cacheDir, "it"), async (workDir) => {
      sandbox.file("cache/it/file", "theirs");
      return folderWith("ours")(workDir);
    });
    expect(readFileSync(join(sandbox.cacheDir, "it/file"), "utf8")).toBe("theirs");
  });

  it("does not sweep away what a running process is building", async () => {
    const theirs = `it.partial-${process.ppid}-0`;
    sandbox.file(`cache/${theirs}/file`, "");
    await allOrNothing(join(sandbox.cacheDir, "it"), folderWith("whole"));
    expect(sandbox.cached()).toContain(theirs);
  });
});
