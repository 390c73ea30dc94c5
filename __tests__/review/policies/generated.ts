import type { Random } from "./random";
import type { Document, Request } from "./simulated";
import type { Key, Loose, World } from "./worlds";

/** The values of a part of a statement as a list. */
export const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

export const statementsOf = (policy: Document): Loose[] => listOf(policy?.Statement) as Loose[];

/** A statement with random parts. */
export function statement(by: Random, world: World, sid: string | null): Loose {
  const made: Loose = { ...(sid === null ? {} : { Sid: sid }), Effect: by.happens(0.6) ? "Allow" : "Deny" };
  if (world.principals !== null) {
    made[by.happens(0.08) ? "NotPrincipal" : "Principal"] = principals(by, world);
  }
  made[by.happens(0.12) ? "NotAction" : "Action"] = values(by, world.actions, world.actionPatterns);
  if (world.resources !== null) {
    made[by.happens(0.12) ? "NotResource" : "Resource"] = values(by, world.resources, world.resourcePatterns);
  }
  if (by.happens(0.5)) made["Condition"] = conditions(by, world);
  return made;
}

const values = (by: Random, plain: readonly string[], patterns: readonly string[]): unknown => {
  const some = by.some(by.happens(0.5) ? plain : [...plain, ...patterns], 1, 3);
  return some.length === 1 && by.happens(0.5) ? some[0] : some;
};

/** Some principals: everybody, or a mixture of types. */
export function principals(by: Random, world: World): unknown {
  if (by.happens(0.3)) return "*";
  const made: Record<string, string[]> = {};
  for (const one of by.some(world.principals ?? [], 1, 3)) {
    for (const [type, id] of Object.entries(one)) (made[type] ??= []).push(id as string);
  }
  return made;
}

/** One or two conditions. */
export function conditions(by: Random, world: World): Loose {
  const made: Record<string, Loose> = {};
  for (const key of by.some(world.keys, 1, 2)) {
    (made[operator(by, key)] ??= {})[key.name] = conditionValues(by, key);
    if (by.happens(0.15)) (made["Null"] ??= {})[key.name] = by.pick(["true", "false"]);
  }
  return made;
}

export const conditionValues = (by: Random, key: Key): unknown => {
  const some = by.some(key.values, 1, 2);
  return some.length === 1 ? some[0] : some;
};

/** An operator for a key, with or without its prefix and suffix. */
export function operator(by: Random, key: Key): string {
  if (by.happens(0.08)) return "Null";
  const set = by.happens(key.isList === true ? 0.9 : 0.03) ? by.pick(["ForAllValues:", "ForAnyValue:"]) : "";
  return `${set}${by.pick(key.operators)}${by.happens(0.2) ? "IfExists" : ""}`;
}

/** A policy with one to three statements. */
export function policy(by: Random, world: World): NonNullable<Document> {
  const count = 1 + by.below(2);
  const made = Array.from({ length: count }, (_, index) =>
    statement(by, world, by.happens(0.7) ? `S${index}` : null),
  );
  // A policy that allows nothing shows no effect of what it denies.
  if (by.happens(0.4)) made.push({ ...statement(by, world, "Base"), Effect: "Allow" });
  return { Version: "2012-10-17", Statement: made };
}

/** A text that a pattern matches. */
function instance(by: Random, pattern: string, context: Request["context"]): string {
  return pattern
    .replace(/\$\{([^}]*)\}/g, (_, name: string) => String(context[name] ?? "nobody"))
    .replace(/\*/g, () => by.pick(["", "x", "ab", "a/b"]))
    .replace(/\?/g, () => by.pick(["a", "G", "1"]));
}

/** A request that is near to what a statement is about. */
export function request(by: Random, world: World, near: Loose): Request {
  const context: Record<string, string | string[]> = {};
  for (const key of world.keys) {
    if (by.happens(0.3)) context[key.name] = contextValue(by, key, by.pick(key.values));
  }
  for (const [operator, keys] of Object.entries((near["Condition"] ?? {}) as Record<string, Loose>)) {
    for (const [name, wanted] of Object.entries(keys)) {
      const key = world.keys.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (key === undefined) continue;
      delete context[key.name];
      const value = wantedValue(by, key, operator, listOf(wanted).map(String));
      if (value !== null) context[key.name] = contextValue(by, key, value);
    }
  }
  const text = (plain: readonly string[], named: unknown) =>
    by.happens(0.75) && named !== undefined
      ? instance(by, String(by.pick(listOf(named))), context)
      : by.pick(plain);
  const action = text(world.actions, near["Action"]);
  return {
    principal: caller(by, world, near["Principal"]),
    action: /^[a-z0-9]+:[A-Za-z]+$/i.test(action) ? action : by.pick(world.actions),
    resource:
      world.resources === null
        ? `arn:aws:iam::${world.owner}:role/Assumed`
        : arn(by, world, text(world.resources, near["Resource"])),
    owner: world.owner,
    context,
  };
}

/** A value with which a condition often holds; null: the key is absent. */
function wantedValue(by: Random, key: Key, operator: string, wanted: readonly string[]): string | null {
  const others = key.values.filter((value) => !wanted.includes(value));
  const isAbsent = by.happens(0.1) !== (/^null$/i.test(operator) && wanted.includes("true"));
  if (isAbsent) return null;
  const isOther = /not|null|less|greater/i.test(operator) !== by.happens(0.2) && others.length > 0;
  return by.pick(isOther ? others : wanted);
}

const arn = (by: Random, world: World, text: string): string =>
  text.split(":").length >= 6 && !/[*?]/.test(text) ? text : by.pick(world.resources ?? []);

const caller = (by: Random, world: World, named: unknown): string => {
  const ids = typeof named === "object" && named !== null ? Object.values(named).flatMap(listOf) : [];
  const known = world.callers.filter((one) => ids.includes(one));
  return known.length > 0 && by.happens(0.6) ? by.pick(known) : by.pick(world.callers);
};

function contextValue(by: Random, key: Key, value: string): string | string[] {
  const plain = (text: string) =>
    text
      .replace(/\$\{[^}]*\}/g, "ann")
      .replace(/\*/g, "x")
      .replace(/\?/g, "1")
      .replace(/\/\d+$/, "");
  const one =
    key.name === "aws:PrincipalArn" ? value.replace(/\*/g, "Web").replace(/\?/g, "2") : plain(value);
  if (key.isList !== true) return one;
  return by.happens(0.5) ? [one] : [one, plain(by.pick(key.values))];
}
