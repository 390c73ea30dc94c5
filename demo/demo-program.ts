import {
  INTERRUPTED,
  onInterruption,
  type Interruption,
  type InterruptionTimes,
} from "../processes/interruption";
import { program, type Io, type Program } from "../processes/program";
import { Screen } from "../processes/terminal";

/** Exit code of a command line that the program does not understand. */
const WRONG_USAGE = 2;

/** What a demo gets. */
export interface Surroundings extends Io {
  readonly interruption: Interruption;
  readonly screen: Screen;
}

/** A demo as a program of the command line. */
export interface DemoProps<T> {
  /** Printed by `--help`. */
  readonly help: string;
  /** Reads the words of the command line. @returns the options, or what is wrong as one sentence without a full stop */
  readonly parse: (argv: readonly string[]) => { readonly options: T } | { readonly problem: string };
  /** Runs the demo. @returns its exit code */
  readonly demo: (options: T, surroundings: Surroundings) => Promise<number>;
}

/**
 * Makes a program of a demo: it has `--help`, and a Ctrl-C ends it with exit code 130 once everything is cleaned up.
 * @param times how long an interruption waits; tests give times of their own
 */
export const demoProgram = <T>({ help, parse, demo }: DemoProps<T>, times?: InterruptionTimes): Program =>
  program(async (argv, io) => {
    if (argv.some((word) => word === "--help" || word === "-h")) {
      io.stdout.write(help);
      return 0;
    }
    const parsed = parse(argv);
    if ("problem" in parsed) {
      io.stderr.write(`${parsed.problem}\n`);
      return WRONG_USAGE;
    }
    const screen = new Screen(io.stdout, io.env);
    const interruption = onInterruption(
      {
        onSignal: (name, which) =>
          screen.print(
            which === "first" ? `${name}: stopping Terraform and the embedded AWS` : `${name}: killing them`,
          ),
      },
      times,
    );
    try {
      return await demo(parsed.options, { ...io, interruption, screen });
    } catch (error) {
      // Whatever fails after an interruption fails because of it.
      if (!interruption.signal.aborted) throw error;
      return INTERRUPTED;
    } finally {
      // After an interruption the handlers stay: npm may forward a signal that this process has already received.
      if (!interruption.signal.aborted) interruption.release();
    }
  });
