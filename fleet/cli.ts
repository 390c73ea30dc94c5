import { CommanderError, type Command } from "commander";
import { replaceSdkWarning } from "../processes/node-support";
import { program, start, type Io } from "../processes/program";
import { Screen } from "../processes/terminal";
import { EXIT, newCommand, type Context } from "./command";
import { accountsCommand } from "./commands/accounts-sync";
import { adoptCommand } from "./commands/adopt";
import { bootstrapCommand } from "./commands/bootstrap";
import { deployCommand } from "./commands/deploy";
import { distributeCommand } from "./commands/distribute";
import { doctorCommand } from "./commands/doctor";
import { driftCommand } from "./commands/drift";
import { explainCommand } from "./commands/explain";
import { initCommand } from "./commands/init";
import { listCommand } from "./commands/list";
import { matrixCommand } from "./commands/matrix";
import { mergeCommand } from "./commands/merge";
import { planCommand } from "./commands/plan";
import { reportCommand } from "./commands/report";
import { reviewCommand } from "./commands/review";
import { fetchCommand, storeCommand } from "./commands/store";
import { workerCommand } from "./commands/worker";
import { version } from "../package.json";

/** The commands, in the order of `--help`. */
const COMMANDS: readonly ((context: Context) => Command)[] = [
  initCommand,
  listCommand,
  explainCommand,
  accountsCommand,
  bootstrapCommand,
  adoptCommand,
  matrixCommand,
  planCommand,
  storeCommand,
  fetchCommand,
  mergeCommand,
  reviewCommand,
  deployCommand,
  driftCommand,
  distributeCommand,
  workerCommand,
  doctorCommand,
  reportCommand,
];

/** The program `session-audit`: operations over the many stacks of a map. */
export const run = program(async (argv, io: Io) => {
  let exitCode: number = EXIT.ok;
  const context: Context = {
    io,
    screen: new Screen(io.stderr, io.env),
    exit: (code) => void (exitCode = code),
  };
  const command = newCommand("session-audit", context)
    .description("Plans, reviews and deploys the stacks of an accounts map, many at a time.")
    .version(version)
    // Options after a command's name are the command's: without this, report would take those of its subcommands.
    .enablePositionalOptions()
    .addHelpText("after", "\nEach command has examples and its exit codes: session-audit <command> --help");
  for (const subcommand of COMMANDS) command.addCommand(subcommand(context));
  try {
    await command.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    // commander has printed its message, and throws for --help as well.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failed;
    throw error;
  }
});

/** Runs the program in this process. */
export function main(): Promise<void> {
  replaceSdkWarning(process.env);
  return start(run);
}

if (require.main === module) void main();
