import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TSX } from "../helpers/tsx";

const PROGRAM = resolve(__dirname, "..", "..", "processes", "program.ts");

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "session-audit-start-test-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program in a process of its own, in a shell. @param body what `run` does with `io` */
function started(body: string, redirection = ""): { status: number | null; stdout: string; stderr: string } {
  const file = join(folder, "program.ts");
  writeFileSync(
    file,
    `import { start } from ${JSON.stringify(PROGRAM)}; void start(async (_, io) => { ${body} });`,
  );
  const command = [process.execPath, ...TSX, file].map((word) => `'${word}'`).join(" ");
  return spawnSync("bash", ["-o", "pipefail", "-c", `${command} ${redirection}`], { encoding: "utf8" });
}

/** More than one write fails, and the second one later than the first. */
const PRINTS =
  'for (let line = 0; line < 5; line++) { io.stdout.write("x".repeat(30_000) + "\\n"); await new Promise(setImmediate); }';
const FULL =
  "The disk is full (write: ENOSPC).\n  found    the standard output\n" +
  "  remedy   Free space on this disk, and run the command again.\n";
const ENDED = /^the process was ended before the program had done its work\.\n {2}remedy {3}.*\n$/;
/** Only Linux has a file that is a full disk. Elsewhere, the stream says what it would say there. */
const onFullDisk =
  process.platform === "linux"
    ? ([PRINTS, "> /dev/full"] as const)
    : ([
        'const full = () => Object.assign(new Error("full"), { code: "ENOSPC", syscall: "write" });' +
          'process.stdout.emit("error", full()); process.stdout.emit("error", full());',
        "",
      ] as const);

it.each([0, 2])(
  "exits with 1, and says once why, if a full disk takes no output of a program that returns %i",
  (code) => {
    const [prints, redirection] = onFullDisk;
    expect(started(`${prints} return ${code};`, redirection)).toMatchObject({ status: 1, stderr: FULL });
  },
);

it.each([0, 2])("exits with the code %i of a program whose reader has left", (code) => {
  expect(started(`${PRINTS} return ${code};`, "| true")).toMatchObject({ status: code, stderr: "" });
});

it.each([
  [true, 0],
  [false, 1],
])("where a terminal is %s, exits with %i if the output answers with EIO", (isTTY, code) => {
  const body =
    `Object.defineProperty(process.stdout, "isTTY", { value: ${isTTY} });` +
    'process.stdout.emit("error", Object.assign(new Error("EIO"), { code: "EIO", syscall: "write" })); return 0;';
  expect(started(body).status).toBe(code);
});

it.each(["process.exit(0)", "process.exit()", "await new Promise(() => {})"])(
  "exits with 1, and says why, if a program has not returned before %s",
  (ends) => {
    const { status, stderr } = started(`${ends}; return 0;`);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(ENDED) as string });
  },
);

it("keeps the code of an interruption that ends the process", () => {
  expect(started("process.exitCode = 130; process.exit(); return 0;")).toMatchObject({
    status: 130,
    stderr: "",
  });
});
