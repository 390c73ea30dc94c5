import type { Axis, AxisChange, Direction, Reach } from "../model";
import { ACTIONS } from "./actions";
import type { Answer } from "./answer";
import { RESOURCES } from "./arns";
import { conditionsWithin, type Condition } from "./conditions";
import { principalText, principalsWithin } from "./principals";
import { resourcesWithin } from "./gaps";
import { selectionWithin, type Selection } from "./selection";
import type { Statement } from "./statements";

/** Whether something happens: proven, possible or ruled out. */
type Chance = "yes" | "maybe" | "no";

const DIRECTIONS: Readonly<Record<Chance, Readonly<Record<Chance, Direction>>>> = {
  // What is gained, then what is lost.
  no: { no: "same", maybe: "narrower", yes: "narrower" },
  maybe: { no: "maybe-wider", maybe: "maybe-wider", yes: "maybe-wider" },
  yes: { no: "wider", maybe: "other", yes: "other" },
};

const chanceOf = (reaches: readonly Reach[]): Chance =>
  reaches.length === 0 ? "no" : reaches.some(({ certain }) => certain) ? "yes" : "maybe";

/** The direction of a change that gains and loses requests. */
export const directionOf = (gains: readonly Reach[], losses: readonly Reach[]): Direction =>
  DIRECTIONS[chanceOf(gains)][chanceOf(losses)];

/**
 * Whether a change may permit what was refused before, so that a person has to approve it.
 * @example isWidening("other") // true
 */
export const isWidening = (direction: Direction): boolean =>
  direction === "wider" || direction === "other" || direction === "maybe-wider";

/** The chance that something is outside, from the answer whether everything is within. */
const OUTSIDE: Readonly<Record<Answer, Chance>> = { yes: "no", unknown: "maybe", no: "yes" };

/** One part of a statement: its values as they are shown, and whether it has all that another statement's has. */
interface Part {
  readonly axis: Axis;
  readonly shown: (statement: Statement) => readonly string[];
  /** The same for texts that mean the same. */
  readonly ids: (statement: Statement) => readonly string[];
  readonly within: (narrow: Statement, wide: Statement) => Answer;
}

const shownSelection = <T>(selection: Selection<T> | null, text: (value: T) => string): readonly string[] =>
  (selection?.values ?? []).map((value) => `${selection?.allBut === true ? "not " : ""}${text(value)}`);

const shownCondition = ({ operator, key, values }: Condition): string =>
  `${operator} ${key}: ${values.join(", ")}`;

const PARTS: readonly Part[] = [
  {
    axis: "principal",
    shown: ({ principals }) => shownSelection(principals, principalText),
    ids: ({ principals }) => shownSelection(principals, principalText),
    within: (narrow, wide) => principalsWithin(narrow.principals, wide.principals, wide.effect),
  },
  {
    axis: "action",
    shown: ({ actions }) => shownSelection(actions, ({ text }) => text),
    ids: ({ actions }) => shownSelection(actions, ACTIONS.key),
    within: (narrow, wide) => selectionWithin(narrow.actions, wide.actions, ACTIONS),
  },
  {
    axis: "resource",
    shown: ({ resources }) => shownSelection(resources, ({ text }) => text),
    ids: ({ resources }) => shownSelection(resources, RESOURCES.key),
    within: (narrow, wide) => resourcesWithin(narrow.resources, wide.resources),
  },
  {
    axis: "condition",
    shown: ({ conditions }) => conditions.map(shownCondition),
    ids: ({ conditions }) => conditions.map(({ id }) => id),
    within: (narrow, wide) => conditionsWithin(narrow.conditions, wide.conditions),
  },
];

/** The parts in which a statement differs before and after. null: there is no statement on that side. */
export function axisChanges(
  before: Statement | null,
  after: Statement | null,
  direction: Direction,
): readonly AxisChange[] {
  const shown = (statement: Statement | null, part: Part) =>
    statement === null ? [] : part.shown(statement);
  const ids = (statement: Statement | null, part: Part) => (statement === null ? [] : part.ids(statement));
  const isFlipped = before?.effect !== after?.effect;
  const effect: AxisChange = {
    axis: "effect",
    direction:
      before !== null && after !== null ? (after.effect === "Allow" ? "wider" : "narrower") : direction,
    before: before === null ? [] : [before.effect],
    after: after === null ? [] : [after.effect],
  };
  const parts = PARTS.map((part): AxisChange & { differs: boolean } => {
    const own =
      isFlipped || before === null || after === null ? effect.direction : partDirection(before, after, part);
    const differs = own !== "same" || !isSameList(ids(before, part), ids(after, part));
    return {
      axis: part.axis,
      direction: own,
      before: shown(before, part),
      after: shown(after, part),
      differs,
    };
  });
  // A statement that is added or removed has all its parts, but no empty ones.
  const isShown = ({ before: one, after: other }: AxisChange) => one.length + other.length > 0;
  return [
    ...(isFlipped ? [effect] : []),
    ...parts.filter((part) => part.differs && isShown(part)).map(({ differs: _differs, ...part }) => part),
  ];
}

function partDirection(before: Statement, after: Statement, part: Part): Direction {
  const more = OUTSIDE[part.within(after, before)];
  const less = OUTSIDE[part.within(before, after)];
  return after.effect === "Allow" ? DIRECTIONS[more][less] : DIRECTIONS[less][more];
}

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  [...one].sort().join("\n") === [...other].sort().join("\n");
