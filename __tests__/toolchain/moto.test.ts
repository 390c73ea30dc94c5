import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findMoto } from "../../toolchain";
import { Sandbox } from "./sandbox";

let sandbox: Sandbox;
beforeEach(() => (sandbox = new Sandbox()));
afterEach(() => sandbox.remove());

const find = () => findMoto(sandbox.options);
const serves = ["-c", expect.stringContaining("moto.server")];
const home = (): string => join(sandbox.cacheDir, "moto-5.2.1");
const inEnvironment = () => ({
  command: join(home(), "bin", "python"),
  args: serves,
  version: "5.2.1",
});

/** The commands that have made the virtual environment, one in each line. */
const made = (): string => readFileSync(join(sandbox.root, "made"), "utf8");

/** The answer of a Python to `-c`. Without `command`, it is the answer of a Python that does not know its own path. */
const says = (answer: { version: string; moto?: string; command?: string }): string =>
  `echo '${JSON.stringify({ command: "", ...answer })}'`;

/** A fake Python. `moto` is the version that it can import, if any; `venv` and `pip` are what `-m venv` and `-m pip` run. */
const python = ({ moto = "", venv = ":", pip = "echo Downloading moto.whl" } = {}): string => `
case "$1 $2" in
  "-m venv") ${venv}
    echo venv >> ${sandbox.root}/made
    mkdir -p "$3/bin"
    cat > "$3/bin/python" <<'END'
#!/bin/sh
case "$2" in
  pip) echo "$*" >> ${sandbox.root}/made; ${pip} ;;
  *) ${says({ version: "3.12", moto: "5.2.1" })} ;;
esac
END
    chmod +x "$3/bin/python" ;;
  *) ${says({ version: "3.12", ...(moto && { moto }) })} ;;
esac`;

describe("moto of the Python on PATH", () => {
  it("is used without a virtual environment", async () => {
    const command = sandbox.program("python3", says({ version: "3.12", moto: "5.1.22" }));
    expect(await find()).toEqual({ command, args: serves, version: "5.1.22" });
  });

  it("is run by the interpreter itself, not by a version manager's shim", async () => {
    sandbox.program(
      "python3",
      says({ version: "3.12", moto: "5.1.22", command: "/versions/3.12/bin/python3" }),
    );
    expect(await find()).toMatchObject({ command: "/versions/3.12/bin/python3" });
  });

  it("may belong to `python` if `python3` has none", async () => {
    sandbox.program("python3", says({ version: "3.12" }));
    const command = sandbox.program("python", says({ version: "3.12", moto: "5.2.0" }));
    expect(await find()).toMatchObject({ command });
  });

  it("is passed over, with a line in the log, when it is too old", async () => {
    const path = sandbox.program("python3", python({ moto: "5.0.9" }));
    expect(await find()).toEqual(inEnvironment());
    expect(sandbox.log[0]).toBe(`moto 5.0.9 of ${path} is passed over: 5.1 or newer is needed`);
  });
});

describe("the command", () => {
  it("serves with the given options, and keeps Python from changing the thread within a request", async () => {
    sandbox.program("python3", says({ version: "3.12", moto: "5.1.22" }));
    const { args } = await find();
    const main = "def main(): print(sys.argv[1:], sys.getswitchinterval() >= 60)";
    sandbox.file("moto/__init__.py", "");
    sandbox.file("moto/core/__init__.py", "");
    sandbox.file(
      "moto/core/base_backend.py",
      "backend_lock = None\nclass AccountSpecificBackend(dict): pass\n",
    );
    sandbox.file("moto/s3/__init__.py", "");
    sandbox.file("moto/s3/models.py", "class S3Backend:\n  def put_object_lock_configuration(self): pass\n");
    sandbox.file("moto/server.py", `import sys\n${main}\n`);
    const output = execFileSync("python3", [...args, "-p", "5000"], { cwd: sandbox.root, encoding: "utf8" });
    expect(output).toBe("['-p', '5000'] True\n");
  });
});

describe("the virtual environment for moto", () => {
  it("gets the pinned moto", async () => {
    sandbox.program("python3", python());
    expect(await find()).toEqual(inEnvironment());
    expect(made()).toMatch(/^venv\n-m pip install .*moto\[server\]==5\.2\.1\n$/);
  });

  it("is made once", async () => {
    sandbox.program("python3", python());
    await find();
    const first = made();
    expect(await find()).toEqual(inEnvironment());
    expect(made()).toBe(first);
  });

  it("is rebuilt when it was not finished", async () => {
    const leftover = sandbox.program("cache/moto-5.2.1/bin/python", says({ version: "3.12", moto: "5.2.1" }));
    sandbox.file("cache/moto-5.2.1/lib/half", "");
    sandbox.program("python3", python());
    expect(await find()).toMatchObject({ command: leftover });
    expect(existsSync(join(home(), "lib/half"))).toBe(false);
  });

  it("is rebuilt when its Python no longer works", async () => {
    sandbox.file("cache/moto-5.2.1/complete", "");
    sandbox.file("cache/moto-5.2.1/lib/old", "");
    sandbox.program("python3", python());
    await find();
    expect(existsSync(join(home(), "lib/old"))).toBe(false);
  });

  it("shows its progress", async () => {
    sandbox.program("python3", python());
    await find();
    expect(sandbox.log).toEqual([
      expect.stringContaining("Making a Python environment"),
      "  Downloading moto.whl",
    ]);
  });

  it("does not count as finished when pip fails, and the error ends with pip's words", async () => {
    sandbox.program("python3", python({ pip: "echo 'ERROR: No matching distribution' >&2; exit 1" }));
    await expect(find()).rejects.toThrow(/it exited with 1\.\n {4}ERROR: No matching distribution/);
    expect(existsSync(join(home(), "complete"))).toBe(false);
  });

  it("asks for python3-venv where Debian has split it off", async () => {
    sandbox.program("python3", python({ venv: "echo 'ensurepip is not available'; exit 1" }));
    await expect(find()).rejects.toThrow("apt-get install python3-venv");
  });

  it("names any other failure to make it", async () => {
    sandbox.program("python3", python({ venv: "echo 'No space left on device'; exit 1" }));
    await expect(find()).rejects.toThrow(/could not make a virtual environment.*\n.*No space left on device/);
  });
});

describe("without a usable Python the error says", () => {
  it("what to install", async () => {
    await expect(find()).rejects.toThrow(
      /Python 3.10 or newer is missing.*\n.*neither runs.\n.*apt-get install python3/,
    );
  });

  it("which old one was found", async () => {
    const path = sandbox.program("python", says({ version: "2.7" }));
    await expect(find()).rejects.toThrow(`${path} is Python 2.7`);
  });

  it("that one on PATH does not run", async () => {
    sandbox.program("python3", "exit 127");
    await expect(find()).rejects.toThrow("neither runs");
  });
});
