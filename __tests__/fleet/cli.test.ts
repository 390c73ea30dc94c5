import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { run } from "../../fleet/cli";
import { runProgram, spawnProgram } from "../helpers/run-program";

/** A map with guardrails. */
const GUARDED = join(__dirname, "..", "fixtures", "guardrails.yaml");

const list = (argv: readonly string[], env?: NodeJS.ProcessEnv) =>
  runProgram(run, ["list", ...argv], { env });

it("prints one id on a line, for a shell to use", async () => {
  expect(await list(["--ids", "--account", "storefront"])).toEqual({
    status: 0,
    stderr: "",
    stdout: "archive-us-east-1\naccount-storefront\nsession-storefront-us-east-1\n",
  });
});

it("lists where each stack belongs, where its state is, and what comes before it", async () => {
  const { stdout } = await list(["--wave", "canary"]);
  expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toContainEqual([
    ...["session-sandbox-eu-central-1", "session", "sandbox", "222222222222", "eu-central-1", "canary"],
    ...["state/session-sandbox-eu-central-1.tfstate", "archive-eu-central-1, account-sandbox"],
  ]);
});

it.each([
  ["a stack that the waves share", {}, "archive-eu-central-1", "every wave"],
  ["the guardrails", { SESSION_AUDIT_ACCOUNTS: GUARDED }, "guardrails", "after all waves"],
])("lists the wave of %s", async (_what, env, stack, wave) => {
  const { stdout } = await list([], env);
  const rows = stdout.split("\n").map((line) => line.split(/ {2,}/));
  expect(rows.find(([id]) => id === stack)![rows[0]!.indexOf("WAVE")]).toBe(wave);
});

it("prints JSON for programs", async () => {
  const { stdout } = await list(["--wave", "canary", "--json"]);
  expect((JSON.parse(stdout) as { id: string }[]).at(-1)).toEqual({
    id: "session-sandbox-eu-central-1",
    kind: "session",
    account: "sandbox",
    accountId: "222222222222",
    region: "eu-central-1",
    wave: "canary",
    waves: ["canary"],
    dependsOn: ["archive-eu-central-1", "account-sandbox"],
    stateKey: "state/session-sandbox-eu-central-1.tfstate",
  });
});

it.each([
  // The roles' events of an account without a target in the global region go to the central bus beside the archive.
  [
    ["--kind", "account", "-a", "sandbox", "-a", "storefront"],
    "archive-eu-central-1\naccount-sandbox\naccount-storefront\n",
  ],
  [["account-s*"], "archive-eu-central-1\naccount-sandbox\naccount-storefront\n"],
  [["account-?ayments", "archive-us-*"], "archive-us-east-1\naccount-payments\n"],
  [
    ["--region", "us-east-1", "--account", "payments"],
    "archive-us-east-1\naccount-payments\nsession-payments-us-east-1\n",
  ],
])("selects by %j", async (argv, ids) => {
  expect((await list(["--ids", ...argv])).stdout).toBe(ids);
});

it.each([
  [["--wave", "canry"], {}, 'Did you mean "canary"?'],
  [["--wave", "canry"], {}, "allowed  canary, early, rest"],
  [["--account", "nope"], {}, "unknown"],
  [["--region", "eu-central-2"], {}, 'Did you mean "eu-central-1"?'],
  [["--wave", "canary", "--account", "payments"], {}, "no stack matches all of these options"],
  [["--kind", "sesion"], {}, 'Did you mean "session"?'],
  [["--wvae", "x"], {}, "unknown option"],
  [["account-sandbx"], {}, 'Did you mean "account-sandbox"?'],
  [["nothing-*"], {}, "the map has no such stack"],
  [["--orphans", "account-sandbox"], {}, "it selects no stacks"],
  [["--orphans", "--wave", "canary"], {}, "it selects no stacks"],
  [["--ids", "--json"], {}, "cannot be used with"],
  [["--ids", "--orphans"], {}, "cannot be used with"],
  [[], { SESSION_AUDIT_ACCOUNTS: "missing.yaml" }, "no such file"],
])("says what is wrong with %j %j and exits with 1", async (argv, env, text) => {
  const { status, stdout, stderr } = await list(argv, env);
  expect(status).toBe(1);
  expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
});

it.each([
  ["plan", "--out", "never"],
  ["drift"],
  ["deploy", "never"],
  ...["plan", "drift", "deploy"].map((name) => ["distribute", name, ...(name === "drift" ? [] : ["never"])]),
])("refuses a wrong --lock-timeout of %s before anything runs", async (...argv) => {
  const { status, stdout, stderr } = await runProgram(run, [...argv, "--lock-timeout", "soon"]);
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr:
      '--lock-timeout "soon" is not a duration.\n  allowed  a whole number of seconds or minutes, like 60s or 5m\n  remedy   Write the number and its unit, s or m.\n',
  });
});

it.each(["adopt", "list", "plan", "merge", "doctor"])(
  "explains in %s --help its options, with examples and exit codes",
  async (name) => {
    const { status, stdout } = await runProgram(run, [name, "--help"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Examples:[\s\S]*Exit codes:/);
  },
);

it("names its commands in --help", async () => {
  const { status, stdout } = await runProgram(run, ["--help"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/list [\s\S]*plan [\s\S]*merge /);
});

it("runs as the bin of the package", () => {
  expect(spawnProgram("fleet/bin.mjs", ["list", "--wave", "canry"])).toEqual({
    status: 1,
    stdout: "",
    stderr: '--wave "canry": unknown.\n  allowed  canary, early, rest\n  remedy   Did you mean "canary"?\n',
  });
});

it("loads the code of the command that is asked for, and of no other", () => {
  const program = `
    const { createRequire } = require("node:module");
    const io = { stdout: { write() {} }, stderr: { write() {} }, env: {}, cwd: process.cwd() };
    const { run } = require("./fleet/cli.ts");
    void (async () => {
      await run(["merge", "--help"], io);
      const loaded = Object.keys(createRequire(process.cwd() + "/cli.js").cache);
      console.log(JSON.stringify(loaded.flatMap((file) => /fleet.commands.([\\w-]+)/.exec(file)?.[1] ?? [])));
    })();`;
  const options = { cwd: resolve(__dirname, "..", ".."), encoding: "utf8" } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", "-e", program], options);
  expect({ stdout: JSON.parse(stdout || "null") as unknown, stderr }).toEqual({
    stdout: ["merge"],
    stderr: "",
  });
});

it("knows each command that the help names by the same word", async () => {
  const { stdout } = await runProgram(run, ["--help"]);
  const [, commands] = stdout.split("Commands:\n");
  const words = [...commands!.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, word]) => word!)
    .filter((word) => word !== "help");
  expect(words).toHaveLength(18);
  for (const word of words) {
    const help = await runProgram(run, [word, "--help"]);
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining(`session-audit ${word} `) });
  }
});
