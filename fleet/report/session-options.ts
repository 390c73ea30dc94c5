import type { Command } from "commander";
import { UserError } from "../../processes/user-error";

/** What the command line says about one session. */
export interface SessionOptions {
  readonly session?: string;
  readonly replay?: boolean;
  readonly speed: string;
  readonly longestPause: string;
  readonly transcript?: boolean;
  readonly readers?: boolean;
  /** The bucket of a trail; false: CloudTrail is left out. */
  readonly trail?: string | false;
  readonly asciicast?: string;
  readonly html?: string;
}

/** Options that need one session. */
export const OF_ONE = ["replay", "transcript", "asciicast", "readers"] as const;

/** Whether the options open the log stream of one session, and so read what was typed in it. */
export const opensLogStream = ({ session, replay, asciicast, html }: SessionOptions): boolean =>
  session !== undefined && (replay === true || asciicast !== undefined || html !== undefined);

/** Adds the options for one session to a command. */
export const withSessionOptions = (command: Command): Command =>
  command
    .option("--replay", "with --session: play its log stream; on a terminal, at the pace of the session")
    .option("--speed <number>", "with --replay: speed relative to the session, 0.5 to 16", "1")
    .option("--longest-pause <seconds>", "with --replay: longest pause; longer ones are shortened", "2")
    .option("--transcript", "with --session: print its transcript from S3 as safe text")
    .option("--readers", "with --session and --trail: list who read its transcript, from data events")
    .option(
      "--asciicast <file>",
      "with --session: write its log stream as an asciicast v2, for other players",
    )
    .option("--html <file>", "write the report as one HTML page; with --session, with its replay")
    .addHelpText("after", SESSION_HELP);

const SESSION_HELP = `
One session:
  --session <id> alone prints everything that is known about the session. --replay, --transcript, --asciicast and
  --html open its records. Opening a transcript leaves a trace: CloudTrail records GetObject with your identity if the
  trail records data events of the bucket. Of the session's output, only text, colours and cursor movement within a
  line reach your terminal; every other escape sequence is shown as a mark.
  Play a session twice as fast:
    npx session-audit report --session alice-wzleysigzmbd6fmkefjqvt5w4u --replay --speed 2
  A page with its evidence and its replay, for somebody without access to AWS:
    npx session-audit report --session alice-wzleysigzmbd6fmkefjqvt5w4u --html session.html`;

/**
 * Checks the options for one session, before anything is read.
 * @throws UserError if an option needs --session, or a number is none
 */
export function checkSessionOptions(options: SessionOptions): void {
  const needing = OF_ONE.find((name) => options[name]);
  if (needing !== undefined && options.session === undefined)
    throw new UserError({
      what: `--${needing} without --session.`,
      remedy: "Name the session with --session <id>.",
    });
  if (options.readers && typeof options.trail !== "string")
    throw new UserError({
      what: "--readers without --trail.",
      found: "CloudTrail's event history, which has no data events",
      remedy:
        "Name the bucket of a trail that records data events of the transcripts: --trail s3://<bucket>.",
    });
  numberOf("--speed", options.speed, { from: 0.5, to: 16 });
  numberOf("--longest-pause", options.longestPause, { from: 0, to: 86_400 });
}

function numberOf(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const number = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && number >= from && number <= to) return number;
  throw new UserError({
    what: `${option} ${JSON.stringify(text)} is not a number in these bounds.`,
    allowed: `${from} to ${to}`,
  });
}
