import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { mapFile, MapFileError } from "../accounts/load";
import { MapError } from "../accounts/problems";
import { TerraformError } from "../fleet/terraform";
import { prepareToolchain, ToolchainError } from "../toolchain";
import { runDemo, type DemoOutcome } from "./demo-run";
import { startEmulator } from "./index";
import { Rehearsal } from "./rehearsal";
import { readOrganization } from "../stacks/read-organization";

const PROJECT = resolve(__dirname, "..");

const HELP = `Usage: npm run demo

Deploys the example organization to an embedded AWS with the real Terraform, holds a session in every
workload account, and shows what the sessions left. Nothing reaches AWS; everything is removed at the end.

  SESSION_AUDIT_ACCOUNTS=<file>  rehearses another map, which has an archive and a reader in it

Exit codes: 0 all recorded, 1 something was not, or the map is wrong, 130 interrupted
`;

const colour = (format: Parameters<typeof styleText>[0], text: string) =>
  process.stdout.isTTY && !process.env["NO_COLOR"] ? styleText(format, text) : text;

const began = Date.now();

function log(line: string): void {
  const seconds = Math.floor((Date.now() - began) / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`.padStart(5);
  process.stdout.write(`${colour("gray", clock)}  ${line}\n`);
}

async function demo(signal: AbortSignal): Promise<void> {
  const map = mapFile(process.env, PROJECT);
  const organization = readOrganization(map);
  const toolchain = await prepareToolchain({ cacheDir: join(PROJECT, ".cache"), log });
  const directory = await mkdtemp(join(tmpdir(), "session-audit-demo-"));
  const emulator = await startEmulator({
    moto: toolchain.moto,
    organizationTrail: organization.accounts.some(({ settings }) => settings.trail === "existing"),
    ...(organization.id !== null && { organization: { id: organization.id } }),
  }).catch(async (error: unknown) => {
    await rm(directory, { recursive: true, force: true });
    throw error;
  });
  try {
    const rehearsal = new Rehearsal({
      map,
      directory,
      toolchain,
      emulator,
      signal,
      progress: ({ id }, step) => log(`${step.padEnd(9)} ${id}`),
    });
    await rehearsal.synthesize();
    log(`synthesized ${rehearsal.stacks.length} stacks`);
    report(await runDemo({ rehearsal, emulator, log }));
  } finally {
    await emulator.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function report({ witnesses, stacks, changed }: DemoOutcome): void {
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
    print(colour("bold", "What the subscriber reads"));
    for (const line of JSON.stringify(first.notifications[0], null, 2).split("\n")) print(`  | ${line}`);
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

async function main(): Promise<void> {
  // Advice on the SDK's next year, in the middle of the output. Node 20 does for the versions that are pinned.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    process.stdout.write(HELP);
    return;
  }
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      log(`${name}: stopping Terraform and the embedded AWS`);
      process.exitCode = 130;
      interruption.abort();
    });
  }
  try {
    await demo(interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) return;
    process.exitCode = 1;
    const known =
      error instanceof MapError ||
      error instanceof MapFileError ||
      error instanceof ToolchainError ||
      error instanceof TerraformError;
    const text =
      error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`${text}\n`);
  }
}

void main();
