import type { Command } from "commander";
import { onDrain, type Drain } from "../../processes/drain";
import { UserError } from "../../processes/user-error";
import { EXIT, type Context } from "../command";
import { collect } from "../options";

/** The options of every command that applies the plans of a plan folder. */
export interface RolloutOptions {
  readonly until?: string;
  readonly approve?: string[];
  readonly resume?: boolean;
  readonly takeOver?: boolean;
  readonly reconcile?: boolean;
  readonly convergeCheck: boolean;
  readonly json?: boolean;
}

/** Adds the plan folder and these options to a command. */
export const withRollout = (command: Command): Command =>
  command
    .argument("<folder>", "a plan folder that session-audit plan or merge has made")
    .option("--until <wave>", "stop after this wave")
    .option("--approve <wave>", "approve a wave that has approve: true in the map (may be repeated)", collect)
    .option("--resume", "resume an earlier deployment of this folder")
    .option("--take-over", "with --resume: continue although the machine that began the deployment is lost")
    .option(
      "--reconcile",
      "plan a stack again if its state has changed, and apply that plan if every change in it was reviewed",
    )
    .option("--no-converge-check", "do not plan each stack again after its apply")
    .option("--json", "print the report as JSON instead of a summary");

/**
 * An option with its values as words of a command line. Empty if it is not given.
 * @example given("--stack", ["a", "b"]) // ["--stack", "a", "--stack", "b"]
 */
export const given = (option: string, values: string | readonly string[] | undefined): string[] =>
  [values ?? []].flat().flatMap((value) => [option, value]);

/**
 * Runs work that the first signal drains, the second interrupts and the third kills.
 * @param stages what happens at each of them, for the message
 */
export async function draining(
  { screen, exit }: Context,
  stages: readonly [string, string, string],
  work: (drain: Drain) => Promise<void>,
): Promise<void> {
  const drain = onDrain((stage, signal) => screen.print(`${signal}: ${stages[stage - 1]}`, { rest: "  " }));
  try {
    await work(drain);
  } catch (error) {
    // Whatever fails after an interruption fails because of it, unless it has words of its own.
    if (!drain.interrupt.aborted || error instanceof UserError) throw error;
    exit(EXIT.interrupted);
  } finally {
    drain.release();
  }
}
