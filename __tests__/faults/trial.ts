import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AccountsMap } from "../../accounts/schema";
import type { JournalLine } from "../../fleet/deploy/journal";
import exampleMap from "../fixtures/example-map";
import { withS3State, type Fleet } from "../helpers/fleet";
import type { ProgramOutcome } from "../helpers/run-program";
import { clean, type Command, type Kind, type Try } from "./kinds";
import { randomBy } from "./random";
import { stateLocks } from "./state-locks";

/** How a try ended. */
export interface Outcome {
  /**
   * `finished`: as if nothing had happened. `resumed`: it stopped, and a second run of the command did the rest.
   * `unlocked`: the same, after a person removed the lock that the command named. `planned-again`: a new plan was needed,
   * as the command said.
   */
  readonly how: "finished" | "resumed" | "unlocked" | "planned-again";
  /** What was wrong; empty: nothing. */
  readonly wrong: readonly string[];
}

/** Two accounts whose stacks are small, in one wave. */
const MAP: AccountsMap = withS3State({
  ...exampleMap,
  access: { attachToRoles: [] },
  waves: ["all"],
  notifications: { ...exampleMap.notifications, security: { accountChanges: false } },
  accounts: Object.fromEntries(
    Object.entries(exampleMap.accounts).map(([name, { access: _, wave: __, ...account }]) => [name, account]),
  ),
});
const STACKS = ["account-sandbox", "account-payments"];

/** Writes the map of an organization of its own, so that each try begins without states. */
function writeMap(fleet: Fleet, name: string): void {
  const state = { ...MAP.state, keyPrefix: name } as AccountsMap["state"];
  fleet.write({ ...MAP, organization: { ...MAP.organization, name }, state });
}

/** The organization that exists for the commands that only read. */
export const STANDING = "standing";

/** Deploys the organization for the commands that only read. */
export async function deployStanding(fleet: Fleet): Promise<void> {
  writeMap(fleet, STANDING);
  await expected(await fleet.run("plan", ...STACKS, "--out", STANDING), [2]);
  await expected(await fleet.run("deploy", STANDING, "--no-converge-check"), [0]);
}

async function expected(outcome: ProgramOutcome, statuses: readonly number[]): Promise<ProgramOutcome> {
  if (!statuses.includes(outcome.status!)) throw new Error(`status ${outcome.status}: ${text(outcome)}`);
  return outcome;
}

const text = ({ stdout, stderr }: ProgramOutcome) => `${stdout}${stderr}`.trim().slice(-2_000);

/** The words of a command line for a command. */
const wordsOf = (command: Command, folder: string): readonly string[] =>
  ({
    plan: ["plan", ...STACKS, "--out", folder],
    deploy: ["deploy", folder, "--no-converge-check"],
    drift: ["drift", ...STACKS],
    adopt: ["adopt", "--account", "sandbox"],
    doctor: ["doctor", ...STACKS],
    report: ["report", "--account", "sandbox", "--no-trail"],
  })[command];

/** Exit codes with which a command says that it has not done, or not seen, everything. */
const STOPPED: readonly number[] = [1, 4];

/** What is wrong with what a command printed, whatever happened: a stack trace, or no word on a failure. */
function wrongWords({ status, stdout, stderr }: ProgramOutcome): string[] {
  const trace = /^ +at .*:\d+:\d+\)?$/m.exec(`${stdout}\n${stderr}`)?.[0];
  return [
    ...(trace === undefined ? [] : [`a stack trace: ${trace.trim()}`]),
    ...(status === 0 || status === null || `${stdout}${stderr}`.trim() !== ""
      ? []
      : ["failed without a word"]),
  ];
}

