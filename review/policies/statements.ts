import type { Json } from "../plan-json";
import { actionPattern, ACTIONS, type ActionPattern } from "./actions";
import { arnPattern, RESOURCES, type ArnPattern } from "./arns";
import { condition, type Condition } from "./conditions";
import { principal, principalText, type Principal } from "./principals";
import type { Selection } from "./selection";

type JsonObject = { readonly [key: string]: Json };

/** One statement of a policy, in the form in which comparisons take it. */
export interface Statement {
  /** Sid, or `#<position>` of a statement without one. */
  readonly name: string;
  readonly sid: string | null;
  readonly effect: "Allow" | "Deny";
  /** null: the statement names no principal, because the policy is attached to identities or accounts. */
  readonly principals: Selection<Principal> | null;
  readonly actions: Selection<ActionPattern>;
  /** null: the statement names no resource, as in the trust policy of a role. */
  readonly resources: Selection<ArnPattern> | null;
  readonly conditions: readonly Condition[];
  /** Two statements with the same id apply to the same requests. The Sid is not part of it. */
  readonly id: string;
  /** Whether the statement has parts that no comparison understands. It compares only with its equal. */
  readonly isUnreadable: boolean;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Json];

/** Reads the values of a part of a statement: one text or a list of texts. null: something else. */
function textsOf(value: Json | undefined): readonly string[] | null {
  const list = listOf(value);
  if (!list.every((one) => ["string", "boolean", "number"].includes(typeof one))) return null;
  return [...new Set(list.map(String))];
}

/** The statements as a list, because a policy may have a single one without a list. */
export const statementList = (policy: Json): readonly Json[] =>
  isObject(policy) ? listOf(policy["Statement"]) : [];

/**
 * Reads the statements of a policy.
 * @param policy the document; null: there is none, and so no statements
 */
export function readStatements(policy: Json): readonly Statement[] {
  const variables = isObject(policy) && policy["Version"] === "2012-10-17";
  return statementList(policy).map((statement, index) => readStatement(statement, index, variables));
}

const PARTS = [
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"],
  ...["Resource", "NotResource", "Condition"],
];

function readStatement(json: Json, index: number, variables: boolean): Statement {
  const object = isObject(json) ? json : {};
  const sid = typeof object["Sid"] === "string" && object["Sid"] !== "" ? object["Sid"] : null;
  const name = sid ?? `#${index + 1}`;
  const effect = object["Effect"] === "Deny" ? "Deny" : "Allow";
  const principals = selection(object, "Principal", readPrincipals);
  const actions = selection(object, "Action", (value) => textsOf(value)?.map(actionPattern) ?? null);
  const resources = selection(
    object,
    "Resource",
    (value) => textsOf(value)?.map((text) => arnPattern(text, variables)) ?? null,
  );
  const conditions = readConditions(object["Condition"], variables);
  const isReadable =
    (object["Effect"] === "Allow" || object["Effect"] === "Deny") &&
    Object.keys(object).every((key) => PARTS.includes(key)) &&
    principals !== "unreadable" &&
    actions !== "unreadable" &&
    actions !== null &&
    resources !== "unreadable" &&
    conditions !== null;
  if (!isReadable) {
    const id = JSON.stringify(json);
    const everything = { allBut: false, values: [] };
    return {
      name,
      sid,
      effect,
      principals: null,
      actions: everything,
      resources: null,
      conditions: [],
      id,
      isUnreadable: true,
    };
  }
  const id = JSON.stringify([
    effect,
    principals && idOf(principals, principalText),
    idOf(actions, ACTIONS.key),
    resources && idOf(resources, RESOURCES.key),
    conditions.map((one) => one.id).sort(),
  ]);
  return { name, sid, effect, principals, actions, resources, conditions, id, isUnreadable: false };
}

const idOf = <T>({ allBut, values }: Selection<T>, key: (value: T) => string): Json => [
  allBut,
  ...[...new Set(values.map(key))].sort(),
];

function selection<T>(
  statement: JsonObject,
  part: "Principal" | "Action" | "Resource",
  read: (value: Json) => readonly T[] | null,
): Selection<T> | null | "unreadable" {
  const [named, excluded] = [statement[part], statement[`Not${part}`]];
  if (named === undefined && excluded === undefined) return null;
  if (named !== undefined && excluded !== undefined) return "unreadable";
  const values = read((named ?? excluded) as Json);
  return values === null ? "unreadable" : { allBut: named === undefined, values };
}

const PRINCIPAL_TYPES = ["AWS", "Service", "Federated", "CanonicalUser"] as const;

function readPrincipals(json: Json): readonly Principal[] | null {
  if (json === "*") return [principal("Everybody", "*")];
  if (!isObject(json)) return null;
  const all: Principal[] = [];
  for (const [type, value] of Object.entries(json)) {
    const known = PRINCIPAL_TYPES.find((one) => one === type);
    const ids = textsOf(value);
    if (known === undefined || ids === null) return null;
    all.push(...ids.map((id) => principal(known, id)));
  }
  return [...new Map(all.map((one) => [principalText(one), one])).values()];
}

function readConditions(json: Json | undefined, variables: boolean): readonly Condition[] | null {
  if (json === undefined) return [];
  if (!isObject(json)) return null;
  const all: Condition[] = [];
  for (const [operator, keys] of Object.entries(json)) {
    if (!isObject(keys)) return null;
    for (const [key, value] of Object.entries(keys)) {
      const values = textsOf(value);
      if (values === null) return null;
      all.push(condition(operator, key, values, variables));
    }
  }
  return all;
}
