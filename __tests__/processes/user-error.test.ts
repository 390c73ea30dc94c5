import { mkdir, mkdtemp, readFile, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Warnings } from "../../accounts/model/warnings";
import { MapError, renderPath } from "../../accounts/reading/problems";
import { describeWarnings } from "../../accounts/warnings/text";
import { askAt, reportError, program, type Output } from "../../processes/program";
import { Screen } from "../../processes/terminal";
import { UserError } from "../../processes/user-error";

let printed: string;
const stderr: Output = { write: (text) => (printed += text) };
beforeEach(() => (printed = ""));

/** Writes to a disk that has no space. Only Linux has a file that is one; elsewhere this is its error. */
const writeToFullDisk = (): Promise<void> =>
  process.platform === "linux"
    ? writeFile("/dev/full", "record")
    : Promise.reject(Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC", syscall: "write" }));

describe("the text of a UserError", () => {
  it("has what went wrong, and a line for each other part", () => {
    const error = new UserError({
      what: "--wave x: unknown.",
      found: "x",
      allowed: "a, b",
      remedy: "Use a.",
    });
    expect(error.message).toBe("--wave x: unknown.\n  found    x\n  allowed  a, b\n  remedy   Use a.");
  });

  it("leaves out the parts that are not given", () => {
    expect(new UserError({ what: "no such file" }).message).toBe("no such file");
  });

  it("puts the further lines of a part below its first line", () => {
    expect(new UserError({ what: "missing", remedy: "one\ntwo" }).message).toBe(
      "missing\n  remedy   one\n           two",
    );
  });
});

describe("a program that fails", () => {
  it("prints a UserError without a stack trace, and exits with its code", () => {
    expect(reportError(new UserError({ what: "wrong", exitCode: 3 }), stderr)).toBe(3);
    expect(printed).toBe("wrong\n");
  });

  it("exits with 1 for a UserError without a code", () => {
    expect(reportError(new UserError({ what: "wrong" }), stderr)).toBe(1);
  });

  it("prints a bug with its stack trace, and exits with 1", () => {
    expect(reportError(new TypeError("x is undefined"), stderr)).toBe(1);
    expect(printed).toMatch(/^TypeError: x is undefined\n\s+at /);
  });

  it("prints a thrown value that is not an Error", () => {
    expect(reportError("no error at all", stderr)).toBe(1);
    expect(printed).toBe("no error at all\n");
  });

  it("reports an error of the function that it runs", async () => {
    const failing = program(() => Promise.reject(new UserError({ what: "wrong", exitCode: 4 })));
    expect(await failing([], { stdout: stderr, stderr, env: {}, cwd: "/" })).toBe(4);
    expect(printed).toBe("wrong\n");
  });

  it("prints a full disk without a stack trace", async () => {
    const failing = program(() => writeToFullDisk().then(() => 0));
    expect(await failing([], { stdout: stderr, stderr, env: {}, cwd: "/" })).toBe(1);
    expect(printed).toBe(
      "The disk is full (write: ENOSPC).\n  remedy   Free space on this disk, and run the command again.\n",
    );
  });

  it("names the file that the operating system refuses", () => {
    const error = Object.assign(new Error("EROFS: read-only file system, open '/plans/journal.ndjson'"), {
      code: "EROFS",
      syscall: "open",
      path: "/plans/journal.ndjson",
    });
    expect(reportError(error, stderr)).toBe(1);
    expect(printed).toBe(
      "The file system is read-only (open: EROFS).\n  found    /plans/journal.ndjson\n" +
        "  remedy   Choose a folder on a file system that can be written.\n",
    );
  });

  it("names both files where one was to become the other", () => {
    const error = Object.assign(new Error("EISDIR: illegal operation on a directory, rename 'a' -> 'b'"), {
      code: "EISDIR",
      syscall: "rename",
      path: "a",
      dest: "b",
    });
    reportError(error, stderr);
    expect(printed).toContain("  found    a, which would become b\n");
  });

  describe("on a path that is wrong", () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "session-audit-path-test-"));
      await writeFile(join(folder, "file"), "");
      await mkdir(join(folder, "full", "inner"), { recursive: true });
      await symlink("circle", join(folder, "circle"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    const at = (name: string) => join(folder, name);
    it.each([
      ["ENOENT", "missing/x", () => writeFile(at("missing/x"), "")],
      ["ENOTDIR", "file/x", () => writeFile(at("file/x"), "")],
      ["EISDIR", "full", () => writeFile(at("full"), "")],
      ["EEXIST", "file", () => mkdir(at("file"))],
      ["ELOOP", "circle", () => readFile(at("circle"))],
      ["ENOTEMPTY", "full", () => rmdir(at("full"))],
    ])("says %s of %s in words, with the path and a remedy", async (code, path, work) => {
      const failing = program(() => work().then(() => 0));
      expect(await failing([], { stdout: stderr, stderr, env: {}, cwd: "/" })).toBe(1);
      const [what, found, remedy] = printed.split("\n");
      expect({ what, found, remedy, length: printed.split("\n").length }).toEqual({
        what: expect.stringMatching(new RegExp(`^[A-Z][a-z ,]+ \\(\\w+: ${code}\\)\\.$`)) as string,
        found: `  found    ${at(path)}`,
        remedy: expect.stringMatching(/^ {2}remedy {3}\S/) as string,
        length: 4,
      });
    });
  });
});