/** Tries a command in the presence of a fault. The same seed has the same fault. */
export async function attempt(
  fleet: Fleet,
  kind: Kind,
  { command, seed, number }: { readonly command: Command; readonly seed: number; readonly number: number },
): Promise<Outcome> {
  const reads = command !== "plan" && command !== "deploy";
  const organization = reads ? STANDING : `try${number}`;
  const one: Try = {
    fleet,
    command,
    stacks: STACKS,
    random: randomBy(seed),
    folder: fleet.path(`disk${number}`, "plans"),
    locks: stateLocks(fleet, organization),
  };
  writeMap(fleet, organization);
  try {
    kind.prepare?.(one);
    if (command === "deploy") await expected(await fleet.run(...wordsOf("plan", one.folder)), [2]);
    // What the command answers when nothing is wrong.
    const usual = reads
      ? (await fleet.run(...wordsOf(command, one.folder))).status
      : command === "plan"
        ? 2
        : 0;
    await kind.before?.(one);
    if (kind.calls) fleet.emulator.disturb(kind.calls(one.random));
    const running = fleet.start(...wordsOf(command, one.folder), ...(kind.args ?? []));
    const during = (await kind.during?.(one, running)) ?? [];
    const outcome = await running.ended;
    fleet.emulator.disturb(null);
    await kind.after?.(one);
    const isUsual = outcome.status === usual;
    const stops = [...STOPPED, ...(kind.stops ?? [])];
    const wrong = [...during, ...wrongWords(outcome)];
    // A killed command has no exit code.
    if (!isUsual && outcome.status !== null && !stops.includes(outcome.status))
      wrong.push(`exit code ${outcome.status}: ${text(outcome)}`);
    if (reads) return await readAgain(one, usual, isUsual, wrong);
    return await finish(one, isUsual, wrong);
  } finally {
    clean(kind, one);
    rmSync(fleet.path(`disk${number}`), { recursive: true, force: true });
  }
}

async function readAgain(
  { fleet, command, folder, locks }: Try,
  usual: number | null,
  isUsual: boolean,
  wrong: readonly string[],
): Promise<Outcome> {
  const unlocked = await releaseDead(locks);
  const again = await fleet.run(...wordsOf(command, folder));
  return {
    how: unlocked ? "unlocked" : isUsual ? "finished" : "resumed",
    wrong: [
      ...wrong,
      ...(again.status === usual ? [] : [`afterwards, exit code ${again.status}: ${text(again)}`]),
    ],
  };
}

/** Removes the locks that a killed Terraform has left, as a person does once it is sure that nobody applies. */
async function releaseDead(locks: Try["locks"]): Promise<boolean> {
  const held = await locks.held();
  for (const stack of held) await locks.release(stack);
  return held.length > 0;
}

/** Goes on after the fault until everything is deployed, and checks whether nothing is lost or done twice. */
async function finish(one: Try, isUsual: boolean, before: readonly string[]): Promise<Outcome> {
  const { fleet, folder, locks, command } = one;
  const wrong = [...before];
  let how: Outcome["how"] = "finished";
  const folders = [folder];
  const plan = async () => {
    const again = `${folder}-${folders.length}`;
    folders.push(again);
    return fleet.run(...wordsOf("plan", again));
  };
  let outcome: ProgramOutcome | null = null;
  if (command === "plan" && !isUsual) {
    how = "resumed";
    // A plan in which stacks have failed is whole, and its manifest names them. Half a folder is not.
    if (existsSync(folder) && !existsSync(join(folder, "manifest.json"))) wrong.push("half a plan folder");
    if (await releaseDead(locks)) how = "unlocked";
    outcome = await plan();
    if (outcome.status !== 2) wrong.push(`a second plan: exit code ${outcome.status}: ${text(outcome)}`);
  }
  if (command === "plan") outcome = await fleet.run(...wordsOf("deploy", folders.at(-1)!));
  else if (!isUsual) {
    how = "resumed";
    outcome = await fleet.run(...wordsOf("deploy", folder), "--resume");
    if (outcome.status !== 0 && (await releaseDead(locks))) {
      how = "unlocked";
      outcome = await fleet.run(...wordsOf("deploy", folder), "--resume");
    }
    wrong.push(...wrongWords(outcome));
    if (outcome.status !== 0) {
      how = "planned-again";
      const planned = await plan();
      outcome = planned.status === 0 ? planned : await fleet.run(...wordsOf("deploy", folders.at(-1)!));
    }
  }
  if (outcome !== null && outcome.status !== 0)
    wrong.push(`at the end, exit code ${outcome.status}: ${text(outcome)}`);
  for (const stack of await locks.held()) wrong.push(`the state of ${stack} is locked`);
  for (const path of folders) wrong.push(...appliedTwice(path));
  const after = await fleet.run("plan", ...STACKS, "--out", `${folder}-after`);
  if (after.status !== 0) wrong.push(`not all is deployed: ${text(after)}`);
  return { how, wrong };
}

/** The stacks that the journal of a plan folder has as applied more than once. */
function appliedTwice(folder: string): string[] {
  const file = join(folder, "journal.ndjson");
  if (!existsSync(file)) return [];
  const applied = readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as JournalLine];
      } catch {
        // The line that the kill has cut.
        return [];
      }
    })
    .flatMap((line) => (line.event === "ended" && line.result === "applied" ? [line.stack] : []));
  return applied
    .filter((stack, index) => applied.indexOf(stack) !== index)
    .map((stack) => `${stack} was applied twice`);
}
