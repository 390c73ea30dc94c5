import { resolve } from "node:path";
import type { Command } from "commander";
import { mapFile } from "../accounts/reading/load";
import type { Organization, Target } from "../accounts/model/organization";
import { didYouMean } from "../accounts/reading/problems";
import { projectFolder } from "../processes/project-folder";
import type { Io } from "../processes/program";
import { UserError } from "../processes/user-error";
import { readOrganization } from "../stacks/read-organization";
import { warningsOn } from "../accounts/warnings";
import { describeWarnings } from "../accounts/warnings/text";
import { parallelism, thisMachine } from "./capacity";
import { stackIds } from "../stacks/names";
import { STACK_KINDS, stacksOf, type StackRef } from "../stacks/stack-graph";
import { globMatcher, refuseUnknown, select, type Selection } from "./selection";

/** The directory of session-audit itself: its code, and the policies in `docs/`. */
export const CODE = resolve(__dirname, "..");

/** The directory of the operator's project, in which the map, the workspace and the cache are. */
export const PROJECT = projectFolder(CODE);

/** What the options that every command has select. */
export interface SelectorOptions {
  readonly wave?: string[];
  readonly account?: string[];
  readonly region?: string[];
  readonly kind?: string[];
}

/** Collects the values of an option that may be repeated. */
export const collect = (value: string, before: string[] = []) => [...before, value];

/** Adds the argument and the options by which a command selects stacks. */
export const withSelectors = (command: Command): Command =>
  command
    .argument("[stacks...]", "ids of stacks; * and ? are wildcards (quote them). Without ids: every stack")
    .option(
      "-w, --wave <name>",
      "only stacks of this wave, and shared stacks that it needs (may be repeated)",
      collect,
    )
    .option("-a, --account <name>", "only stacks of this account (may be repeated)", collect)
    .option("-r, --region <region>", "only stacks of this region (may be repeated)", collect)
    .option(
      "-k, --kind <kind>",
      `only stacks of this kind: ${STACK_KINDS.join(", ")} (may be repeated)`,
      collect,
    );

/** The map that a command works on, and the stacks that its options select. */
export interface Selected {
  /** Absolute path of the map. */
  readonly map: string;
  readonly organization: Organization;
  /** Every stack of the map, in the order of deployment. */
  readonly all: readonly StackRef[];
  /** The selected stacks and every stack that they depend on, in the order of deployment. */
  readonly stacks: readonly StackRef[];
}

/**
 * Reads the map, writes its warnings to stderr, and selects stacks.
 * @throws UserError if the map is wrong, if a value of an option is unknown, or if no stack is selected
 */
export function selected(
  { env, cwd, stderr }: Pick<Io, "env" | "cwd" | "stderr">,
  ids: readonly string[],
  options: SelectorOptions,
): Selected {
  const map = mapFile(env, PROJECT, cwd);
  const organization = readOrganization(map);
  stderr.write(describeWarnings(map, warningsOn(organization, new Date())));
  const all = stacksOf(organization);
  refuseUnknown("--wave", options.wave, organization.waves);
  refuseUnknown("--account", options.account, [...new Set(all.map(({ account }) => account))]);
  refuseUnknown("--region", options.region, [...new Set(all.map(({ region }) => region))]);
  refuseUnknown("--kind", options.kind, STACK_KINDS);
  for (const id of ids) refuseUnmatched(id, all);
  const selection: Selection = {
    ...(ids.length > 0 && { ids }),
    waves: options.wave,
    accounts: options.account,
    regions: options.region,
    kinds: STACK_KINDS.filter((kind) => options.kind?.includes(kind) ?? true),
  };
  const stacks = select(all, selection);
  // With an empty list, "cdktf deploy $(...)" would deploy whatever cdktf chooses by itself.
  if (stacks.length === 0) {
    throw new UserError({
      what: "no stack matches all of these options.",
      remedy: "Leave one of them out.",
    });
  }
  return { map, organization, all, stacks };
}

function refuseUnmatched(id: string, all: readonly StackRef[]): void {
  const matches = globMatcher(id);
  if (all.some((stack) => matches(stack.id))) return;
  const meant = didYouMean(
    id,
    all.map((stack) => stack.id),
  );
  throw new UserError({
    what: `${JSON.stringify(id)}: the map has no such stack.`,
    remedy:
      meant === undefined
        ? "List the stacks with: session-audit list"
        : `Did you mean ${JSON.stringify(meant)}?`,
  });
}

/** The targets whose session stacks are selected. @throws UserError if there are none */
export function sessionTargets({
  organization,
  stacks,
}: Pick<Selected, "organization" | "stacks">): readonly Target[] {
  const ids = new Set(stacks.map(({ id }) => id));
  const targets = organization.targets.filter((target) => ids.has(stackIds.session(target)));
  if (targets.length > 0) return targets;
  throw new UserError({
    what: "the selected stacks have no sessions.",
    remedy: "Select stacks of the kind session, or accounts and regions that have one.",
  });
}

/**
 * The number of stacks to work on side by side.
 * @param text the value of `--parallel`; undefined: the machine decides
 * @throws UserError if it is no such number
 */
export function parallelOf(text: string | undefined): number {
  if (text === undefined) return parallelism(thisMachine());
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UserError({
    what: `--parallel ${JSON.stringify(text)} is not a number of stacks.`,
    allowed: "1 to 999",
    remedy: "Leave it out: the number of cores and the free memory then decide.",
  });
}
