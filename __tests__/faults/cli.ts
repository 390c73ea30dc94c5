import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { Command as CommandLine, Option } from "commander";
import { removeWithUs } from "../../processes/process-group";
import { start, type Io } from "../../processes/program";
import { wholeNumber } from "../../fleet/report/options";
import { Fleet } from "../helpers/fleet";
import { KINDS, mayMount, type Command, type Kind } from "./kinds";
import { attempt, deployStanding, type Outcome } from "./trial";

/**
 * Tries the commands in the presence of faults, on the embedded AWS, and prints a table: `npm run test:faults`. It ends
 * with 1 if anything was lost, done twice or left locked, or if a command ended in another way than it says. Every kind is
 * tried once before one is tried again, so after a Ctrl-C the table has what was tried until then. All tries take hours:
 * with `--record` another run goes on where one was ended, such as that of docs/reliability.md.
 */
async function run(argv: readonly string[], io: Io): Promise<number> {
  const line = new CommandLine("test:faults")
    .addOption(new Option("--seed <number>", "where the random numbers begin").default("1"))
    .addOption(new Option("--tries <number>", "tries of each kind").default("20"))
    .addOption(
      new Option(
        "--jobs <number>",
        "how many tries to make side by side, each on an embedded AWS of its own",
      ).default("2"),
    )
    .addOption(
      new Option(
        "--record <file>",
        "append each try to this file; count those in it, and do not repeat them",
      ),
    )
    .addOption(new Option("--kind <name...>", "only these kinds").choices(KINDS.map(({ name }) => name)))
    .parse(argv as string[], { from: "user" });
  const options = line.opts<{
    seed: string;
    tries: string;
    jobs: string;
    record?: string;
    kind?: string[];
  }>();
  const seed = wholeNumber("--seed", options.seed, { from: 0, to: 2 ** 31 });
  const tries = wholeNumber("--tries", options.tries, { from: 1, to: 1_000 });
  const jobs = wholeNumber("--jobs", options.jobs, { from: 1, to: 100 });
  const kinds = KINDS.filter(({ name }) => options.kind?.includes(name) ?? true);

  const outcomes = new Map<Kind, Outcome[]>(kinds.map((kind) => [kind, []]));
  const recorded = options.record === undefined ? [] : readRecord(options.record);
  const waiting = Array.from({ length: tries }, (_, index) =>
    kinds.map((kind) => {
      const number = KINDS.indexOf(kind) * 10_000 + index;
      return { kind, command: kind.commands[index % kind.commands.length]!, number, seed: seed + number };
    }),
  )
    .flat()
    .filter((one) => {
      const earlier = recorded.find(
        (try_) => try_.kind === one.kind.name && try_.command === one.command && try_.seed === one.seed,
      );
      if (earlier !== undefined) outcomes.get(one.kind)!.push(earlier);
      return earlier === undefined;
    });
  let isInterrupted = false;
  process.once("SIGINT", () => {
    isInterrupted = true;
    waiting.length = 0;
  });
  const job = async () => {
    const fleet = await Fleet.start();
    // Also if this process is interrupted or killed.
    const forget = removeWithUs(fleet.directory);
    try {
      await deployStanding(fleet);
      const canMount = mayMount(fleet.path("mount"));
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { kind, command, seed } = next;
        if (kind.needsRoot && !canMount) continue;
        const outcome = await attempt(fleet, kind, next).catch(failed);
        // The Ctrl-C of a terminal also reaches the command that is tried.
        if (isInterrupted) continue;
        io.stderr.write(lineOf(kind, command, seed, outcome));
        if (options.record !== undefined)
          appendFileSync(
            options.record,
            `${JSON.stringify({ kind: kind.name, command, seed, ...outcome })}\n`,
          );
        outcomes.get(kind)!.push(outcome);
      }
    } finally {
      await fleet.stop();
      forget();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, job));
  const rows = [...outcomes].map(([kind, ofKind]) => ({ kind, outcomes: ofKind }));
  io.stdout.write(table(rows));
  return rows.some((row) => row.outcomes.some(({ wrong }) => wrong.length > 0)) ? 1 : 0;
}

interface Result {
  readonly kind: Kind;
  /** Empty: it was interrupted before, or this machine does not let it happen. */
  readonly outcomes: readonly Outcome[];
}

/** A try as it stands in the file of `--record`, one JSON object a line. */
interface Recorded extends Outcome {
  readonly kind: string;
  readonly command: string;
  readonly seed: number;
}

const readRecord = (file: string): Recorded[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Recorded)
    : [];

const failed = (error: Error): Outcome => ({
  how: "finished",
  wrong: [`the try itself failed: ${error.message}`],
});

const lineOf = ({ name }: Kind, command: Command, seed: number, { how, wrong }: Outcome) =>
  `${name}, ${command}, seed ${seed}: ${wrong.length === 0 ? how : `WRONG after ${how}\n  ${wrong.join("\n  ")}`}\n`;

const HOW = ["finished", "resumed", "unlocked", "planned-again"] as const;

function table(results: readonly Result[]): string {
  const rows = results.map(({ kind, outcomes }) =>
    outcomes.length === 0
      ? [
          kind.what,
          kind.commands.join(", "),
          kind.needsRoot ? "not tried: needs root" : "not tried",
          ...HOW.map(() => ""),
          "",
        ]
      : [
          kind.what,
          kind.commands.join(", "),
          String(outcomes.length),
          ...HOW.map((how) =>
            String(outcomes.filter((one) => one.how === how && one.wrong.length === 0).length),
          ),
          String(outcomes.filter(({ wrong }) => wrong.length > 0).length),
        ],
  );
  const head = [
    "While",
    "Commands",
    "Tries",
    "Finished",
    "Resumed",
    "After the lock was removed",
    "Planned again",
    "Wrong",
  ];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

void start(run);
