import { execFileSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Disturbance, Effect } from "../../emulator/gateway/faults";
import { STATE_BUCKET, type Fleet, type RunningProgram } from "../helpers/fleet";
import type { ProgramOutcome } from "../helpers/run-program";
import { until } from "../helpers/until";
import { below } from "./processes";
import type { StateLocks } from "./state-locks";

/** The commands that are tried. */
export const COMMANDS = ["plan", "deploy", "drift", "adopt", "doctor", "report"] as const;
export type Command = (typeof COMMANDS)[number];

/** One try of a command in the presence of a fault. */
export interface Try {
  readonly fleet: Fleet;
  readonly command: Command;
  readonly random: () => number;
  /** Ids of the stacks. */
  readonly stacks: readonly string[];
  /** Path of the plan folder, in a directory of its own. */
  readonly folder: string;
  readonly locks: StateLocks;
}

/** Something that goes wrong, and how it is brought about. */
export interface Kind {
  readonly name: string;
  /** Completes the sentence "The command runs while …". */
  readonly what: string;
  readonly commands: readonly Command[];
  /** Further arguments of the command. */
  readonly args?: readonly string[];
  /** Exit codes with which the command stops because of this, beside those that every command may stop with. */
  readonly stops?: readonly number[];
  /** Whether only root can bring it about, because it mounts a file system. */
  readonly needsRoot?: true;
  /** What happens to calls while the command runs. */
  readonly calls?: (random: () => number) => Disturbance;
  /** Before a plan folder exists. */
  readonly prepare?: (one: Try) => void;
  /** Between the plan and the deployment; for other commands before they start. */
  readonly before?: (one: Try) => void | Promise<void>;
  /** While the command runs. @returns what is wrong already */
  readonly during?: (one: Try, running: RunningProgram) => Promise<string[]>;
  /** After the command has ended: what a person mends. */
  readonly after?: (one: Try) => void | Promise<void>;
}

/** A disturbance of a share of all calls. */
const share =
  (part: number, effect: Disturbance["effect"]) =>
  (random: () => number): Disturbance => ({ effect, hits: () => random() < part });

const ofStates = ({ service, url }: { readonly service: string; readonly url: string }) =>
  service === "s3" && url.startsWith(`/${STATE_BUCKET}`);

/** Credentials of roles expire after a number of calls by chance, as those of a session that began long ago. */
function expiring(random: () => number): Disturbance {
  let left = Math.floor(random() * 20);
  const effect: Effect = {
    code: "ExpiredToken",
    status: 403,
    message: "The security token included in the request is expired",
    kind: "error",
  };
  return { effect, hits: () => left-- <= 0 };
}

const ALL = COMMANDS;
const WRITING = ["plan", "deploy"] as const;
const IN_TERRAFORM = ["plan", "deploy", "drift"] as const;

