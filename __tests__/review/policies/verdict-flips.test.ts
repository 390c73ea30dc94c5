import type { PolicyChange, Reach } from "../../../review/model";
import type { Json } from "../../../review/plan-json";
import { LISTED } from "../../../review/policies/lists";
import { comparePolicies } from "../../../review/policies/compare";
import type { PolicyKind } from "../../../review/policies/words";
import { policy, request, statementsOf } from "./generated";
import { mutated } from "./mutations";
import { random, type Random } from "./random";
import { isAllowed, withKeptCollators, type Beside, type Document, type Request } from "./simulated";
import { HOME, WORLDS, type Loose, type World } from "./worlds";

/** Pairs of policies that are compared. The variable POLICY_PAIRS raises the number, POLICY_SEED repeats a run. */
const PAIRS = Number(process.env["POLICY_PAIRS"] ?? 2_000);
const SEED = Number(process.env["POLICY_SEED"] ?? 20_260_101);
const REQUESTS = 2;

interface Flip {
  readonly seed: number;
  readonly kind: PolicyKind;
  readonly before: Document;
  readonly after: Document;
  readonly request: Request;
  readonly beside: Beside;
  /** Whether the request is allowed after the change. */
  readonly gained: boolean;
  readonly change: PolicyChange | null;
}

const flips: Flip[] = [];
const changes: { readonly seed: number; readonly change: PolicyChange }[] = [];

beforeAll(() => {
  withKeptCollators(() => {
    for (let index = 0; index < PAIRS; index += 1) explore(SEED + index);
  });
});

function explore(seed: number): void {
  const by = random(seed);
  const world = by.pick(WORLDS);
  const [before, after] = pairOf(by, world);
  const change = comparePolicies(before as Json, after as Json, world.kind);
  if (change !== null) changes.push({ seed, change });
  const all = [statementsOf(before), statementsOf(after)] as const;
  const differing = [...without(all[0], all[1]), ...without(all[1], all[0])];
  for (let count = 0; count < REQUESTS; count += 1) {
    const near = differing.length > 0 && by.happens(0.85) ? differing : all.flat();
    const statement = by.pick(near);
    const one = request(by, world, statement);
    const beside = besideOf(by, world, statement);
    const [was, is] = [before, after].map((document) => isAllowed(world.kind, document, one, beside));
    if (was === is) continue;
    flips.push({ seed, kind: world.kind, before, after, request: one, beside, gained: is === true, change });
  }
}

/** The statements that are not among others, as they are written. */
const without = (statements: readonly Loose[], others: readonly Loose[]): Loose[] => {
  const known = new Set(others.map((one) => JSON.stringify(one)));
  return statements.filter((one) => !known.has(JSON.stringify(one)));
};

/** What makes the verdict depend on the statement, most of the time. */
function besideOf(by: Random, world: World, { Effect }: Loose): Beside {
  const isOfOthers = world.kind === "resource" && world.owner !== HOME;
  return (Effect === "Deny" || isOfOthers) !== by.happens(0.25) ? "full access" : "nothing";
}

function pairOf(by: Random, world: World): readonly [Document, Document] {
  const before = policy(by, world);
  // Without a trust policy, the simulator trusts the whole account. A role always has one.
  if (by.happens(0.04) && world.kind !== "trust") return by.happens(0.5) ? [null, before] : [before, null];
  return [before, mutated(by, world, before)];
}

/** A policy with one statement that applies to exactly the requests of a reach. */
function statementOf({ effect, principals, actions, resources, conditions }: Reach): Loose {
  const name = (part: string, { allBut }: { allBut: boolean }) => (allBut ? `Not${part}` : part);
  const condition: Record<string, Loose> = {};
  // Two spellings of an operator and a key are two conditions, so none replaces the other.
  for (const { operator, key, values } of conditions) (condition[operator] ??= {})[key] = values;
  return {
    Effect: effect,
    ...(principals && { [name("Principal", principals)]: principalsOf(principals.values) }),
    [name("Action", actions)]: actions.values,
    ...(resources && { [name("Resource", resources)]: resources.values }),
    Condition: condition,
  };
}

