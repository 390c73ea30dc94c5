import { relative, resolve } from "node:path";
import { Option, type Command } from "commander";
import type { Organization, Target } from "../../accounts/model/organization";
import { generatedFile, withGenerated } from "../../accounts/reading/generated";
import { loadFile } from "../../accounts/reading/load";
import { replaceFile } from "../../files/replace-file";
import { jsonText } from "../../pages/visible";
import type { Io } from "../../processes/program";
import { UserError } from "../../processes/user-error";
import { checkMap } from "../../stacks/read-organization";
import { allLines, type Adoption, type TargetResult } from "../adopt/model";
import type { Behind } from "../adopt/promote";
import type { Reading } from "../adopt/reading";
import { overlay, type OverlayChange } from "../adopt/overlay";
import { adoptionHtml } from "../adopt/render/html";
import { adoptionText, headline } from "../adopt/render/text";
import { EXIT, interruptible, newCommand, type Context } from "../command";
import { plainMap, readGenerated } from "../generated-map";
import { selected, sessionTargets, withSelectors, type Selected, type SelectorOptions } from "../options";
import { refuseUnwritable, writeOutput } from "../output-file";
import { FleetProgress } from "../progress";
import { wholeNumber } from "../report/options";
import { table } from "../table";

const EXAMPLES = `
Examples:
  What a first rollout would meet:
    npx session-audit adopt
  One wave, as a page for the people who decide:
    npx session-audit adopt --wave canary --html adopt.html
  Adopt the preferences that exist, for a pull request:
    npx session-audit adopt --write
  Make the latest version of every document the default, in a pipeline whose people have agreed:
    npx session-audit adopt --promote --yes

Exit codes:
  0    nothing is in the way
  1    the map or an option is wrong, or something else failed
  2    there is something to do before the rollout
  4    not everything was looked at: AWS denied or throttled a call
  130  interrupted
2 wins over 4. Everything that was not looked at is in the output in any case.`;

interface AdoptOptions extends SelectorOptions {
  readonly write?: boolean;
  readonly promote?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly html?: string;
  readonly role?: string;
  readonly parallel: string;
}

/** `session-audit adopt`: what a first rollout would meet. */
export const adoptCommand = (context: Context): Command =>
  withSelectors(newCommand("adopt", context))
    .description(
      "Looks at every selected target before the first rollout: the preferences that exist, what would change in " +
        "them and whether that is stronger or weaker, who else keeps them, trails, regions, roles, quotas, and the " +
        "bucket of the states. Without --write and --promote, it changes nothing.",
    )
    .option(
      "--write",
      "write adopt: true for the preferences that exist, and what was looked at, into the generated part of the map",
    )
    .option(
      "--promote",
      "make the latest version of the preferences the default, where the two differ; it asks before",
    )
    .option("--yes", "with --promote: do not ask")
    .option("--html <file>", "write the result as a page as well")
    .option(
      "--role <name>",
      "role to assume in each account (default: the map's planRole, or its role; --promote: its role)",
    )
    .option("--parallel <number>", "how many targets to look at side by side", "16")
    .addOption(new Option("--json", "print the result as JSON"))
    .addHelpText("after", EXAMPLES)
    .action((ids: string[], options: AdoptOptions) =>
      interruptible(context, ({ signal }) => adopt(context, ids, options, signal), "the command"),
    );

async function adopt(
  context: Context,
  ids: readonly string[],
  options: AdoptOptions,
  signal: AbortSignal,
): Promise<void> {
  const { io, exit } = context;
  const now = new Date();
  const parallel = wholeNumber("--parallel", options.parallel, { from: 1, to: 100 });
  if (options.promote && !options.yes && io.ask === undefined) {
    throw new UserError({
      what: "--promote asks before it changes anything, and there is no terminal.",
      remedy: "Add --yes once people have agreed.",
    });
  }
  const chosen = selected(io, ids, options);
  const targets = sessionTargets(chosen);
  const page = options.html === undefined ? null : resolve(io.cwd, options.html);
  if (page !== null) await refuseUnwritable("--html", page);
  const found = await lookAt(context, chosen, targets, { ...options, parallel }, signal);
  const { adoptionOf } = require("../adopt/adoption") as typeof import("../adopt/adoption");
  const { lookedAtIn } = require("../adopt/looked-at") as typeof import("../adopt/looked-at");
  const judged = ({ organization, stacks, map }: Selected): Adoption =>
    adoptionOf(found, {
      organization,
      stacks,
      seen: lookedAtIn(map),
      now,
      // With the settings of this organization.
      targets: sessionTargets({ organization, stacks }),
    });
  const before = judged(chosen);
  const written = options.write ? await write(chosen, before.targets) : null;
  // What was written is no longer to do: it is judged again, by the map as it is now.
  const result = written === null ? before : judged({ ...chosen, organization: written.organization });
  if (page !== null) await writeOutput("--html", page, adoptionHtml(result));
  const file = written && relative(io.cwd, written.file);
  io.stdout.write(
    options.json
      ? jsonText({ ...result, written: written && { file, changes: written.changes } })
      : `${adoptionText(result)}${written ? writtenText(written.changes, file!) : ""}`,
  );
  if (page !== null) io.stderr.write(`${headline(result)} Page: ${options.html}\n`);
  exit(exitCodeOf(result));
}

