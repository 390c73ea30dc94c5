import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { mapFile, MapFileError } from "../accounts/reading/load";
import { MapError } from "../accounts/reading/problems";
import { removeWithUs } from "../processes/process-group";
import { TerraformError } from "../fleet/terraform";
import { prepareToolchain, ToolchainError } from "../toolchain";
import { DemoNeedsError, demoProblems } from "./needs";
import { runDemo, type DemoOutcome } from "./run";
import { startEmulator, type Emulator } from "../emulator";
import {
  endingChildren,
  onInterruption,
  type Interruption,
  type InterruptionTimes,
} from "../processes/interruption";
import { Rehearsal, organizationOf } from "./deployment";
import { isTampering } from "./findings";
import { readOrganization } from "../stacks/read-organization";

const PROJECT = resolve(__dirname, "..");
/** What shells say of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

const HELP = `Usage: npm run demo

Deploys the example organization to an embedded AWS with the real Terraform, holds a session in every
workload account, and shows what the sessions left. Nothing reaches AWS; everything is removed at the end.

  SESSION_AUDIT_ACCOUNTS=<file>  rehearses another map; what it lacks for that is said before anything starts

Exit codes: 0 all recorded, 1 something was not, or the map is wrong, 2 wrong usage, 130 interrupted
`;

const colour = (format: Parameters<typeof styleText>[0], text: string) =>
  process.stdout.isTTY && !process.env["NO_COLOR"] ? styleText(format, text) : text;

const began = Date.now();

function log(line: string): void {
  const seconds = Math.floor((Date.now() - began) / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`.padStart(5);
  process.stdout.write(`${colour("gray", clock)}  ${line}\n`);
}

async function demo(interruption: Interruption): Promise<void> {
  const { signal, kill } = interruption;
  const map = mapFile(process.env, PROJECT);
  const organization = readOrganization(map);
  const problems = demoProblems(organization);
  if (problems.length > 0) throw new DemoNeedsError(map, problems);
  const toolchain = await endingChildren(
    prepareToolchain({ cacheDir: join(PROJECT, ".cache"), log }),
    interruption,
  );
  const directory = await mkdtemp(join(tmpdir(), "session-audit-demo-"));
  const forget = removeWithUs(directory);
  let emulator: Emulator | undefined;
  try {
    const byOrganization = new Set(
      organization.accounts.filter(({ settings }) => settings.trail === "existing").map(({ id }) => id),
    );
    emulator = await startEmulator({
      moto: toolchain.moto,
      organizationTrail: (id) => byOrganization.has(id),
      recordManagementCalls: isTampering,
      signal,
      organization: organizationOf(organization),
    });
    const rehearsal = new Rehearsal({
      map,
      directory,
      toolchain,
      emulator,
      signal,
      kill,
      progress: ({ id }, step) => log(`${step.padEnd(9)} ${id}`),
    });
    await rehearsal.synthesize();
    log(`synthesized ${rehearsal.stacks.length} stacks`);
    report(await runDemo({ rehearsal, emulator, log, signal }));
  } finally {
    await emulator?.stop();
    await rm(directory, { recursive: true, force: true });
    forget();
  }
}

function report({ witnesses, stacks, changed, findings, ended }: DemoOutcome): void {
  const print = (line = "") => void process.stdout.write(`${line}\n`);
  for (const witness of witnesses) {
    print();
    print(colour("bold", `${witness.account}, ${witness.region} (wave ${witness.wave})`));
    print(`  session       ${witness.sessionId}`);
    print(`  transcript    ${witness.transcript} (${Buffer.byteLength(witness.transcriptText)} bytes)`);
    print(`  log stream    ${witness.logStream} (${witness.logLines.length} lines)`);
    for (const { action, who, instance, from } of witness.notifications) {
      print(`  notification  ${action} by ${who}${instance ? ` on ${instance}` : ""} from ${from}`);
    }
  }
  const first = witnesses[0];
  if (first) {
    print();
    print(colour("bold", `What the reviewer reads of ${first.sessionId}`));
    for (const line of first.transcriptText.trimEnd().split("\n")) print(`  | ${line}`);
    print();
    const told = witnesses.find(({ notifications }) => notifications.length > 0);
    if (told) {
      print(colour("bold", "What the subscriber reads"));
      for (const line of JSON.stringify(told.notifications[0], null, 2).split("\n")) print(`  | ${line}`);
    }
  }
  if (findings.length > 0) {
    print();
    print(colour("bold", "What the security channel reports"));
    for (const { message } of findings) {
      print(`  ${message["summary"]}`);
      if (message["error"]) print(`  | ${message["error"]}: ${message["explanation"]}`);
    }
  }
  if (ended.length > 0) {
    print();
    print(colour("bold", "What the guard did"));
    for (const { message } of ended) print(`  ${message["summary"]}`);
  }
  print();
  for (const { stack, output } of changed) print(`${stack.id} is not stable:\n${output}`);
  if (changed.length > 0) {
    process.exitCode = 1;
    print(colour("red", `${changed.length} of ${stacks.length} stacks have changes in a second plan.`));
    return;
  }
  print(
    colour(
      "green",
      `${stacks.length} stacks deployed, second plan without changes in each; ` +
        `${witnesses.length} sessions, each with transcript, log stream and notifications.`,
    ),
  );
}

/** An error that is the operator's to mend needs no stack trace. */
const KNOWN = [MapError, MapFileError, DemoNeedsError, ToolchainError, TerraformError];

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return KNOWN.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}

/** Runs the demo to its end. @param times how long an interruption waits; tests have others than the program */
export async function main(times?: InterruptionTimes): Promise<void> {
  // Advice on the SDK's next year, in the middle of the output. Node 20 does for the versions that are pinned.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  // A terminal that was closed, or `| head`: nobody reads on, and what runs is ended in order all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const [word] = process.argv.slice(2);
  if (word === "--help" || word === "-h") {
    process.stdout.write(HELP);
    return;
  }
  if (word !== undefined) {
    process.stderr.write(`unknown argument ${JSON.stringify(word)}; the demo takes none but --help\n`);
    process.exitCode = 2;
    return;
  }
  const interruption = onInterruption(
    (name, times) =>
      log(times === "first" ? `${name}: stopping Terraform and the embedded AWS` : `${name}: killing them`),
    () => process.exit(INTERRUPTED),
    times,
  );
  try {
    await demo(interruption);
  } catch (error) {
    if (!interruption.signal.aborted) {
      process.exitCode = 1;
      process.stderr.write(`${textOf(error)}\n`);
    }
  }
  // Connections that are kept alive would hold the process for seconds.
  if (interruption.signal.aborted) process.exit(INTERRUPTED);
}

if (require.main === module) void main();
