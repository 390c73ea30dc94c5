import type { Reach } from "../model";
import { listed } from "./lists";
import { parseOperator, type Base } from "./operators";

type Condition = Reach["conditions"][number];

const ORDER_WORDS = {
  "=": ["is", "is not"],
  "<": ["is less than", ""],
  "<=": ["is at most", ""],
  ">": ["is greater than", ""],
  ">=": ["is at least", ""],
} as const;

function comparison({ wildcards, ignoreCase, family, order = "=", negated }: Base): string {
  const [positive, negative] = ORDER_WORDS[order];
  if (family === "address") return negated ? "is not in" : "is in";
  if (wildcards === true || family === "arn") return negated ? "does not match" : "matches";
  return `${negated ? negative : positive}${ignoreCase === true ? ", in upper or lower case," : ""}`;
}

/** One condition in words, without "if": `aws:PrincipalOrgID is o-a1b2c3d4e5`. */
function conditionWords({ operator, key, values }: Condition): string {
  const parsed = parseOperator(operator);
  if (parsed === null) return `${key} fits ${operator} ${listed(values, "or")}`;
  if (parsed.is === "null") {
    const isAbsent = values.map((value) => value.toLowerCase()).join() === "true";
    return values.length > 1 ? `${key} is absent or present` : `${key} is ${isAbsent ? "absent" : "present"}`;
  }
  const { set, ifExists, base } = parsed;
  const test = `${comparison(base)} ${listed(values, "or")}`;
  if (set === "all") return `every value of ${key} ${test}`;
  const subject = set === "any" ? `a value of ${key}` : key;
  return ifExists || (base.negated && set === null)
    ? `${subject} is absent or ${test}`
    : `${subject} ${test}`;
}

const isTransport = ({ operator, key }: Condition): boolean =>
  operator.toLowerCase() === "bool" && key.toLowerCase() === "aws:securetransport";

/**
 * The conditions of a statement in words that end a sentence: `over plain HTTP if aws:PrincipalOrgID is o-a1b2c3d4e5`.
 * Empty without conditions.
 */
export function whenWords(conditions: readonly Condition[]): string {
  const [transport, ...others] = [
    conditions.filter(isTransport),
    conditions.filter((one) => !isTransport(one)),
  ];
  const overs = transport.map(({ values }) => {
    const isTls = values.map((value) => value.toLowerCase()).join();
    return isTls === "true" ? "over TLS" : isTls === "false" ? "over plain HTTP" : "over TLS or plain HTTP";
  });
  const ifs = others.flat().map(conditionWords);
  return [...overs, ...(ifs.length > 0 ? [`if ${ifs.join(" and ")}`] : [])].join(" ");
}
