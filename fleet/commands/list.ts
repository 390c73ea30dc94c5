import { Option, type Command } from "commander";
import { jsonText } from "../../pages/visible";
import { UserError } from "../../processes/user-error";
import { EXIT, newCommand, type Context } from "../command";
import { selected, withSelectors, type SelectorOptions } from "../options";
import type { StackRef } from "../../stacks/stack-graph";
import { orphans, stateKey } from "../states";
import { table } from "../table";
import { dirname } from "node:path";
import { workspaceDirectory } from "../workspace";

const EXAMPLES = `
Examples:
  Every stack, in the order of deployment:
    npx session-audit list
  The ids of the stacks of one wave, and of the shared stacks that its regions need, for cdktf:
    npx cdktf deploy $(npx session-audit list --ids --wave canary)
  The stacks of two accounts as JSON:
    npx session-audit list --account sandbox --account payments --json
  Stacks that were deployed and are no longer in the map:
    npx session-audit list --orphans

Exit codes:
  0   the stacks were listed; with --orphans: no such state exists
  1   the map is wrong, or an option names something that the map does not have
  2   with --orphans: such states exist`;

interface ListOptions extends SelectorOptions {
  readonly ids?: boolean;
  readonly json?: boolean;
  readonly orphans?: boolean;
}

/** `session-audit list`: the stacks of the map. */
export const listCommand = (context: Context): Command =>
  withSelectors(newCommand("list", context))
    .description(
      "Lists the stacks of the accounts map in the order of deployment. Each selected stack is listed with " +
        "every stack that it depends on. The map is accounts/index.ts, unless SESSION_AUDIT_ACCOUNTS=<file> " +
        "names another one.",
    )
    .addOption(new Option("--ids", "print only the ids, one on a line").conflicts(["orphans", "json"]))
    .option("--orphans", "list states whose stack is no longer in the map")
    .option("--json", "print JSON: id, kind, account, accountId, region, wave, waves, dependsOn, stateKey")
    .addHelpText("after", EXAMPLES)
    .action(async (ids: string[], options: ListOptions) => {
      if (options.orphans) {
        refuseSelectors(ids, options);
        return listOrphans(context, options);
      }
      const { io } = context;
      const { organization, stacks } = selected(io, ids, options);
      const rows = stacks.map((stack) => ({ ...stack, stateKey: stateKey(organization.state, stack.id) }));
      if (options.json) return void io.stdout.write(jsonText(rows));
      if (options.ids) return void io.stdout.write(`${rows.map(({ id }) => id).join("\n")}\n`);
      const lines = table([
        ["STACK", "KIND", "ACCOUNT", "ID", "REGION", "WAVE", "STATE", "AFTER"],
        ...rows.map((row) => [
          row.id,
          row.kind,
          row.account,
          row.accountId,
          row.region,
          waveWords(row),
          row.stateKey,
          row.dependsOn.join(", ") || "-",
        ]),
      ]);
      io.stdout.write(`${lines.join("\n")}\n`);
    });

/** A state without a stack belongs to no account, wave or kind of the map. @throws UserError if something is selected */
function refuseSelectors(ids: readonly string[], { wave, account, region, kind }: ListOptions): void {
  if (ids.length === 0 && [wave, account, region, kind].every((values) => values === undefined)) return;
  throw new UserError({
    what: "--orphans lists the states of all stacks that are no longer in the map: it selects no stacks.",
    remedy: "Leave out the ids, --wave, --account, --region and --kind.",
  });
}

/** The wave of a stack. A stack without a wave is shared by all waves, and the guardrails come after the last one. */
const waveWords = ({ wave, kind }: StackRef): string =>
  wave ?? (kind === "guardrails" ? "after all waves" : "every wave");

/** What to do about a state without a stack. */
const WAY_OUT =
  "docs/runbook.md#take-a-region-or-an-account-out says how to end what these stacks keep running.";

async function listOrphans({ io, exit, screen }: Context, options: ListOptions): Promise<void> {
  const { organization, all } = selected(io, [], {});
  const listing = await orphans(
    organization.state,
    all.map(({ id }) => id),
    { root: dirname(workspaceDirectory(io.env)), env: io.env },
  );
  if (!listing.looked) {
    screen.print(`The states were not listed: ${listing.reason}`);
    return exit(EXIT.failed);
  }
  const states = listing.states.map((state) => ({
    ...state,
    stateKey: stateKey(organization.state, state.stack),
  }));
  if (options.json) io.stdout.write(jsonText(states));
  else if (states.length === 0) io.stdout.write("Every state belongs to a stack of the map.\n");
  else {
    const rows = states.map((state) => [state.stack, String(state.resources), state.stateKey]);
    const lines = table([["STACK", "RESOURCES", "STATE"], ...rows]);
    io.stdout.write(
      [...lines, "", "These stacks were deployed, and nothing maintains them any more.", WAY_OUT, ""].join(
        "\n",
      ),
    );
  }
  exit(states.length === 0 ? EXIT.ok : EXIT.differs);
}
