import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linuxToolsDocument } from "../../../stacks/constructs/instance-prerequisites";
import { revisionOf } from "../../../stacks/kit/json";

// Real shells run the script that instances receive. The PATH has only the programs that a test puts there.
const STEP = linuxToolsDocument("acme").mainSteps[0]!;
const SCRIPT = STEP.inputs.runCommand.join("\n");

const SHELLS = ["/bin/dash", "/bin/bash", "/bin/sh"].filter((shell) => existsSync(shell));
const MANAGERS = ["dnf", "yum", "apt-get", "zypper"] as const;
type Manager = (typeof MANAGERS)[number];

/** An instance: what it has, and how its package manager behaves. */
interface Instance {
  readonly managers?: readonly Manager[];
  readonly has?: readonly string[];
  /** Packages in the repositories; by default, both tools'. */
  readonly offers?: readonly string[];
  /** How many calls fail before one works. */
  readonly failures?: number;
  /** Whether the package manager reports success without installing the tool. */
  readonly lies?: boolean;
}

const PACKAGES: Readonly<Record<string, string>> = {
  "/usr/bin/script": "script",
  bsdutils: "script",
  "util-linux": "script",
  "/usr/bin/screen": "screen",
  screen: "screen",
};

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-tools-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function put(name: string, lines: readonly string[]): void {
  const file = join(directory, name);
  writeFileSync(file, `${["#!/bin/sh", ...lines].join("\n")}\n`);
  chmodSync(file, 0o755);
}

/** A package manager that logs its calls, and installs a tool by putting it into the PATH. */
function putManager(name: string, { offers, failures = 0, lies = false }: Instance): void {
  const offered = offers ?? Object.keys(PACKAGES);
  const isInstalled = Object.entries(PACKAGES)
    .filter(([item]) => offered.includes(item))
    .map(
      ([item, tool]) =>
        `  ${item}) ${lies ? ":" : `echo '#!/bin/sh' > ${directory}/${tool}; ${chmod} 755 ${directory}/${tool}`} ;;`,
    );
  put(name, [
    `echo "${name} $*" >> ${directory}/calls`,
    `left=$(${cat} ${directory}/failures 2>/dev/null || echo ${failures})`,
    `if [ "$left" -gt 0 ]; then echo $((left - 1)) > ${directory}/failures; echo "could not get lock" >&2; exit 100; fi`,
    'for last in "$@"; do :; done',
    'case " $* " in',
    '*" install "*) case "$last" in',
    ...isInstalled,
    "  *) exit 1 ;;",
    "  esac ;;",
    `*" available "* | *" search "* | *" show "*) case "$last" in ${offered.includes("screen") ? "screen) ;;" : ""} *) exit 104 ;; esac ;;`,
    "esac",
  ]);
}
const chmod = "/bin/chmod";
const cat = "/bin/cat";

function run(shell: string, instance: Instance) {
  for (const tool of instance.has ?? []) put(tool, []);
  for (const name of instance.managers ?? []) {
    putManager(name, instance);
    if (name === "apt-get") putManager("apt-cache", instance);
  }
  put("sleep", [`echo "sleep $*" >> ${directory}/calls`]);
  const script = join(directory, "_script.sh");
  writeFileSync(script, SCRIPT);
  const { status, stdout, stderr } = spawnSync(shell, [script], {
    env: { PATH: directory },
    encoding: "utf8",
  });
  const calls = existsSync(join(directory, "calls"))
    ? readFileSync(join(directory, "calls"), "utf8").trim().split("\n")
    : [];
  return {
    status,
    said: stdout + stderr,
    calls,
    installs: calls.filter((call) => call.includes(" install ")),
  };
}

