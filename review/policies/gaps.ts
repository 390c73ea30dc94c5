import { ACTIONS, type ActionPattern } from "./actions";
import { every, type Answer } from "./answer";
import { RESOURCES, type ArnPattern } from "./arns";
import { conditionsWithin } from "./conditions";
import { principalsWithin, type Principal } from "./principals";
import { selectionWithin, selectionWithout, type Comparison, type Selection } from "./selection";
import type { Statement } from "./statements";

/** Some of the requests that a statement applies to. The conditions are those of the statement. */
export interface Cell {
  readonly principals: Selection<Principal> | null;
  readonly actions: Selection<ActionPattern>;
  readonly resources: Selection<ArnPattern> | null;
}

/** Requests that one statement applies to and no other is proven to apply to. */
export interface Gap {
  readonly cell: Cell;
  /** Whether some of them are proven to be of no other statement with the same effect. Otherwise nobody can tell. */
  readonly certain: boolean;
  /** The partner of the statement, if only its conditions keep it from having these requests, and no other has them. */
  readonly butForConditions: Statement | null;
}

/** A statement with more combinations of its values than this is compared as a whole. */
const MAX_CELLS = 20_000;

function apart<T>(selection: Selection<T> | null): readonly (Selection<T> | null)[] {
  if (selection === null || selection.allBut) return [selection];
  return selection.values.map((value) => ({ allBut: false, values: [value] }));
}

function cellsOf(statement: Statement): readonly Cell[] {
  const [principals, actions, resources] = [
    apart(statement.principals),
    apart(statement.actions) as readonly Selection<ActionPattern>[],
    apart(statement.resources),
  ];
  if (principals.length * actions.length * resources.length > MAX_CELLS) return [statement];
  return principals.flatMap((one) =>
    actions.flatMap((action) =>
      resources.map((resource) => ({ principals: one, actions: action, resources: resource })),
    ),
  );
}

/** How much of a cell a statement covers, part by part. The parts of cells recur, so the answers are kept. */
interface Coverage {
  readonly by: Statement;
  readonly principals: (of: Cell["principals"]) => Answer;
  readonly actions: (of: Cell["actions"]) => Answer;
  readonly resources: (of: Cell["resources"]) => Answer;
}

const coverageBy = (by: Statement): Coverage => ({
  by,
  principals: remembering((of) => principalsWithin(of, by.principals, by.effect)),
  actions: remembering((of) => selectionWithin(of, by.actions, ACTIONS)),
  resources: remembering((of) => resourcesWithin(of, by.resources)),
});

function remembering<T>(ask: (part: T) => Answer): (part: T) => Answer {
  const memory = new Map<T, Answer>();
  return (part) => {
    const known = memory.get(part) ?? ask(part);
    memory.set(part, known);
    return known;
  };
}

/** Whether the resources of one statement are among those of another. */
export const resourcesWithin = (narrow: Cell["resources"], wide: Cell["resources"]): Answer => {
  if (narrow === null || wide === null) return narrow === wide ? "yes" : "unknown";
  return selectionWithin(narrow, wide, RESOURCES);
};

const covers = ({ principals, actions, resources }: Coverage, cell: Cell): Answer =>
  every([0, 1, 2], (part) =>
    part === 0 ? actions(cell.actions) : part === 1 ? principals(cell.principals) : resources(cell.resources),
  );

/**
 * The requests that a statement applies to, and none of the others is proven to apply to.
 * @param others statements that would make the same of these requests: those with the same effect, and denials
 * @param partner the statement that became this one or that this one became, among the others; null: there is none
 */