/** Kills processes below the command at a moment by chance. */
const killing =
  (name: string) =>
  async ({ random }: Try, running: RunningProgram): Promise<string[]> => {
    let isOver = false;
    void running.ended.then(() => (isOver = true));
    await until(() => isOver || below(running.pid, name).length > 0, { what: `process ${name}` });
    await delay(random() * 4_000);
    for (const pid of below(running.pid, name)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
    return [];
  };

const diskOf = ({ folder }: Pick<Try, "folder">) => join(folder, "..");
const mount = (...args: readonly string[]) => execFileSync("mount", args, { stdio: "pipe" });

/** Mounts a file system in memory at the directory of the plan folder. */
function mountDisk(one: Try, kilobytes: number): void {
  mkdirSync(diskOf(one), { recursive: true });
  mount("-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", diskOf(one));
}
const unmount = (one: Try) => void execFileSync("umount", ["-l", diskOf(one)], { stdio: "pipe" });

/** Whether this process may mount a file system. */
export function mayMount(directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true });
    mount("-t", "tmpfs", "-o", "size=16k", "tmpfs", directory);
    execFileSync("umount", [directory], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

const filler = (one: Try) => join(diskOf(one), "filler");
const journal = ({ folder }: Try) => join(folder, "journal.ndjson");

/** Fills the disk of the plan folder to its last block. */
function fill(one: Try): void {
  const file = openSync(filler(one), "w");
  try {
    for (;;) writeFileSync(file, Buffer.alloc(4_096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}

/** Deploys, is killed after the first apply has started, and leaves a journal of which the end is missing. */
async function cutJournal(one: Try): Promise<void> {
  const { fleet, folder, random } = one;
  const running = fleet.start("deploy", folder, "--no-converge-check");
  let isOver = false;
  void running.ended.then(() => (isOver = true));
  const hasStarted = () => statSync(journal(one), { throwIfNoEntry: false })?.size ?? 0;
  await until(() => isOver || hasStarted() > 0, { what: "line in the journal" });
  await delay(random() * 6_000);
  running.kill("SIGKILL");
  await running.ended;
  const { size } = statSync(journal(one));
  const file = openSync(journal(one), "r+");
  ftruncateSync(file, Math.floor(size * random()));
  closeSync(file);
}

/** Whether a deployment has left a plan folder to another one. */
const isRefused = ({ status, stderr }: ProgramOutcome): boolean =>
  (status === 5 && /deploys this plan folder/.test(stderr)) ||
  (status === 1 && /deployed before/.test(stderr));

const MANIFEST = ({ folder }: Try) => join(folder, "manifest.json");

/** Everything that goes wrong. */
export const KINDS: readonly Kind[] = [
  {
    name: "throttling",
    what: "AWS throttles three of ten calls",
    commands: ALL,
    calls: share(0.3, { kind: "error", code: "Throttling", message: "Rate exceeded", status: 400 }),
  },
  {
    name: "server-errors",
    what: "AWS answers one of ten calls with an error of its own",
    commands: ALL,
    calls: share(0.1, {
      kind: "error",
      code: "InternalFailure",
      message: "We encountered an error",
      status: 500,
    }),
  },
  {
    name: "latency",
    what: "one of ten calls is answered after 5 seconds",
    commands: ALL,
    calls: share(0.1, { kind: "delay", milliseconds: 5_000 }),
  },
  {
    name: "cut-connections",
    what: "one of ten connections ends without an answer",
    commands: ALL,
    calls: share(0.1, { kind: "cut" }),
  },
  { name: "expired-credentials", what: "the credentials expire half-way", commands: ALL, calls: expiring },
  {
    name: "clock-skew",
    what: "the machine's clock is an hour slow",
    commands: ALL,
    calls: () => ({ effect: { kind: "skew", milliseconds: 3_600_000 }, hits: () => true }),
  },
  {
    name: "lost-state-bucket",
    what: "the bucket of the states cannot be reached from some moment on",
    commands: IN_TERRAFORM,
    calls: (random) => {
      let left = Math.floor(random() * 12);
      return { effect: { kind: "cut" }, hits: (call) => ofStates(call) && left-- <= 0 };
    },
  },
  {
    name: "killed-terraform",
    what: "the kernel kills Terraform",
    commands: IN_TERRAFORM,
    during: killing("terraform"),
  },
  {
    name: "killed-provider",
    what: "the kernel kills the AWS provider",
    commands: IN_TERRAFORM,
    during: killing("terraform-provider-aws"),
  },
  {
    name: "killed-runner",
    what: "the kernel kills session-audit",
    commands: IN_TERRAFORM,
    during: async ({ random }, running) => {
      await delay(random() * 8_000);
      running.kill("SIGKILL");
      return [];
    },
  },
  {
    name: "full-disk",
    what: "the disk of the plan folder is full",
    commands: WRITING,
    needsRoot: true,
    prepare: (one) => mountDisk(one, one.command === "plan" ? 16 + Math.floor(one.random() * 240) : 16_384),
    before: (one) => (one.command === "deploy" ? fill(one) : undefined),
    after: (one) => {
      rmSync(filler(one), { force: true });
      if (one.command === "plan") mount("-o", "remount,size=16m", diskOf(one));
    },
  },
  {
    name: "read-only-folder",
    what: "the file system of the plan folder is mounted read-only",
    commands: WRITING,
    needsRoot: true,
    prepare: (one) => mountDisk(one, 16_384),
    before: (one) => void mount("-o", "remount,ro", diskOf(one)),
    after: (one) => void mount("-o", "remount,rw", diskOf(one)),
  },
  {
    name: "held-lock",
    what: "somebody else holds the lock of a state",
    commands: ["deploy"],
    args: ["--lock-timeout", "1s"],
    before: ({ locks, stacks }) => locks.hold(stacks[0]!),
    after: ({ locks, stacks }) => locks.release(stacks[0]!),
  },
  {
    name: "two-deployments",
    what: "a second deployment of the same plan folder starts",
    commands: ["deploy"],
    stops: [5],
    during: async (one, running) => {
      await delay(one.random() * 4_000);
      const second = await one.fleet.run("deploy", one.folder, "--no-converge-check");
      const both = [await running.ended, second];
      // On a busy machine the second one may be the first at the folder.
      return both.some(isRefused) && both.some(({ status }) => status === 0)
        ? []
        : both.map(({ status, stdout, stderr }) => `a deployment ended with ${status}: ${stdout}${stderr}`);
    },
  },
  {
    name: "truncated-journal",
    what: "the end of the journal of a killed deployment is missing",
    commands: ["deploy"],
    args: ["--resume"],
    before: cutJournal,
  },
  {
    name: "another-version",
    what: "another version of session-audit has made the plan",
    commands: ["deploy"],
    before: (one) => {
      const text = readFileSync(MANIFEST(one), "utf8");
      writeFileSync(MANIFEST(one), text.replace(/"program": "[^"]+"/, '"program": "0.0.0"'));
    },
    after: (one) => {
      const { version } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")) as {
        version: string;
      };
      const text = readFileSync(MANIFEST(one), "utf8");
      writeFileSync(MANIFEST(one), text.replace('"program": "0.0.0"', `"program": "${version}"`));
    },
  },
];

/** Removes what a kind has left on the machine. */
export function clean(kind: Kind, one: Try): void {
  one.fleet.emulator.disturb(null);
  if (kind.needsRoot) unmount(one);
}