/** Reads everything, and promotes versions if that is asked for. */
async function lookAt(
  { io, screen }: Context,
  { organization, stacks }: Selected,
  targets: readonly Target[],
  {
    role,
    parallel,
    promote: promotes,
    yes,
  }: Pick<AdoptOptions, "role" | "promote" | "yes"> & { parallel: number },
  signal: AbortSignal,
): Promise<Reading> {
  // Loaded here, because most commands need no AWS SDK.
  const { TargetClients } = require("../target-clients") as typeof import("../target-clients");
  const { readAll, readTargets } = require("../adopt/reading") as typeof import("../adopt/reading");
  const { notPromoted, promote } = require("../adopt/promote") as typeof import("../adopt/promote");
  const clientsOf = (own: string | null) =>
    new TargetClients(organization, { env: io.env, sessionName: "session-audit-adopt", role: role ?? own });
  const { deployment } = organization;
  const deploys = deployment.mode === "assume-role" ? deployment.role : null;
  const plans = deployment.mode === "assume-role" ? (deployment.planRole ?? deployment.role) : null;
  const progress = new FleetProgress(screen, "looking at", targets.length);
  const props = {
    organization,
    targets,
    stacks,
    parallel,
    progress,
    signal,
    env: io.env,
    clients: clientsOf(plans),
  };
  try {
    const found = await readAll(props);
    const behind = promotes ? notPromoted(targets, found.targets) : [];
    if (behind.length === 0) return found;
    progress.end();
    if (!yes && !(await agreed(behind, io.ask!))) return found;
    await promote(behind, clientsOf(deploys), ({ target, latest }) =>
      screen.print(`${target.account.name} ${target.region}: version ${latest} is the default now`),
    );
    const again = await readTargets(
      behind.map(({ target }) => target),
      props,
    );
    return { ...found, targets: new Map([...found.targets, ...again]) };
  } finally {
    progress.end();
  }
}

/** Asks whether versions shall become the default. */
async function agreed(behind: readonly Behind[], ask: NonNullable<Io["ask"]>): Promise<boolean> {
  const rows = behind.map(({ target, latest, present }) => [
    target.account.name,
    target.region,
    present,
    latest,
  ]);
  const shown = table([["ACCOUNT", "REGION", "DEFAULT", "LATEST"], ...rows]).join("\n");
  const answer = await ask(`${shown}\nMake these latest versions the default? Only "yes" goes on: `);
  return answer.trim() === "yes";
}

/** What `--write` did. */
interface Written {
  readonly file: string;
  readonly changes: readonly OverlayChange[];
  /** The map as it is now. */
  readonly organization: Organization;
}

/** Writes the generated part of the map, if anything differs. @throws UserError if the map itself says otherwise */
async function write({ map }: Selected, targets: readonly TargetResult[]): Promise<Written> {
  const file = generatedFile(map);
  const own = loadFile(map);
  const { generated, changes } = overlay(readGenerated(own, file), targets);
  // A map that would be wrong is refused before anything is written.
  const organization = checkMap(
    withGenerated(own, plainMap(generated), file),
    `${map}, with ${file} as it would be`,
  );
  const stubborn = changes.filter(({ kind, account, region }) => {
    const target = organization.targets.find((one) => one.account.name === account && one.region === region);
    return target?.settings.preferences.adopt !== (kind !== "forget");
  });
  if (stubborn.length > 0) {
    const places = stubborn.map(({ account, region }) => `${account} ${region}`).join(", ");
    throw new UserError({
      what: `${map} sets preferences.adopt itself for ${places}, and the map decides. Nothing was written.`,
      remedy: "Take preferences.adopt out of the map for these regions, or set it as adopt describes.",
    });
  }
  if (changes.length > 0) await replaceFile(file, `${JSON.stringify(generated, null, 2)}\n`);
  return { file, changes, organization };
}

const CHANGE_WORDS: Readonly<Record<OverlayChange["kind"], string>> = {
  adopt: "adopts what was looked at",
  look: "notes what was looked at",
  forget: "no longer adopts: the preferences are gone",
};

function writtenText(changes: readonly OverlayChange[], file: string): string {
  if (changes.length === 0) return `${file} stays as it is.\n`;
  const lines = changes.map(({ kind, account, region }) => `  ${account} ${region}: ${CHANGE_WORDS[kind]}`);
  return `Written: ${file}\n${lines.join("\n")}\nNext: have this file reviewed, and plan.\n`;
}

/** Something to do wins over what was not looked at: it needs a person in any case. */
function exitCodeOf(adoption: Adoption): number {
  const verdicts = new Set(allLines(adoption).map(({ verdict }) => verdict));
  if (verdicts.has("to-do")) return EXIT.differs;
  return verdicts.has("not-looked-at") ? EXIT.notCovered : EXIT.ok;
}