export function gapsOf(
  statement: Statement,
  others: readonly Statement[],
  partner: Statement | null,
): readonly Gap[] {
  if (others.some(({ id }) => id === statement.id)) return [];
  if (statement.isUnreadable) return [{ cell: statement, certain: false, butForConditions: null }];
  if (others.length === 0) return [{ cell: statement, certain: true, butForConditions: null }];
  const candidates = others
    .filter(({ isUnreadable }) => !isUnreadable)
    .map((by) => ({
      coverage: coverageBy(by),
      conditions: conditionsWithin(statement.conditions, by.conditions),
    }));
  const covering = candidates
    .filter(({ conditions }) => conditions === "yes")
    .map(({ coverage }) => coverage);
  const alike = candidates.filter(({ coverage }) => coverage.by.effect === statement.effect);
  const judge = (cell: Cell): Gap => {
    const near = alike.filter(({ coverage }) => covers(coverage, cell) !== "no");
    const [only] = near;
    const isPartner =
      near.length === 1 && only?.coverage.by === partner && covers(only.coverage, cell) === "yes";
    return {
      cell,
      certain: near.every(({ conditions }) => conditions === "no"),
      butForConditions: isPartner ? partner : null,
    };
  };
  return cellsOf(statement)
    .flatMap((cell) => uncovered(cell, covering))
    .map(judge);
}

/** What is left of a cell after all that the given statements are proven to cover. */
function uncovered(cell: Cell, covering: readonly Coverage[]): readonly Cell[] {
  if (covering.some((one) => covers(one, cell) === "yes")) return [];
  const left = covering.reduce<readonly Cell[]>(
    (cells, one) => cells.flatMap((part) => without(part, one)),
    [cell],
  );
  // A statement may cover what a later one has left.
  return left.filter((part) => !covering.some((one) => covers(one, part) === "yes"));
}

/** What is left of a cell after one statement, or more than that. */
function without(cell: Cell, { by, principals, actions, resources }: Coverage): readonly Cell[] {
  if (principals(cell.principals) !== "yes") return [cell];
  const [isAction, isResource] = [actions(cell.actions) === "yes", resources(cell.resources) === "yes"];
  if (isAction && isResource) return [];
  if (isResource) {
    const left = selectionWithout(cell.actions, by.actions, ACTIONS);
    return left?.map((part) => ({ ...cell, actions: part })) ?? [cell];
  }
  if (!isAction || cell.resources === null || by.resources === null) return [cell];
  const left = selectionWithout(cell.resources, by.resources, RESOURCES);
  return left?.map((part) => ({ ...cell, resources: part })) ?? [cell];
}

const textOf = <T>(selection: Selection<T> | null, comparison: Pick<Comparison<T>, "key">): string =>
  selection === null ? "" : JSON.stringify([selection.allBut, ...selection.values.map(comparison.key)]);

/**
 * Fewer cells for the same requests: those that differ in one part only become one with several values.
 */
export function merged(gaps: readonly Gap[]): readonly Gap[] {
  const principalKey = { key: ({ type, id }: Principal) => `${type} ${id}` };
  const by = {
    principals: ({ cell }: Gap) => textOf(cell.principals, principalKey),
    actions: ({ cell }: Gap) => textOf(cell.actions, ACTIONS),
    resources: ({ cell }: Gap) => textOf(cell.resources, RESOURCES),
    rest: ({ certain, butForConditions }: Gap) => `${certain} ${butForConditions === null}`,
  };
  const resources = mergedBy(gaps, (gap) => [by.principals(gap), by.actions(gap), by.rest(gap)], "resources");
  const actions = mergedBy(
    resources,
    (gap) => [by.principals(gap), by.resources(gap), by.rest(gap)],
    "actions",
  );
  return mergedBy(actions, (gap) => [by.actions(gap), by.resources(gap), by.rest(gap)], "principals");
}

function mergedBy(gaps: readonly Gap[], rest: (gap: Gap) => string[], part: keyof Cell): readonly Gap[] {
  const groups = new Map<string, Gap[]>();
  gaps.forEach((gap, index) => {
    const selection = gap.cell[part];
    const id = selection === null || selection.allBut ? `${index}` : JSON.stringify(rest(gap));
    const group = groups.get(id) ?? [];
    group.push(gap);
    groups.set(id, group);
  });
  return [...groups.values()].map((group) => {
    const [first] = group as [Gap];
    const values = group.flatMap(({ cell }) => (cell[part]?.values ?? []) as unknown[]);
    if (group.length === 1) return first;
    return { ...first, cell: { ...first.cell, [part]: { allBut: false, values } } };
  });
}
