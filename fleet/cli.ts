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
 * of a short command. Modules of this project are loaded with `require()`, because tsx does not compile what `import()` loads
 * here. Packages may be loaded with `import()`.
 */
export const COMMANDS: Readonly<Record<string, () => (context: Context) => Command>> = {
  init: () => (require("./commands/init") as typeof import("./commands/init")).initCommand,
  list: () => (require("./commands/list") as typeof import("./commands/list")).listCommand,
  explain: () => (require("./commands/explain") as typeof import("./commands/explain")).explainCommand,
  accounts: () =>
    (require("./commands/accounts-sync") as typeof import("./commands/accounts-sync")).accountsCommand,
  bootstrap: () =>
    (require("./commands/bootstrap") as typeof import("./commands/bootstrap")).bootstrapCommand,
  adopt: () => (require("./commands/adopt") as typeof import("./commands/adopt")).adoptCommand,
  matrix: () => (require("./commands/matrix") as typeof import("./commands/matrix")).matrixCommand,
  plan: () => (require("./commands/plan") as typeof import("./commands/plan")).planCommand,
  store: () => (require("./commands/store") as typeof import("./commands/store")).storeCommand,
  fetch: () => (require("./commands/store") as typeof import("./commands/store")).fetchCommand,
  merge: () => (require("./commands/merge") as typeof import("./commands/merge")).mergeCommand,
  review: () => (require("./commands/review") as typeof import("./commands/review")).reviewCommand,
  deploy: () => (require("./commands/deploy") as typeof import("./commands/deploy")).deployCommand,
  drift: () => (require("./commands/drift") as typeof import("./commands/drift")).driftCommand,
  distribute: () =>
    (require("./commands/distribute") as typeof import("./commands/distribute")).distributeCommand,
  worker: () => (require("./commands/worker") as typeof import("./commands/worker")).workerCommand,
  doctor: () => (require("./commands/doctor") as typeof import("./commands/doctor")).doctorCommand,
  report: () => (require("./commands/report") as typeof import("./commands/report")).reportCommand,
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
  for (const load of loading) command.addCommand(load()(context));
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
