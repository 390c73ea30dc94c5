import {
  conditions,
  conditionValues,
  listOf,
  operator,
  policy,
  principals,
  statement,
  statementsOf,
} from "./generated";
import type { Random } from "./random";
import type { Document } from "./simulated";
import type { Loose, World } from "./worlds";

/** Changes a statement in place, as somebody who edits a policy does. */
type Mutation = (by: Random, world: World, one: Loose) => void;

/** The name under which a statement has a part: `Action` or `NotAction`. */
const nameOf = (one: Loose, part: string): string => (one[`Not${part}`] === undefined ? part : `Not${part}`);

const change =
  (part: string, edit: (values: string[], by: Random, world: World) => unknown): Mutation =>
  (by, world, one) => {
    const name = nameOf(one, part);
    if (one[name] !== undefined) one[name] = edit(listOf(one[name]) as string[], by, world);
  };

const vocabulary = (world: World, part: string): readonly string[] =>
  part === "Action"
    ? [...world.actions, ...world.actionPatterns]
    : [...(world.resources ?? []), ...world.resourcePatterns];

const lists = (part: "Action" | "Resource"): Mutation[] => [
  change(part, (values, by, world) => [...values, by.pick(vocabulary(world, part))]),
  change(part, (values, by) => (values.length > 1 ? by.some(values, 1, values.length - 1) : values)),
  change(part, (values, by, world) => replaceOne(values, by, () => by.pick(vocabulary(world, part)))),
  change(part, (values, by) => replaceOne(values, by, (text) => text.replace(/[^:/]*$/, "*"))),
  change(part, (values, by) => replaceOne(values, by, (text) => withWildcardAt(text, by, "?"))),
  change(part, (values, by) => replaceOne(values, by, (text) => withWildcardAt(text, by, "*"))),
  change(part, (values, by) =>
    replaceOne(values, by, (text) => text.replace(/[*?]/, by.pick(["a", "", "?"]))),
  ),
  change(part, (values) => (values.length === 1 ? values[0] : [...values].reverse())),
  (_by, _world, one) => {
    const [from, to] = one[part] === undefined ? [`Not${part}`, part] : [part, `Not${part}`];
    if (one[from] === undefined) return;
    one[to] = one[from];
    delete one[from];
  },
];

/** Changes one of several texts. A lone `*` stays, because changed it would be neither an action nor an ARN. */
const replaceOne = (values: readonly string[], by: Random, edit: (text: string) => string): string[] => {
  const at = by.below(values.length);
  return values.map((text, index) => (index === at && text !== "*" ? edit(text) : text));
};

/** Replaces one character of the last part of a text, so that an ARN stays one. */
const withWildcardAt = (text: string, by: Random, wildcard: string): string => {
  const start = text.lastIndexOf(":") + 1;
  const at = start + by.below(Math.max(1, text.length - start));
  return text.includes("${") ? text : `${text.slice(0, at)}${wildcard}${text.slice(at + 1)}`;
};

const PRINCIPAL_MUTATIONS: readonly Mutation[] = [
  (by, world, one) => {
    if (world.principals !== null) one[nameOf(one, "Principal")] = principals(by, world);
  },
  (by, world, one) => {
    const name = nameOf(one, "Principal");
    if (world.principals === null || typeof one[name] !== "object") return;
    const [type, id] = Object.entries(by.pick(world.principals))[0] as [string, string];
    const before = one[name] as Loose;
    one[name] = { ...before, [type]: [...listOf(before[type]), id] };
  },
  (by, _world, one) => {
    const name = nameOf(one, "Principal");
    const before = one[name];
    if (typeof before !== "object" || before === null) return;
    const left = Object.entries(before).map(([type, ids]) => [
      type,
      by.some(listOf(ids), 1, listOf(ids).length),
    ]);
    one[name] = Object.fromEntries(left);
  },
  (_by, world, one) => {
    if (world.principals === null) return;
    const [from, to] =
      one["Principal"] === undefined ? ["NotPrincipal", "Principal"] : ["Principal", "NotPrincipal"];
    one[to] = one[from];
    delete one[from];
  },
];

type Conditions = Record<string, Loose>;

/** Changes one condition; nothing without conditions. */
const condition =
  (edit: (by: Random, world: World, all: Conditions, operator: string, key: string) => void): Mutation =>
  (by, world, one) => {
    const all = one["Condition"] as Conditions | undefined;
    const names = Object.entries(all ?? {}).flatMap(([name, keys]) =>
      Object.keys(keys).map((key) => [name, key]),
    );
    if (all === undefined || names.length === 0) return;
    const [name, key] = by.pick(names) as [string, string];
    edit(by, world, all, name, key);
  };

