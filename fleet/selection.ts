import { didYouMean } from "../accounts/reading/problems";
import { UserError } from "../processes/user-error";
import { STACK_KINDS, type StackKind, type StackRef } from "../stacks/stack-graph";

/** What to operate on. A list that is left out selects everything; a stack must be selected by every list that is given. */
export interface Selection {
  /** Ids of stacks. `*` stands for any characters, and `?` for one. */
  readonly ids?: readonly string[];
  /** Names of waves. A shared stack, such as an archive, goes with the waves that need it. */
  readonly waves?: readonly string[];
  /** Names of accounts in the map. */
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly kinds?: readonly StackKind[];
}

/**
 * The stacks of a selection and every stack that they depend on, in the order of deployment.
 * @example
 * select(stacksOf(organization), { waves: ["canary"] });
 * select(stacksOf(organization), { ids: ["session-*"], regions: ["eu-central-1"] });
 */
export function select(stacks: readonly StackRef[], selection: Selection): StackRef[] {
  const { ids, waves, accounts, regions, kinds = STACK_KINDS } = selection;
  const patterns = ids?.map(globPattern);
  const selected = stacks.filter(
    (stack) =>
      (patterns?.some((pattern) => pattern.test(stack.id)) ?? true) &&
      (waves?.some((wave) => stack.waves.includes(wave)) ?? true) &&
      (accounts?.includes(stack.account) ?? true) &&
      (regions?.includes(stack.region) ?? true) &&
      kinds.includes(stack.kind),
  );
  const needed = new Set(selected.flatMap(({ id, dependsOn }) => [id, ...dependsOn]));
  return stacks.filter(({ id }) => needed.has(id));
}

/** The regular expression of a glob: `*` stands for any characters, `?` for one, and everything else for itself. */
export function globPattern(glob: string): RegExp {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

/**
 * Refuses values of an option that are not known.
 * @throws UserError for the first of them
 */
export function refuseUnknown(
  option: string,
  values: readonly string[] | undefined,
  known: readonly string[],
): void {
  const unknown = values?.find((value) => !known.includes(value));
  if (unknown === undefined) return;
  const meant = didYouMean(unknown, known);
  throw new UserError({
    what: `${option} ${JSON.stringify(unknown)}: unknown.`,
    allowed:
      known.length <= 20
        ? known.join(", ")
        : `${known.slice(0, 20).join(", ")} and ${known.length - 20} more`,
    ...(meant !== undefined && { remedy: `Did you mean ${JSON.stringify(meant)}?` }),
  });
}
