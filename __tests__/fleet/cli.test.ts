import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { TSX } from "../helpers/tsx";

const ROOT = resolve(__dirname, "..", "..");
const run = (args: string[], env: NodeJS.ProcessEnv = {}) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...TSX, join(ROOT, "fleet", "cli.ts"), ...args],
    {
      encoding: "utf8",
      env: { ...process.env, ...env },
    },
  );
  return { status, stdout, stderr };
};

it("prints one id on a line, for a shell to use", () => {
  const { status, stdout, stderr } = run(["--account", "storefront"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toBe("archive-us-east-1\naccount-storefront\nsession-storefront-us-east-1\n");
});

it("prints JSON for programs", () => {
  const { stdout } = run(["--wave", "canary", "--json"]);
  expect((JSON.parse(stdout) as { id: string }[]).at(-1)).toEqual({
    id: "session-sandbox-eu-central-1",
    kind: "session",
    account: "sandbox",
    region: "eu-central-1",
    wave: "canary",
    dependsOn: ["archive-eu-central-1", "account-sandbox"],
  });
});

it.each([
  [["--wave", "canry"], {}, 1, 'Did you mean "canary"?'],
  [["--account", "nope"], {}, 1, "unknown"],
  [["--wave", "canary", "--account", "payments"], {}, 1, "no stack answers to all of that"],
  [["--kind", "sesion"], {}, 1, 'Did you mean "session"?'],
  [["--wvae", "x"], {}, 2, "unknown option"],
  [[], { SESSION_AUDIT_ACCOUNTS: "missing.yaml" }, 1, "no such file"],
])("says what is wrong with %j %j and exits with %d", (args, env, code, text) => {
  const { status, stdout, stderr } = run(args, env);
  expect(status).toBe(code);
  expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
});

it("explains itself", () => {
  const { status, stdout } = run(["--help"]);
  expect(status).toBe(0);
  expect(stdout).toContain("Exit codes");
});
