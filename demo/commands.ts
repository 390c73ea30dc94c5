import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { endGroup, endWithUs } from "../processes/process-group";
import { fold } from "../processes/terminal";
import { UserError } from "../processes/user-error";
import type { Journal } from "./progress";

/** What `npx session-audit` runs in a clone. */
const BIN = resolve(__dirname, "..", "fleet", "bin.mjs");
/**
 * Milliseconds between the three signals with which the demo ends a command. At the first one, `session-audit deploy`
 * lets running stacks finish; at the second one, it asks Terraform to stop; at the third one, it kills Terraform.
 */
const INSIST_MS = 1_000;

/** A command or a state of the demo differs from what the demo expects. */
export class UnexpectedOutcome extends UserError {
  constructor(what: string, output = "") {
    super({
      what: [`the demo did not go as it should: ${what}`, ...(output === "" ? [] : [output.trimEnd()])].join(
        "\n\n",
      ),
    });
  }
}

/** @throws UnexpectedOutcome if `isAsExpected` is false */
export function expect(isAsExpected: boolean, what: string, output?: string): asserts isAsExpected {
  if (!isAsExpected) throw new UnexpectedOutcome(what, output);
}

/** A text without colours, in one line. */
export const words = (text: string): string => stripVTControlCharacters(text).replaceAll(/\s+/g, " ").trim();

/** The environment of a command as a person types it: without what npm sets for its scripts. */
export const commandEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$|NO_COLOR$)/.test(name)));

/** What commands need. */
export interface CommandsProps {
  /** Where the commands run, as a person would in a clone. */
  readonly directory: string;
  /** The whole environment of the commands. */
  readonly env: NodeJS.ProcessEnv;
  readonly journal: Journal;
  /** Width of a quoted line, in characters. */
  readonly width: () => number;
  /** Asks commands to end. */
  readonly signal: AbortSignal;
  /** Kills commands. */
  readonly kill: AbortSignal;
}

/** How a command should end, and what of its result is shown. */
export interface Expected {
  readonly exitCode: number;
  /** What the exit code means, behind the number. */
  readonly meaning: string;
  /** Words that the command must print. Line ends do not count. */
  readonly says: readonly string[];
  /** The lines of the result that are shown. @default every line */
  readonly show?: (stdout: string) => readonly string[];
}

/** Runs `session-audit` as a person types it, and shows the command, its output and its exit code. */
export class Commands {
  constructor(private readonly props: CommandsProps) {}

  /**
   * Runs a command.
   * @param line the words behind `session-audit`, without spaces in any of them
   * @returns what the command has printed to stdout
   * @throws UnexpectedOutcome unless the command ends and says what is expected
   */
  async run(line: string, { exitCode, meaning, says, show }: Expected): Promise<string> {
    const { journal, signal } = this.props;
    journal.line(`$ npx session-audit ${line}`, "bold");
    const argv = line.split(" ");
    const { status, stdout, stderr } = await journal.during(`running session-audit ${argv[0]}`, () =>
      this.spawn(argv),
    );
    signal.throwIfAborted();
    const lines = show ? show(stdout) : stdout.trimEnd().split("\n");
    for (const one of lines) this.show(one);
    // What is shown already is not repeated in an error.
    const hidden = show ? stdout : "";
    const ended = status === null ? "a signal ended it" : `exit code ${status}`;
    expect(
      status === exitCode,
      `session-audit ${line}: ${ended}, and ${exitCode} was expected (${meaning})`,
      hidden,
    );
    journal.line(`exit code ${exitCode}: ${meaning}`);
    for (const said of says) {
      expect(
        words(`${stderr}${stdout}`).includes(said),
        `session-audit ${line} did not say ${JSON.stringify(said)}`,
        hidden,
      );
    }
    return stdout;
  }

  /**
   * Shows a line as a part of what commands read and print.
   * @param style gives the line a colour, after it was folded
   */
  show(line: string, style: (text: string) => string = (text) => text): void {
    const { journal, width } = this.props;
    const plain = stripVTControlCharacters(line);
    // A line of a program is folded to its width already, unless it cannot be folded.
    const folded = plain.length <= width() ? [line] : fold(plain, { width: width() });
    folded.forEach((one) => journal.quote(style(one)));
  }

  private async spawn(argv: readonly string[]) {
    const { directory, env, signal, kill } = this.props;
    signal.throwIfAborted();
    const child = spawn(process.execPath, [BIN, ...argv], {
      cwd: directory,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      // A Ctrl-C on the terminal reaches the demo alone, which passes it on.
      detached: true,
    });
    const { pid } = child;
    const forget = pid === undefined ? () => undefined : endWithUs(pid);
    const timers: NodeJS.Timeout[] = [];
    const insist = () => {
      for (const number of [0, 1, 2]) timers.push(setTimeout(() => child.kill("SIGINT"), number * INSIST_MS));
    };
    const end = () => endGroup(child);
    signal.addEventListener("abort", insist, { once: true });
    kill.addEventListener("abort", end, { once: true });
    let [stdout, stderr, unfinished] = ["", "", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      const lines = `${unfinished}${text}`.split("\n");
      unfinished = lines.pop()!;
      for (const one of lines) this.show(one);
    });
    try {
      const [status] = (await once(child, "close")) as [number | null];
      return { status, stdout, stderr };
    } finally {
      signal.removeEventListener("abort", insist);
      kill.removeEventListener("abort", end);
      timers.forEach(clearTimeout);
      forget();
    }
  }
}