function principalsOf(values: readonly string[]): unknown {
  if (values.includes("*")) return "*";
  const made: Record<string, string[]> = {};
  for (const value of values) {
    const [, type = "AWS", id = value] = /^(\w+) (.*)$/.exec(value) ?? [];
    (made[type] ??= []).push(id);
  }
  return made;
}

/** Whether a request is one of those of a reach: a policy with nothing else decides otherwise about it. */
function isWithin(reach: Reach, { kind, request, beside }: Flip): boolean {
  const others = { Effect: "Allow", Action: "*", Resource: "*", ...(reach.principals && { Principal: "*" }) };
  const base = reach.effect === "Deny" ? [others] : [];
  const verdict = (Statement: readonly unknown[]) =>
    isAllowed(kind, { Version: "2012-10-17", Statement }, request, beside);
  return verdict([...base, statementOf(reach)]) !== verdict(base);
}

const reachesOf = (change: PolicyChange | null, gained: boolean) =>
  (change?.statements ?? []).flatMap((statement) =>
    (gained ? statement.gains : statement.losses).map((reach) => ({ statement, reach })),
  );

/** What a failure shows: enough to repeat it. */
const shown = (flip: Flip) => JSON.stringify(flip, null, 1);

const GAINING = ["wider", "other", "maybe-wider"];
const LOSING = ["narrower", "other", "maybe-wider"];

it("the policy is never called narrower or the same if a request is allowed that was denied", () => {
  const wrong = flips.filter(
    ({ gained, change }) => gained && !GAINING.includes(change?.direction ?? "none"),
  );
  expect(wrong.slice(0, 1).map(shown)).toEqual([]);
});

it("the policy is never called only wider or the same if a request is denied that was allowed", () => {
  const wrong = flips.filter(
    ({ gained, change }) => !gained && !LOSING.includes(change?.direction ?? "none"),
  );
  expect(wrong.slice(0, 1).map(shown)).toEqual([]);
});

it("every request with a new verdict is among those that a statement shows, with the same direction", () => {
  const wrong = flips.filter((flip) => {
    const directions = flip.gained ? GAINING : LOSING;
    return !reachesOf(flip.change, flip.gained).some(
      ({ statement, reach }) => directions.includes(statement.direction) && isWithin(reach, flip),
    );
  });
  expect(wrong.slice(0, 1).map(shown)).toEqual([]);
});

it("the words of a statement name every value of what it gains and loses, or count those they leave out", () => {
  const silent = changes.flatMap(({ seed, change }) =>
    change.statements
      .filter(({ gains, losses, words }) => [...gains, ...losses].some((reach) => !isSaid(reach, words)))
      .map((statement) => JSON.stringify({ seed, statement }, null, 1)),
  );
  expect(silent.slice(0, 1)).toEqual([]);
});

/** Whether one sentence names all values of a reach. */
function isSaid({ principals, actions, resources }: Reach, words: readonly string[]): boolean {
  const lists = [principals, actions, resources].flatMap((one) => (one === null ? [] : [one]));
  return words.some((sentence) => lists.every(({ values }) => isListed(values, sentence)));
}

function isListed(values: readonly string[], sentence: string): boolean {
  if (values.includes("*")) return /everybody|anybody|everything|every resource/i.test(sentence);
  const shown = values.length > LISTED + 1 ? values.slice(0, LISTED) : values;
  const isCounted = shown.length === values.length || sentence.includes(`${values.length - LISTED} more`);
  return isCounted && shown.every((value) => isNamed(value, sentence));
}

/** A principal may have its type in front, which a sentence says otherwise. */
const isNamed = (value: string, sentence: string): boolean =>
  sentence.includes(value) || sentence.includes(value.replace(/^\w+ /, ""));

it("the pairs have what the rules are about: flips in both directions, and changes in every direction", () => {
  const [gained, lost] = [flips.filter((flip) => flip.gained), flips.filter((flip) => !flip.gained)];
  expect(Math.min(gained.length, lost.length)).toBeGreaterThan(PAIRS / 20);
  const directions = new Map<string, number>();
  for (const { change } of changes)
    directions.set(change.direction, (directions.get(change.direction) ?? 0) + 1);
  for (const direction of ["wider", "narrower", "other", "maybe-wider", "same"]) {
    expect(directions.get(direction)).toBeGreaterThan(PAIRS / 100);
  }
});