/** What a terminal obeys, or shows in another order than it is: a control of C0, one of C1, and a bidirectional override. */
const UNSEEN = "\u001b[2J \u009b2J \u202e";
const SEEN = "\\u001b[2J \\u009b2J \\u202e";

describe("characters that nobody sees", () => {
  const io = () => ({ stdout: stderr, stderr, env: {}, cwd: "/" });
  const printedBy = async (work: () => unknown): Promise<string> => {
    await program(async () => {
      await work();
      return 0;
    })([], io());
    return printed;
  };
  const failing = (error: unknown) => () => Promise.reject(error as Error);
  const screen = (isTTY = false) =>
    new Screen({ ...stderr, isTTY, columns: 200 }, { NO_COLOR: "1", TERM: "xterm" });
  const warnings = {
    open: [{ path: "a", warning: "w", why: UNSEEN, found: 1, remedy: "r", others: 0, examples: [] }],
  };

  it.each<[string, () => unknown]>([
    ["what a UserError is about", failing(new UserError({ what: UNSEEN }))],
    ["what a UserError has found", failing(new UserError({ what: "x", found: UNSEEN }))],
    ["what a UserError allows", failing(new UserError({ what: "x", allowed: UNSEEN }))],
    ["the remedy of a UserError", failing(new UserError({ what: "x", remedy: UNSEEN }))],
    [
      "a value of a map",
      failing(new MapError("m", [{ path: "a", found: UNSEEN, allowed: "b", remedy: "c" }])),
    ],
    [
      "a key of a map",
      failing(new MapError("m", [{ path: renderPath([UNSEEN]), found: 1, allowed: "b", remedy: "c" }])),
    ],
    ["the message of a bug", failing(new TypeError(UNSEEN))],
    ["a thrown text", failing(UNSEEN)],
    ["a printed line", () => screen().print(UNSEEN)],
    ["a status", () => screen(true).status(UNSEEN)],
    ["a warning", () => stderr.write(describeWarnings("m", warnings as unknown as Warnings))],
  ])("are escaped in %s", async (_where, work) => {
    // What the screen itself says to a terminal.
    const text = (await printedBy(work)).replaceAll("\r\u001b[K", "");
    expect(text).toContain(SEEN);
    expect(text).not.toMatch(/[^\n -~]/);
  });

  it("are escaped in a question", async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const answer = askAt({ input, output }, `${UNSEEN}\n? `);
    input.write("yes\n");
    await answer;
    expect(String(output.read())).toBe(`${SEEN}\n? `);
  });

  it("leave the lines of a message as they are", () => {
    expect(new UserError({ what: "a\r\nb", found: "c\nd" }).message).toBe("a\nb\n  found    c\n           d");
  });
});
