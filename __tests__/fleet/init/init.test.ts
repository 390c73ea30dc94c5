import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../../../fleet/cli";
import { firstMap, type Answers } from "../../../fleet/init/first-map";
import { checkMap } from "../../../stacks/read-organization";
import { runProgram } from "../../helpers/run-program";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-init-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const NEEDED = ["--organization", "acme", "--account", "sandbox=222222222222", "--region", "eu-central-1"];
const init = (...argv: string[]) => runProgram(run, ["init", ...argv], { cwd: directory });
const written = (name = "acme.yaml") => readFileSync(join(directory, name), "utf8");

/** Answers as a person types them, one after the other. The last one must be used. */
async function typed(...answers: string[]) {
  let [stdout, stderr] = ["", ""];
  const questions: string[] = [];
  const status = await run(["init"], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: { COLUMNS: "200" },
    cwd: directory,
    ask: (question) => {
      questions.push(question);
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`not expected: ${question}`);
      return Promise.resolve(answer);
    },
  });
  return { status, stdout, stderr, questions, left: answers };
}

it("writes a map of ten lines from three options, and says how to go on", async () => {
  const { status, stdout, stderr } = await init(...NEEDED);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("Written: acme.yaml, a map of 2 stacks.");
  expect(stdout).toContain("export SESSION_AUDIT_ACCOUNTS=acme.yaml");
  const lines = written().trim().split("\n");
  expect(lines.filter((line) => !/^ *#/.test(line)).length).toBeLessThanOrEqual(10);
  const listed = await runProgram(run, ["list", "--ids"], {
    cwd: directory,
    env: { SESSION_AUDIT_ACCOUNTS: "acme.yaml", INIT_CWD: directory },
  });
  expect(listed.stdout).toBe("account-sandbox\nsession-sandbox-eu-central-1\n");
});

it("says how to go on in words that a shell takes for one file", async () => {
  const { stdout } = await init(...NEEDED, "--out", "sp ace/it's.yaml");
  expect(stdout).toContain("export SESSION_AUDIT_ACCOUNTS='sp ace/it'\\''s.yaml'\n");
});

const ANSWERS: Answers = {
  organization: "acme",
  accounts: [
    { name: "log-archive", id: "111111111111" },
    { name: "on", id: "022222222222" },
  ],
  regions: ["eu-central-1", "us-east-1"],
  archive: "log-archive",
  readers: ["arn:aws:iam::111111111111:role/session-reviewer"],
  instanceRoles: ["app-server", "+=,.@-_"],
  email: "soc+sessions@example.com",
  stateBucket: "acme-terraform-state",
  role: "session-audit-deploy",
  planRole: "session-audit-plan",
};
const WITHOUT: Partial<Answers> = {
  archive: null,
  readers: [],
  instanceRoles: [],
  email: null,
  stateBucket: null,
};
const optional = Object.keys(WITHOUT) as (keyof Answers)[];
const subsets = Array.from({ length: 2 ** optional.length }, (_, bits) =>
  optional.filter((_key, index) => bits & (1 << index)),
);

it.each(subsets.map((left) => [left.join(", ") || "nothing", left] as const))(
  "writes a valid map without %s",
  (_, left) => {
    const answers = { ...ANSWERS, ...Object.fromEntries(left.map((key) => [key, WITHOUT[key]])) } as Answers;
    const map = parse(firstMap(answers)) as Record<string, never>;
    expect(checkMap(map, "acme.yaml").name).toBe("acme");
    expect(map).toMatchObject({
      deployment: { role: "session-audit-deploy", planRole: "session-audit-plan" },
      accounts: {
        on: { id: "022222222222", homeRegion: "eu-central-1", regions: ["eu-central-1", "us-east-1"] },
        "log-archive": { regions: answers.archive === null ? answers.regions : [] },
      },
      ...(answers.archive !== null && { archive: { account: "log-archive" } }),
      ...(answers.readers.length > 0 && { transcripts: { readers: answers.readers } }),
      access:
        answers.instanceRoles.length > 0
          ? { attachToRoles: answers.instanceRoles }
          : { instanceProfile: true },
      state: answers.stateBucket === null ? { backend: "local" } : { bucket: answers.stateBucket },
      ...(answers.email !== null && {
        notifications: {
          activity: { subscribers: [{ protocol: "email", endpoint: answers.email }] },
          security: { subscribers: [{ protocol: "email", endpoint: answers.email }] },
        },
      }),
    });
  },
);

it("asks at a terminal, again after each answer that is wrong", async () => {
  const { status, stderr, questions, left } = await typed(
    "Acme Corp",
    "acme",
    "",
    "sandbox",
    "sandbox=22",
    "sandbox=222222222222 sandbox=444444444444",
    "sandbox=222222222222 payments=444444444444",
    "eu-central-1",
    "paymnts",
    "payments",
    "",
    "app-server web-server",
    "nobody",
    "soc@example.com",
    "",
    "",
    "",
  );
  expect({ status, left }).toEqual({ status: 0, left: [] });
  expect(questions.filter((question) => question.startsWith("An account,"))).toHaveLength(5);
  expect(stderr).toContain('account "sandbox" is named twice.');
  expect(stderr).toContain("1 to 30 lower-case letters");
  expect(stderr).toContain('account "sandbox" is not a name and an id.');
  expect(stderr).toContain("a string of exactly 12 digits");
  expect(stderr).toContain('did you mean "payments"?');
  expect(parse(written())).toMatchObject({
    archive: { account: "payments" },
    access: { attachToRoles: ["app-server", "web-server"] },
    notifications: { security: { subscribers: [{ protocol: "email", endpoint: "soc@example.com" }] } },
    accounts: { sandbox: { id: "222222222222" }, payments: { id: "444444444444", regions: [] } },
  });
});

it.each([
  [[], "--organization <name>, --account <name=id>, --region <region>"],
  [["--account", "a=1"], "these options are missing: --organization <name>, --region <region>"],
  [[...NEEDED, "--region", "eu-central1"], "allowed  an AWS region"],
  [[...NEEDED, "--account", "b=1=2"], "Write it like sandbox=222222222222."],
  [
    [...NEEDED, "--account", "twice=222222222222", "--account", "twice=333333333333"],
    '"twice" is named twice.',
  ],
  [[...NEEDED, "--archive", "sandbx"], 'did you mean "sandbox"?'],
  [[...NEEDED, "--email", "nobody"], "notifications.activity.subscribers[0].endpoint"],
  [[...NEEDED, "--plan-role", "session-audit-deploy"], "another role than deployment.role"],
  [[...NEEDED, "--out", "map.toml"], "a first map is a .yaml or .yml file"],
  [[...NEEDED, "--out", "taken.yaml"], "exists, and init overwrites nothing"],
  [[...NEEDED, "--organization", "taken"], "exists, and init overwrites nothing"],
])("writes nothing and says what is wrong with %j", async (argv, text) => {
  writeFileSync(join(directory, "taken.yaml"), "mine\n");
  const { status, stdout, stderr } = await init(...argv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(text);
  expect(readdirSync(directory)).toEqual(["taken.yaml"]);
  expect(written("taken.yaml")).toBe("mine\n");
});
