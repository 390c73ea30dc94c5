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
  const matchers = ids?.map(globMatcher);
  const selected = stacks.filter(
    (stack) =>
      (matchers?.some((matches) => matches(stack.id)) ?? true) &&
      (waves?.some((wave) => stack.waves.includes(wave)) ?? true) &&
      (accounts?.includes(stack.account) ?? true) &&
      (regions?.includes(stack.region) ?? true) &&
      kinds.includes(stack.kind),
  );
  const needed = new Set(selected.flatMap(({ id, dependsOn }) => [id, ...dependsOn]));
  return stacks.filter(({ id }) => needed.has(id));
}

/**
 * Tells whether texts match a glob: `*` stands for any characters, `?` for one, and everything else for itself. A regular
 * expression would take minutes for a dozen `*`, because it tries every division of the text.
 */
export function globMatcher(glob: string): (text: string) => boolean {
  const [first, ...rest] = glob.split(/\*+/);
  const last = rest.pop();
  if (last === undefined) return (text) => text.length === glob.length && isAt(glob, text, 0);
  return (text) => {
    const end = text.length - last.length;
    if (!isAt(first!, text, 0) || !isAt(last, text, end)) return false;
    let from = first!.length;
    // The first place of each piece leaves the most room for those after it.
    for (const piece of rest) {
      while (from + piece.length <= end && !isAt(piece, text, from)) from++;
      from += piece.length;
    }
    return from <= end;
  };
}

/** Whether a piece of a glob without `*` matches a text at a position. */
const isAt = (piece: string, text: string, at: number): boolean =>
  at >= 0 &&
  at + piece.length <= text.length &&
  piece.split("").every((character, index) => character === "?" || character === text[at + index]);

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
