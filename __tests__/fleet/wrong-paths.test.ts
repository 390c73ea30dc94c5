import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../fleet/cli";
import { refuseUnwritable, writeOutput, writeWhole } from "../../fleet/output-file";
import { profilesOf } from "../../stacks/profiles";
import { checkMap } from "../../stacks/read-organization";
import exampleMap from "../fixtures/example-map";
import { runProgram } from "../helpers/run-program";

/** Roles that plan: Terraform then gets a file with the profiles that assume them. */
const DEPLOYMENT = { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "session-audit-paths-"));
  writeFileSync(join(folder, "map.json"), JSON.stringify({ ...exampleMap, deployment: DEPLOYMENT }));
  writeFileSync(join(folder, "file"), "");
  mkdirSync(join(folder, "folder", "pipeline.template.json"), { recursive: true });
  symlinkSync("nowhere", join(folder, "dangling.yaml"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A Terraform that only says its version, from a folder in which nothing else could be run. */
function terraform(): NodeJS.ProcessEnv {
  const binary = join(folder, "terraform");
  writeFileSync(
    binary,
    `#!/bin/sh\n[ "$2" = -json ] && echo '{"terraform_version":"1.13.0"}' || echo 'Terraform v1.13.0'\n`,
  );
  chmodSync(binary, 0o755);
  writeFileSync(join(folder, "terraform.rc"), "");
  return { TERRAFORM_BINARY_NAME: binary, TF_CLI_CONFIG_FILE: join(folder, "terraform.rc") };
}

const command = (words: string, env: NodeJS.ProcessEnv = {}) =>
  runProgram(run, words.split(" "), {
    cwd: folder,
    env: { SESSION_AUDIT_ACCOUNTS: join(folder, "map.json"), INIT_CWD: folder, ...env },
  });

const INIT = "init --organization acme --account a=222222222222 --region eu-central-1 --out";
const BOOTSTRAP = "bootstrap --pipeline-account log-archive --github acme/audit --out";
const QUEUE = "worker --queue https://sqs.eu-central-1.amazonaws.com/111111111111/work --directory";
/** Whoever looked for Terraform, or called AWS, would say so. */
const NOTHING_STARTED = { TERRAFORM_BINARY_NAME: "/no/terraform", AWS_ENDPOINT_URL: "http://127.0.0.1:1" };

it.each([
  [`${INIT} file/x.yaml`, "file/x.yaml"],
  [`${INIT} dangling.yaml`, "dangling.yaml"],
  [`${BOOTSTRAP} file`, "file"],
  [`${BOOTSTRAP} file/sub`, "file/sub"],
  [`${BOOTSTRAP} folder`, "folder/pipeline.template.json"],
  ["adopt --html none/x.html", "none/x.html"],
  ["adopt --html folder", "folder"],
  ["doctor --html none/x.html", "none/x.html"],
  ["report --html file/x.html", "file/x.html"],
  ["report --session a --asciicast none/x.cast", "none/x.cast"],
  ["drift --out none/x.json", "none/x.json"],
  ["drift --out file/x.json", "file/x.json"],
  [`${QUEUE} file`, "file"],
])("%s names the path and what to do, before any work, and without a stack trace", async (words, path) => {
  const { status, stdout, stderr } = await command(words, NOTHING_STARTED);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(join(folder, path));
  expect(stderr).toMatch(/^ {2}remedy {3}(?:Name|Check) /m);
  expect(stderr).not.toMatch(/^\s+at /m);
  // What is written at the end of the work is opened. Before it, only the access is checked.
  expect(stderr).not.toMatch(/ open '/);
});

it("init overwrites no symbolic link, even if it leads nowhere", async () => {
  expect((await command(`${INIT} dangling.yaml`)).stderr).toContain("init overwrites nothing");
});

describe.each(["plan", "drift"])("%s", (name) => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env["TMPDIR"];
    mkdirSync(join(folder, "tmp"));
    process.env["TMPDIR"] = join(folder, "tmp");
  });
  afterEach(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });

  it("names a workspace that is a file, and leaves nothing behind", async () => {
    const env = { ...terraform(), SESSION_AUDIT_WORKSPACE: join(folder, "file") };
    const { status, stderr } = await command(name, env);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining(`(mkdir: EEXIST).\n  found    ${join(folder, "file")}\n`) as string,
    });
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("gives the workspace back if the roles cannot be assumed", async () => {
    const env = { ...terraform(), SESSION_AUDIT_WORKSPACE: join(folder, "workspace") };
    const profile = profilesOf(checkMap({ ...exampleMap, deployment: DEPLOYMENT }, "map"))![0]!.name;
    writeFileSync(
      join(folder, "config"),
      `[profile ${profile}]
`,
    );
    const { status, stderr } = await command(name, { ...env, AWS_CONFIG_FILE: join(folder, "config") });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining("session-audit needs a profile of this name") as string,
    });
    expect(readdirSync(join(folder, "workspace"))).toEqual([]);
  });
});

it("an output file is not refused where it can be written, nor where it exists", async () => {
  await refuseUnwritable("--html", join(folder, "new.html"));
  await refuseUnwritable("--html", join(folder, "file"));
});

it("a page is readable by its owner alone", async () => {
  await writeOutput("--html", join(folder, "x.html"), "page");
  expect(statSync(join(folder, "x.html")).mode & 0o777).toBe(0o600);
});

it("a file with secrets is readable by its owner alone, whatever is beside it", async () => {
  const beside = join(folder, "x.json.partial");
  writeFileSync(beside, "of somebody else", { mode: 0o644 });
  await writeWhole("--out", join(folder, "x.json"), "{}");
  expect(statSync(join(folder, "x.json")).mode & 0o777).toBe(0o600);
  expect(readFileSync(beside, "utf8")).toBe("of somebody else");
});

it.each([writeOutput, writeWhole])(
  "%p says which option names a file that cannot be written",
  async (write) => {
    await expect(write("--html", join(folder, "none", "x"), "")).rejects.toThrow(
      `--html: ${join(folder, "none", "x")} cannot be written`,
    );
  },
);
