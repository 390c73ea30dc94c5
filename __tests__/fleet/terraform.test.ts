import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Terraform, TerraformError } from "../../fleet/terraform";
import { isAlive } from "../helpers/is-alive";
import { until } from "../helpers/until";

/** A script in the place of Terraform: it notes what reaches it, in the directory that it runs in. */
const SCRIPT = `#!/bin/sh
case "$1" in
  init) echo "to stdout"; echo "to stderr" >&2; exit 1;;
  plan) for word; do case "$word" in -out=*) exit 2;; -destroy) exit 1;; esac; done; exit 0;;
  apply) trap 'echo INT >> signals' INT
    sleep 1000 & echo $! > provider
    echo $$ > pid
    while [ ! -s signals ]; do sleep 0.05; done
    sleep 0.4
    echo saved > state
    kill -9 "$(cat provider)"
    exit 1;;
  stubborn) trap 'echo INT >> signals' INT; trap '' TERM
    sleep 1000 & echo $! > provider
    echo $$ > pid
    while :; do sleep 0.05; done;;
esac
`;

let directory: string;
let binary: string;
/** Kills what a test has started, at the latest when it is over. */
let kill: AbortController;
beforeEach(() => {
  kill = new AbortController();
  directory = mkdtempSync(join(tmpdir(), "session-audit-terraform-"));
  binary = join(directory, "terraform");
  writeFileSync(binary, SCRIPT);
  chmodSync(binary, 0o755);
});
afterEach(() => {
  kill.abort();
  rmSync(directory, { recursive: true, force: true });
});

const note = (name: string) => readFileSync(join(directory, name), "utf8").trim();
const noted = (name: string) =>
  until(() => existsSync(join(directory, name)) && note(name) !== "", { what: `file ${name} of the script` });
const terraform = (signal?: AbortSignal) =>
  new Terraform({ binary, env: process.env, signal, kill: kill.signal });

it("distinguishes a plan with changes from a plan without", async () => {
  expect(await terraform().plan(directory)).toMatchObject({ changed: false });
  expect(await terraform().plan(directory, { out: "x" })).toMatchObject({ changed: true });
});

it("fails with the command, the exit code and the whole output", async () => {
  const error: unknown = await terraform()
    .init(directory)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TerraformError);
  expect(error).toMatchObject({
    terraformExitCode: 1,
    args: ["init", "-no-color", "-input=false", "-reconfigure"],
  });
  expect((error as Error).message).toContain(`failed in ${directory} (exit code 1)`);
  for (const said of ["to stdout", "to stderr"]) expect((error as Error).message).toContain(said);
});

it("does not report a failed plan as a plan with changes", async () => {
  await expect(terraform().plan(directory, { destroy: true })).rejects.toMatchObject({
    terraformExitCode: 1,
  });
});

it("fails with a message if the program does not exist", async () => {
  rmSync(binary);
  await expect(terraform().init(directory)).rejects.toThrow(/exit code none\):\nspawn .* ENOENT/);
});

it("sends SIGINT once on abort, and waits until the child has ended", async () => {
  const interruption = new AbortController();
  const applying = terraform(interruption.signal).apply(directory, "reviewed.tfplan");
  await noted("pid");
  interruption.abort();
  await expect(applying).rejects.toMatchObject({ terraformExitCode: 1 });
  expect(note("signals")).toBe("INT");
  expect(note("state")).toBe("saved");
});

it("starts nothing after an abort", async () => {
  const interruption = new AbortController();
  interruption.abort();
  await expect(terraform(interruption.signal).init(directory)).rejects.toThrow("abort");
});

it("kills a child that ignores the signal, together with its own children", async () => {
  const interruption = new AbortController();
  const running = terraform(interruption.signal).run(directory, ["stubborn"]);
  await noted("pid");
  interruption.abort();
  await noted("signals");
  expect(isAlive(Number(note("pid")))).toBe(true);
  kill.abort();
  await expect(running).rejects.toMatchObject({ terraformExitCode: null });
  for (const name of ["pid", "provider"])
    await until(() => !isAlive(Number(note(name))), { what: `end of the process in ${name}` });
});