const CONDITION_MUTATIONS: readonly Mutation[] = [
  (_by, _world, one) => void delete one["Condition"],
  (by, world, one) => {
    const before = (one["Condition"] ?? {}) as Conditions;
    const added = conditions(by, world) as Conditions;
    const operators = [...new Set([...Object.keys(before), ...Object.keys(added)])];
    one["Condition"] = Object.fromEntries(
      operators.map((name) => [name, { ...added[name], ...before[name] }]),
    );
  },
  condition((_by, _world, all, name, key) => void delete (all[name] as Loose)[key]),
  // The key of a condition must also be present, or absent; or need not any more.
  condition((by, _world, all, _name, key) => {
    const { [key]: known, ...others } = all["Null"] ?? {};
    all["Null"] = known === undefined ? { ...others, [key]: by.pick(["true", "false"]) } : others;
  }),
  condition((by, world, all, name, key) => {
    const known = world.keys.find((one) => one.name === key);
    if (known !== undefined && name !== "Null") (all[name] as Loose)[key] = conditionValues(by, known);
  }),
  condition((by, world, all, name, key) => {
    const known = world.keys.find((one) => one.name === key);
    if (known === undefined || name === "Null") return;
    const before = listOf((all[name] as Loose)[key]);
    (all[name] as Loose)[key] = by.happens(0.5) ? [...before, by.pick(known.values)] : before.slice(0, 1);
  }),
  condition((by, world, all, name, key) => {
    const known = world.keys.find((one) => one.name === key);
    if (known === undefined) return;
    const now = operator(by, known);
    const value = now === "Null" || name === "Null" ? undefined : (all[name] as Loose)[key];
    delete (all[name] as Loose)[key];
    all[now] = {
      ...all[now],
      [key]: value ?? (now === "Null" ? by.pick(["true", "false"]) : conditionValues(by, known)),
    };
  }),
  condition((_by, _world, all, name, key) => {
    if (name === "Null") return;
    const now = name.endsWith("IfExists") ? name.replace(/IfExists$/, "") : `${name}IfExists`;
    const value = (all[name] as Loose)[key];
    delete (all[name] as Loose)[key];
    all[now] = { ...all[now], [key]: value };
  }),
  condition((_by, _world, all, name, key) => {
    const value = (all[name] as Loose)[key];
    delete (all[name] as Loose)[key];
    all[name.toUpperCase()] = { [key.toUpperCase()]: value };
  }),
];

const STATEMENT_MUTATIONS: readonly Mutation[] = [
  ...lists("Action"),
  ...lists("Action"),
  ...lists("Resource"),
  ...PRINCIPAL_MUTATIONS,
  ...CONDITION_MUTATIONS,
  ...CONDITION_MUTATIONS,
  (_by, _world, one) => void (one["Effect"] = one["Effect"] === "Allow" ? "Deny" : "Allow"),
  (by, _world, one) => void (one["Sid"] = `Renamed${by.below(5)}`),
];

/** Changes the list of statements. */
const LIST_MUTATIONS: readonly ((by: Random, world: World, all: Loose[]) => Loose[])[] = [
  (by, world, all) => [...all, statement(by, world, "Added")],
  (by, _world, all) => (all.length === 1 ? all : by.some(all, all.length - 1, all.length - 1)),
  (_by, _world, all) => [...all].reverse(),
  // One statement becomes two, with one action each.
  (by, _world, all) => {
    const one = by.pick(all);
    const actions = listOf(one["Action"]);
    if (actions.length < 2) return all;
    const parts = actions.map((action, index) => ({ ...one, Sid: `Split${index}`, Action: action }));
    return all.flatMap((other) => (other === one ? parts : [other]));
  },
];

/** A changed copy of a policy, or sometimes another policy. */
export function mutated(by: Random, world: World, before: NonNullable<Document>): NonNullable<Document> {
  if (by.happens(0.03)) return policy(by, world);
  const old = JSON.stringify(statementsOf(before));
  let statements = structuredClone(statementsOf(before));
  // Not every mutation fits every statement.
  for (
    let count = by.happens(0.6) ? 1 : 2 + by.below(2);
    count > 0 || JSON.stringify(statements) === old;
    count -= 1
  ) {
    if (by.happens(0.2)) statements = by.pick(LIST_MUTATIONS)(by, world, statements);
    else by.pick(STATEMENT_MUTATIONS)(by, world, by.pick(statements));
  }
  return {
    Version: "2012-10-17",
    Statement: statements.length === 1 && by.happens(0.5) ? statements[0] : statements,
  };
}
