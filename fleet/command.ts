import { Command } from "commander";
import {
  INTERRUPTED,
  onInterruption,
  type Interruption,
  type InterruptionTimes,
} from "../processes/interruption";
import type { Io } from "../processes/program";
import type { Screen } from "../processes/terminal";

/** The exit codes that commands share. */
export const EXIT = {
  /** Done, and nothing differs. */
  ok: 0,
  /** Something failed, or the map or the command line is wrong. */
  failed: 1,
  /** There are changes, drift, faults, or findings that `--fail-on` names. The same code as `terraform plan -detailed-exitcode`. */
  differs: 2,
  /** `report`: a session that should be recorded is not, or its witnesses contradict each other. */
  unrecorded: 3,
  /** Something could not be read or compared, so that the answer is not complete. */
  notCovered: 4,
  /** Somebody else deploys the same plans, or uses the same workers or the same directory, at this moment. */
  elsewhere: 5,
  /** A signal ended the command. The code that shells give to a program that a Ctrl-C has ended. */
  interrupted: INTERRUPTED,
} as const;

/** What a command of the program gets. */
export interface Context {
  readonly io: Io;
  /** For progress and warnings, on stderr. */
  readonly screen: Screen;
  /** Sets the exit code of the program. */
  readonly exit: (code: number) => void;
}

/** A command of the program. */
export const newCommand = (name: string, { io: { stdout, stderr } }: Context): Command =>
  new Command(name)
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .exitOverride();

/**
/**
 * Terraform that is killed leaves the lock of a state behind. After a first Ctrl-C it ends by itself, but only after the
 * answers to its calls, which a busy machine waits for much longer than the four seconds that other programs get.
 */
const PATIENT: InterruptionTimes = { grace: 60_000, patience: 65_000, echo: 750 };

/**
 * Runs work that a Ctrl-C ends. Terraform saves its state and releases its lock.
 * @param what what is stopped, for the message
 */
export async function interruptible(
  { screen, exit }: Context,
  work: (interruption: Interruption) => Promise<void>,
  what = "Terraform",
): Promise<void> {
  const interruption = onInterruption(
    {
      onSignal: (name, which) =>
        screen.print(which === "first" ? `${name}: stopping ${what}` : `${name}: killing ${what}`),
    },
    PATIENT,
  );
  try {
    await work(interruption);
  } catch (error) {
    // Whatever fails after an interruption fails because of it.
    if (!interruption.signal.aborted) throw error;
    exit(EXIT.interrupted);
  } finally {
    // After an interruption the handlers stay: npm may forward a signal that this process has already received.
    if (!interruption.signal.aborted) interruption.release();
  }
}
