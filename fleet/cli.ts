import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { mapFile, MapFileError } from "../accounts/reading/load";
import type { Organization } from "../accounts/model/organization";
import { didYouMean, MapError } from "../accounts/reading/problems";
import { readOrganization } from "../stacks/read-organization";
import { select, type Selection } from "./selection";
import { STACK_KINDS, stacksOf, type StackRef } from "../stacks/stack-graph";

/** A word on the command line that the map does not know. */
class SelectionError extends Error {}

const collect = (value: string, before: string[] = []) => [...before, value];

function refuseUnknown(
  option: string,
  values: readonly string[] | undefined,
  known: readonly string[],
): void {
  const unknown = values?.find((value) => !known.includes(value));
  if (unknown === undefined) return;
  const meant = didYouMean(unknown, known);
  throw new SelectionError(
    `${option} ${JSON.stringify(unknown)}: unknown. ${meant ? `Did you mean ${JSON.stringify(meant)}?` : `Known are ${known.join(", ")}.`}`,
  );
}

interface Options {
  readonly wave?: string[];
  readonly account?: string[];
  readonly kind?: string[];
}

function chosen(organization: Organization, options: Options): StackRef[] {
  refuseUnknown("--wave", options.wave, organization.waves);
  const names = organization.accounts.map(({ name }) => name);
  refuseUnknown("--account", options.account, names);
  refuseUnknown("--kind", options.kind, STACK_KINDS);
  const kinds = STACK_KINDS.filter((kind) => options.kind?.includes(kind) ?? true);
  const selection: Selection = { waves: options.wave, accounts: options.account, kinds };
  const stacks = select(stacksOf(organization), selection);
  // An empty list would make "cdktf deploy $(...)" a deployment of something else.
  if (stacks.length === 0)
    throw new SelectionError("no stack answers to all of that; leave one of the options out");
  return stacks;
}

/** The `stacks` command: which stacks a wave or account needs, in the order of deployment. */
function program(): Command {
  return new Command("stacks")
    .description(
      "Lists the stacks of the accounts map in the order of deployment, with all that they depend on.\n" +
        "Another map is named by SESSION_AUDIT_ACCOUNTS=<file>.",
    )
    .option("-w, --wave <name>", "only stacks of this wave (may be repeated)", collect)
    .option("-a, --account <name>", "only stacks of this account (may be repeated)", collect)
    .option(
      "-k, --kind <kind>",
      `only stacks of this kind: ${STACK_KINDS.join(", ")} (may be repeated)`,
      collect,
    )
    .option("--json", "print JSON: id, kind, account, region, wave, dependsOn")
    .addHelpText(
      "after",
      [
        "",
        "Deploy one wave:  npx cdktf deploy $(npm run -s stacks -- --wave canary)",
        "Exit codes:       0 listed, 1 the map or a name is wrong, 2 wrong usage",
      ].join("\n"),
    )
    .exitOverride()
    .action((options: Options & { json?: boolean }) => {
      const organization = readOrganization(mapFile(process.env, resolve(__dirname, "..")));
      const stacks = chosen(organization, options);
      const text = options.json ? JSON.stringify(stacks, null, 2) : stacks.map(({ id }) => id).join("\n");
      process.stdout.write(`${text}\n`);
    });
}

try {
  program().parse();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof MapError || error instanceof MapFileError || error instanceof SelectionError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
