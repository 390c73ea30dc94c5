import { CommanderError, type Command } from "commander";
import { replaceSdkWarning } from "../processes/node-support";
import { program, start, type Io } from "../processes/program";
import { Screen } from "../processes/terminal";
import { EXIT, newCommand, type Context } from "./command";
import { refuseEmptyValues } from "./empty-values";
import { failedCall } from "./failed-call";
import { version } from "../package.json";

/**
 * The commands, in the order of `--help`. Each is loaded when it is asked for: to load all of them takes half of the time
 * of a short command.
 */
const COMMANDS: Readonly<Record<string, () => Promise<(context: Context) => Command>>> = {
  init: async () => (await import("./commands/init")).initCommand,
  list: async () => (await import("./commands/list")).listCommand,
  explain: async () => (await import("./commands/explain")).explainCommand,
  accounts: async () => (await import("./commands/accounts-sync")).accountsCommand,
  bootstrap: async () => (await import("./commands/bootstrap")).bootstrapCommand,
  adopt: async () => (await import("./commands/adopt")).adoptCommand,
  matrix: async () => (await import("./commands/matrix")).matrixCommand,
  plan: async () => (await import("./commands/plan")).planCommand,
  store: async () => (await import("./commands/store")).storeCommand,
  fetch: async () => (await import("./commands/store")).fetchCommand,
  merge: async () => (await import("./commands/merge")).mergeCommand,
  review: async () => (await import("./commands/review")).reviewCommand,
  deploy: async () => (await import("./commands/deploy")).deployCommand,
  drift: async () => (await import("./commands/drift")).driftCommand,
  distribute: async () => (await import("./commands/distribute")).distributeCommand,
  worker: async () => (await import("./commands/worker")).workerCommand,
  doctor: async () => (await import("./commands/doctor")).doctorCommand,
  report: async () => (await import("./commands/report")).reportCommand,
};

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
    .hook("preAction", (_, action) => refuseEmptyValues(action))
    .addHelpText("after", "\nEach command has examples and its exit codes: session-audit <command> --help");
  const [word = ""] = argv;
  // The help, and the message for a word that is no command, name all of them.
  const loading = Object.hasOwn(COMMANDS, word) ? [COMMANDS[word]!] : Object.values(COMMANDS);
  for (const load of loading) command.addCommand((await load())(context));
  try {
    await command.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    // commander has printed its message, and throws for --help as well.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failed;
    throw failedCall(error) ?? error;
  }
});

/** Runs the program in this process. */
export function main(): Promise<void> {
  replaceSdkWarning(process.env);
  return start(run);
}

if (require.main === module) void main();
