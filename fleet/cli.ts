import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { mapFile } from "../accounts/reading/load";
import type { Organization } from "../accounts/model/organization";
import { didYouMean } from "../accounts/reading/problems";
import { program, start, type Io } from "../processes/program";
import { UserError } from "../processes/user-error";
import { readOrganization } from "../stacks/read-organization";
import { STACK_KINDS, stacksOf, type StackRef } from "../stacks/stack-graph";
import { select, type Selection } from "./selection";

const PROJECT = resolve(__dirname, "..");
/** Exit code of a command line that the program does not understand. */
const WRONG_USAGE = 2;

const EXAMPLES = `
Examples:
  List every stack:
    npm run -s stacks
  Deploy the accounts of one wave:
    npx cdktf deploy $(npm run -s stacks -- --wave canary)
  List the stacks of two accounts as JSON:
    npm run -s stacks -- --account sandbox --account payments --json

Exit codes:
  0  the stacks were listed
  1  the map is wrong, or an option names something that the map does not have
  2  wrong usage`;

const collect = (value: string, before: string[] = []) => [...before, value];

/** @throws UserError for the first value of an option that is not known */
function refuseUnknown(
  option: string,
  values: readonly string[] | undefined,
  known: readonly string[],
): void {
  const unknown = values?.find((value) => !known.includes(value));
  if (unknown === undefined) return;
  const meant = didYouMean(unknown, known);
  throw new UserError({
    what: `${option} ${JSON.stringify(unknown)}: unknown.`,
    allowed: known.join(", "),
    ...(meant !== undefined && { remedy: `Did you mean ${JSON.stringify(meant)}?` }),
  });
}

interface Options {
  readonly wave?: string[];
  readonly account?: string[];
  readonly kind?: string[];
  readonly json?: boolean;
}

function chosen(organization: Organization, options: Options): StackRef[] {
  refuseUnknown("--wave", options.wave, organization.waves);
  const names = organization.accounts.map(({ name }) => name);
  refuseUnknown("--account", options.account, names);
  refuseUnknown("--kind", options.kind, STACK_KINDS);
  const kinds = STACK_KINDS.filter((kind) => options.kind?.includes(kind) ?? true);
  const selection: Selection = { waves: options.wave, accounts: options.account, kinds };
  const stacks = select(stacksOf(organization), selection);
  // With an empty list, "cdktf deploy $(...)" would deploy whatever cdktf chooses by itself.
  if (stacks.length === 0) {
    throw new UserError({
      what: "no stack matches all of these options.",
      remedy: "Leave one of them out.",
    });
  }
  return stacks;
}

/** The `stacks` command: which stacks a wave or an account needs, in the order of deployment. */
const command = ({ stdout, stderr, env, cwd }: Io): Command =>
  new Command("npm run -s stacks --")
    .description(
      "Lists the stacks of the accounts map in the order of deployment. Each stack that an option selects " +
        "is listed with every stack that it depends on. The map is accounts/index.ts; " +
        "SESSION_AUDIT_ACCOUNTS=<file> names another one.",
    )
    .option("-w, --wave <name>", "only stacks of this wave (may be repeated)", collect)
    .option("-a, --account <name>", "only stacks of this account (may be repeated)", collect)
    .option(
      "-k, --kind <kind>",
      `only stacks of this kind: ${STACK_KINDS.join(", ")} (may be repeated)`,
      collect,
    )
    .option("--json", "print a JSON array of objects: id, kind, account, region, wave, dependsOn")
    .addHelpText("after", EXAMPLES)
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .exitOverride()
    .action((options: Options) => {
      const stacks = chosen(readOrganization(mapFile(env, PROJECT, cwd)), options);
      const text = options.json ? JSON.stringify(stacks, null, 2) : stacks.map(({ id }) => id).join("\n");
      stdout.write(`${text}\n`);
    });

/** The program behind `npm run stacks`. */
export const run = program((argv, io) => {
  try {
    command(io).parse(argv, { from: "user" });
    return 0;
  } catch (error) {
    // commander has printed its message, and throws for --help as well.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    throw error;
  }
});

if (require.main === module) void start(run);
