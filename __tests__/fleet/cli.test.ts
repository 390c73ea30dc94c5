import { run } from "../../fleet/cli";
import { runProgram, spawnProgram } from "../helpers/run-program";

const stacks = (argv: readonly string[], env?: NodeJS.ProcessEnv) => runProgram(run, argv, { env });

it("prints one id on a line, for a shell to use", async () => {
  expect(await stacks(["--account", "storefront"])).toEqual({
    status: 0,
    stderr: "",
    stdout: "archive-us-east-1\naccount-storefront\nsession-storefront-us-east-1\n",
  });
});

it("prints JSON for programs", async () => {
  const { stdout } = await stacks(["--wave", "canary", "--json"]);
  expect((JSON.parse(stdout) as { id: string }[]).at(-1)).toEqual({
    id: "session-sandbox-eu-central-1",
    kind: "session",
    account: "sandbox",
    region: "eu-central-1",
    wave: "canary",
    dependsOn: ["archive-eu-central-1", "account-sandbox"],
  });
});

it("adds up an option that is repeated", async () => {
  const { stdout } = await stacks(["--kind", "account", "-a", "sandbox", "-a", "storefront"]);
  expect(stdout).toBe("account-sandbox\naccount-storefront\n");
});

it.each([
  [["--wave", "canry"], {}, 1, 'Did you mean "canary"?'],
  [["--wave", "canry"], {}, 1, "allowed  canary, early, rest"],
  [["--account", "nope"], {}, 1, "unknown"],
  [["--wave", "canary", "--account", "payments"], {}, 1, "no stack matches all of these options"],
  [["--kind", "sesion"], {}, 1, 'Did you mean "session"?'],
  [["--wvae", "x"], {}, 2, "unknown option"],
  [["sandbox"], {}, 2, "too many arguments"],
  [[], { SESSION_AUDIT_ACCOUNTS: "missing.yaml" }, 1, "no such file"],
])("says what is wrong with %j %j and exits with %d", async (argv, env, code, text) => {
  const { status, stdout, stderr } = await stacks(argv, env);
  expect(status).toBe(code);
  expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
});

it("explains itself, with examples and exit codes", async () => {
  const { status, stdout } = await stacks(["--help"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/Examples:[\s\S]*Exit codes:/);
});

it("runs as a program of its own", () => {
  expect(spawnProgram("fleet/cli.ts", ["--wave", "canry"])).toEqual({
    status: 1,
    stdout: "",
    stderr: '--wave "canry": unknown.\n  allowed  canary, early, rest\n  remedy   Did you mean "canary"?\n',
  });
});
