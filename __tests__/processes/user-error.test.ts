import { readFile, writeFile } from "node:fs/promises";
import { reportError, program, type Output } from "../../processes/program";
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
      ...{ code: "EROFS", syscall: "open", path: "/plans/journal.ndjson" },
    });
    expect(reportError(error, stderr)).toBe(1);
    expect(printed).toBe(
      "The file system is read-only (open: EROFS).\n  found    /plans/journal.ndjson\n" +
        "  remedy   Choose a folder on a file system that can be written.\n",
    );
  });

  it("prints a missing file with its stack trace: the program should have looked for it", async () => {
    const failing = program(() => readFile("/no/such/file").then(() => 0));
    expect(await failing([], { stdout: stderr, stderr, env: {}, cwd: "/" })).toBe(1);
    expect(printed).toMatch(/^Error: ENOENT.*/);
  });
});
