import type { PolicyChange, Reach, StatementChange, ValuesOf } from "../model";
import type { Json } from "../plan-json";
import { axisChanges, directionOf } from "./direction";
import { gapsOf, merged, type Gap } from "./gaps";
import { pairStatements, type Pair } from "./pairing";
import { principalText } from "./principals";
import type { Selection } from "./selection";
import { isObject, readStatements, type Statement } from "./statements";
import { gainWords, lossWords, type PolicyKind, type Told } from "./words";

/** What applies where an endpoint has no policy of its own. */
const FULL_ACCESS: Json = {
  Version: "2012-10-17",
  Statement: [{ Sid: "FullAccess", Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
};

/**
 * Compares two policies statement by statement: what is permitted that was refused, and what is refused that was permitted.
 * The comparison never says `narrower` or `same` of a policy that permits more; where it cannot tell, it says
 * `maybe-wider`.
 * @param before null: there was no policy, which means full access for an endpoint and no access for everything else
 * @param after null: there is no policy any more
 * @param kind what the policy is attached to. @default found out from the statements, except `endpoint` and `scp`
 * @returns null if both say the same, however they are written
 * @example comparePolicies(roleBefore, roleAfter)?.direction // "wider"
 */
export function comparePolicies(before: Json, after: Json, kind?: PolicyKind): PolicyChange | null {
  const none = kind === "endpoint" ? FULL_ACCESS : null;
  const [old, now] = [readStatements(before ?? none), readStatements(after ?? none)];
  const known = kind ?? kindOf([...old, ...now]);
  const pairs = pairStatements(old, now).filter(
    ({ before: one, after: other }) => one?.id !== other?.id || one?.sid !== other?.sid,
  );
  if (pairs.length === 0) return null;
  const changes = pairs.map((pair) => changeOf(pair, { before: old, after: now }, known));
  const direction = directionOf(
    changes.flatMap(({ gains }) => gains),
    changes.flatMap(({ losses }) => losses),
  );
  const version = versionWords(before, after);
  const hasVariable = ({ axes }: StatementChange) =>
    axes.some((axis) => [...axis.before, ...axis.after].some((value) => value.includes("${")));
  return {
    kind: "policy",
    direction,
    statements: changes.map((change) =>
      hasVariable(change) ? { ...change, words: [...change.words, ...version] } : change,
    ),
  };
}

function kindOf(statements: readonly Statement[]): PolicyKind {
  if (statements.every(({ principals }) => principals === null)) return "identity";
  const isTrust = statements.every(
    ({ actions, resources }) =>
      resources === null && actions.values.every(({ key }) => key.startsWith("sts:")),
  );
  return isTrust ? "trust" : "resource";
}

interface Sides {
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
}

function changeOf(pair: Pair, sides: Sides, kind: PolicyKind): StatementChange {
  const gains = [
    ...toldOf(pair.after, pair.before, "Allow", sides.before, sides.after),
    ...toldOf(pair.before, pair.after, "Deny", sides.after),
  ];
  const losses = [
    ...toldOf(pair.before, pair.after, "Allow", sides.after, sides.before),
    ...toldOf(pair.after, pair.before, "Deny", sides.before),
  ];
  const [gained, lost] = [gains.map(({ reach }) => reach), losses.map(({ reach }) => reach)];
  const direction = directionOf(gained, lost);
  return {
    statement: (pair.after ?? pair.before)?.name ?? "",
    change: pair.before === null ? "added" : pair.after === null ? "removed" : "changed",
    direction,
    axes: axisChanges(pair.before, pair.after, direction),
    gains: gained,
    losses: lost,
    words: wordsOf(pair, gains, losses, kind),
  };
}

/**
 * The requests of a statement that have a new verdict, if the statement has the given effect.
 * @param partner the statement on the other side of the change that it is paired with
 * @param elsewhere the statements on the other side of the change: those with the same effect count
 * @param beside the statements on the same side: what one of them denies cannot be gained or lost by an `Allow`
 */
function toldOf(
  statement: Statement | null,
  partner: Statement | null,
  effect: "Allow" | "Deny",
  elsewhere: readonly Statement[],
  beside: readonly Statement[] = [],
): readonly Told[] {
  if (statement === null || (statement.effect !== effect && !statement.isUnreadable)) return [];
  const denials = beside.filter((one) => one.effect === "Deny" && !one.isUnreadable);
  const others = [...elsewhere.filter((one) => one.effect === effect), ...denials];
  return merged(gapsOf(statement, others, partner)).map((gap) => ({
    reach: reachOf(statement, effect, gap),
    conditionsElsewhere: gap.butForConditions?.conditions ?? null,
    isUnreadable: statement.isUnreadable,
  }));
}

const EVERYTHING: ValuesOf = { allBut: false, values: ["*"] };

function reachOf(statement: Statement, effect: "Allow" | "Deny", { cell, certain }: Gap): Reach {
  if (statement.isUnreadable) {
    return {
      effect,
      certain,
      principals: EVERYTHING,
      actions: EVERYTHING,
      resources: EVERYTHING,
      conditions: [],
    };
  }
  return {
    effect,
    certain,
    principals: cell.principals && valuesOf(cell.principals, principalText),
    actions: valuesOf(cell.actions, ({ text }) => text),
    resources: cell.resources && valuesOf(cell.resources, ({ text }) => text),
    conditions: statement.conditions.map(({ operator, key, values }) => ({ operator, key, values })),
  };
}

const valuesOf = <T>({ allBut, values }: Selection<T>, text: (value: T) => string): ValuesOf => ({
  allBut,
  values: values.map(text),
});

function wordsOf(
  { before, after }: Pair,
  gains: readonly Told[],
  losses: readonly Told[],
  kind: PolicyKind,
): readonly string[] {
  const isUnreadable = before?.isUnreadable === true || after?.isUnreadable === true;
  const isReadable = (told: Told) => !told.isUnreadable;
  // Where only the conditions differ, one sentence says which there were and which there are.
  const isTold = (loss: Told) =>
    loss.conditionsElsewhere !== null && gains.some((gain) => isSameBut(gain, loss));
  const words = [
    ...(isUnreadable ? ["The review cannot read all of this statement: read the change as wider."] : []),
    ...gains.filter(isReadable).map((told) => gainWords(told, kind)),
    ...losses.filter((told) => isReadable(told) && !isTold(told)).map((told) => lossWords(told, kind)),
  ];
  if (words.length > 0) return words;
  if (before !== null && after !== null && before.id === after.id) {
    return [`Only the name changes, from ${before.name} to ${after.name}: nobody gains or loses access.`];
  }
  return ["Nobody gains or loses access: other values or statements of the policy have the same effect."];
}

const isSameBut = (gain: Told, loss: Told): boolean => {
  const requests = ({ reach: { effect, principals, actions, resources } }: Told) =>
    JSON.stringify([effect, principals, actions, resources]);
  return gain.conditionsElsewhere !== null && requests(gain) === requests(loss);
};

/** What the version of the policy changes, if it differs and a statement has `${…}`. */
function versionWords(before: Json, after: Json): readonly string[] {
  const [old, now] = [before, after].map((policy) =>
    isObject(policy) ? (policy["Version"] ?? "2008-10-17") : null,
  );
  if (old === null || now === null || old === now) return [];
  return [
    `The Version changes from ${old} to ${now}: only in 2012-10-17, \${…} stands for a value of the request.`,
  ];
}