it.each([...SHELLS])("is read by %s without a complaint", (shell) => {
  const { status, stderr } = spawnSync(shell, ["-n", "-u"], { input: SCRIPT, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

describe.each(SHELLS)("under %s, an instance", (shell) => {
  it.each(MANAGERS)("with both tools is left alone by %s", (manager) => {
    const { status, calls } = run(shell, { managers: [manager], has: ["script", "screen"] });
    expect({ status, calls }).toEqual({ status: 0, calls: [] });
  });

  it.each<[Manager, string, string]>([
    ["dnf", "/usr/bin/script", "/usr/bin/screen"],
    ["yum", "/usr/bin/script", "/usr/bin/screen"],
    ["apt-get", "bsdutils", "screen"],
    ["zypper", "util-linux", "screen"],
  ])("with neither gets both from %s: %s and %s", (manager, script, screen) => {
    const { status, said, installs } = run(shell, { managers: [manager] });
    expect(status).toBe(0);
    expect(installs.map((call) => call.split(" ").at(-1))).toEqual([script, screen]);
    expect(said).toContain(`script has been installed with ${manager}`);
    expect(said).toContain(`screen has been installed with ${manager}`);
  });

  it("with script alone gets screen alone", () => {
    const { status, installs } = run(shell, { managers: ["dnf"], has: ["script"] });
    expect({ status, packages: installs.map((call) => call.split(" ").at(-1)) }).toEqual({
      status: 0,
      packages: ["/usr/bin/screen"],
    });
  });

  it.each<[Manager, RegExp]>([
    ["dnf", / -y .* install /],
    ["yum", / -y .* install /],
    ["apt-get", / DPkg::Lock::Timeout=120 .* -y --no-install-recommends --no-remove install /],
    ["zypper", / --non-interactive .* install /],
  ])("is not asked for confirmation by %s", (manager, pattern) => {
    const { installs } = run(shell, { managers: [manager] });
    expect(installs.filter((call) => !pattern.test(call))).toEqual([]);
  });

  it("with dnf and yum uses dnf", () => {
    const { calls } = run(shell, { managers: ["dnf", "yum"] });
    expect(calls.filter((call) => call.startsWith("yum"))).toEqual([]);
  });

  it.each(MANAGERS)("whose %s is locked at first tries again after a pause", (manager) => {
    const { status, calls } = run(shell, { managers: [manager], has: ["screen"], failures: 2 });
    expect(status).toBe(0);
    expect(calls.filter((call) => call === "sleep 20")).toHaveLength(2);
  });

  it.each(MANAGERS)("whose %s keeps failing fails, with the error of the package manager", (manager) => {
    const { status, said, calls } = run(shell, { managers: [manager], failures: 99 });
    expect(status).toBe(1);
    expect(said).toMatch(
      new RegExp(`script is missing, and ${manager} could not install \\S+ in 3 attempts`),
    );
    expect(calls.filter((call) => call.startsWith("sleep"))).toHaveLength(2);
  });

  it.each(MANAGERS)("whose %s has no package with script fails", (manager) => {
    const { status, said } = run(shell, { managers: [manager], offers: [] });
    expect({ status, said }).toMatchObject({
      status: 1,
      said: expect.stringContaining("script is missing") as string,
    });
  });

  it.each(MANAGERS)(
    "whose %s has no screen, like RHEL without EPEL, succeeds with script alone",
    (manager) => {
      const offers = Object.keys(PACKAGES).filter((name) => PACKAGES[name] === "script");
      const { status, said } = run(shell, { managers: [manager], offers });
      expect(status).toBe(0);
      expect(said).toContain("EPEL");
    },
  );

  it("whose repositories cannot be reached for screen fails, because they may have it", () => {
    const { status, said } = run(shell, { managers: ["dnf"], has: ["script"], failures: 99 });
    expect(status).toBe(1);
    expect(said).toContain("screen is missing, and dnf could not install /usr/bin/screen");
  });

  it("whose package manager reports success without installing the tool fails", () => {
    const { status, said } = run(shell, { managers: ["yum"], lies: true });
    expect(status).toBe(1);
    expect(said).toContain("script is still missing");
  });

  it("without a known package manager fails if it lacks script", () => {
    const { status, said } = run(shell, {});
    expect(status).toBe(1);
    expect(said).toContain("the instance has no dnf, yum, apt-get or zypper");
  });

  it("without a known package manager succeeds if it has script", () => {
    const { status, said } = run(shell, { has: ["script"] });
    expect(status).toBe(0);
    expect(said).toContain("only SSM Agent before 2.3.978.0 needs it");
  });
});

describe("the document", () => {
  const content = JSON.stringify(linuxToolsDocument("acme"));

  it("runs on Linux alone", () => {
    expect(linuxToolsDocument("acme").schemaVersion).toBe("2.2");
    expect(STEP.precondition).toEqual({ StringEquals: ["platformType", "Linux"] });
  });

  it("fits into the 64 KB of a document", () => expect(content.length).toBeLessThan(64 * 1024));

  it("contains nothing that Systems Manager would read as a parameter", () =>
    expect(content).not.toContain("{{"));

  it("has a timeout that is longer than all attempts to install both tools", () => {
    const [lock, attempts, pause] = ["LOCK_SECONDS", "ATTEMPTS", "PAUSE_SECONDS"].map((name) =>
      Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(SCRIPT)?.[1]),
    ) as [number, number, number];
    // In each attempt, the refresh and the installation wait for locks. The search for screen waits once.
    const longest = 2 * (attempts * 2 * lock + (attempts - 1) * pause) + lock;
    expect(longest).toBeLessThan(Number(STEP.inputs.timeoutSeconds));
  });

  it("has a digest of its content in its description, so that Systems Manager accepts earlier content again", () => {
    const { description, mainSteps } = linuxToolsDocument("acme");
    const [step] = mainSteps;
    expect(description).toContain(`(revision ${revisionOf(mainSteps)})`);
    expect(revisionOf([{ ...step, name: "Another" }])).not.toBe(revisionOf(mainSteps));
  });
});
