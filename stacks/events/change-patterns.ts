import { eventNamesOf, toldBy, type ChangedResource, type TellingRule } from "../weakening";

/**
 * Matches events that CloudTrail sends to EventBridge.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const VIA_CLOUDTRAIL = { "detail-type": ["AWS API Call via CloudTrail"] };

/** What a value of an event must be: the value itself, or an object with an operator, such as `prefix`. */
export type Matcher = string | Readonly<Record<string, unknown>>;

/**
 * What the parameters of calls must be so that the calls change a watched resource: matchers by resource and by the
 * name of the parameter. A resource is left out if nothing is watched of its kind. `any`: every call of its kind is
 * reported, whatever its parameters are.
 */
export type WatchedParameters = Partial<
  Readonly<Record<ChangedResource, Readonly<Record<string, readonly Matcher[]>> | "any">>
>;

/** An element of the list `$or` of a pattern. */
export type Alternative = Readonly<Record<string, unknown>>;

/** Matches text that ends with another one, such as a name and the ARN that contains it. */
export const suffix = (text: string): Matcher => ({ suffix: text });

/**
 * Matches calls of every principal but some roles. Calls of IAM users and of the root user match too: their records
 * have no `sessionIssuer`.
 * @param roles ARNs of roles, without wildcards; an empty list adds no condition
 */
export function byOthersThan(roles: readonly string[]) {
  const byRole = (arn: readonly unknown[]) => ({ sessionContext: { sessionIssuer: { arn } } });
  // anything-but does not match a missing field, so a second alternative matches records without the field.
  // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
  const others = { $or: [byRole([{ "anything-but": roles }]), byRole([{ exists: false }])] };
  return roles.length === 0 ? {} : { userIdentity: others };
}

/**
 * Matches the calls of some alternatives by every principal but the ignored roles. EventBridge refuses an `$or` of fewer than two
 * alternatives, so a single one has none.
 * @see https://github.com/aws/event-ruler the matcher of EventBridge: "There must have at least 2 Objects in $or relationship."
 */
export const changes = ($or: readonly Alternative[], ignoredRoles: readonly string[]) => ({
  // Each alternative names its service. Repeating it here would take characters that the pattern needs. Only AWS can
  // send events whose source begins with "aws.".
  // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
  source: [{ prefix: "aws." }],
  ...VIA_CLOUDTRAIL,
  detail: { ...byOthersThan(ignoredRoles), ...($or.length === 1 ? $or[0] : { $or }) },
});

/**
 * The alternatives of a rule: one for each service and way to name a watched resource, in the order of the table of
 * weakening calls.
 */
export function alternativesOf(rule: TellingRule, watched: WatchedParameters): Alternative[] {
  const found = new Map<string, { service: string; parameters: object | undefined; operations: string[] }>();
  for (const { service, operations, of, namedBy } of toldBy(rule)) {
    const matchers = watched[of];
    if (matchers === undefined) continue;
    const named = namedBy.length === 0 ? [undefined] : namedBy;
    for (const parameter of named) {
      const parameters = matchers === "any" ? undefined : parametersOf(parameter, matchers);
      const key = JSON.stringify([service, parameters]);
      const alternative = found.get(key) ?? { service, parameters, operations: [] };
      found.set(key, { ...alternative, operations: [...alternative.operations, ...operations] });
    }
  }
  return together(
    [...found.values()].map(({ service, parameters, operations }) => {
      const eventName = eventNamesOf(service, operations).map(matcherOf);
      const calls = {
        eventSource: [`${service}.amazonaws.com`],
        ...(!eventName.includes(EVERY_NAME) && { eventName }),
      };
      return { calls, parameters };
    }),
  );
}

/** What the calls of an alternative are, and what their parameters must be; undefined: any. */
interface Parts {
  readonly calls: Alternative;
  readonly parameters: object | undefined;
}

/**
 * Puts the parameters of the same calls below one `$or`: the service and the names of calls take most of the characters of
 * an alternative.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
function together(parts: readonly Parts[]): Alternative[] {
  const same = new Map<string, Parts[]>();
  for (const one of parts) {
    const key = JSON.stringify([one.calls, one.parameters === undefined]);
    same.set(key, [...(same.get(key) ?? []), one]);
  }
  return [...same.values()].map(([first, ...others]) => {
    const { calls, parameters } = first!;
    const requestParameters =
      others.length === 0 ? parameters : { $or: [parameters, ...others.map((one) => one.parameters)] };
    return { ...calls, ...(requestParameters && { requestParameters }) };
  });
}

/** The matchers of one parameter, below the structures that its path leads through. */
function parametersOf(
  path: string | undefined,
  matchers: Readonly<Record<string, readonly Matcher[]>>,
): object | undefined {
  if (path === undefined) return undefined;
  const value = matchers[path];
  if (value === undefined) throw new Error(`nothing says what the parameter ${path} must be`);
  return path.split(".").reduceRight<object>((inner, member) => ({ [member]: inner }), value);
}

/** Stands for every name, which a pattern expresses by naming none. */
const EVERY_NAME = "*";

/**
 * The matcher of a name, where `*` may stand. `prefix` and `suffix` are shorter than `wildcard`, and do not count for the
 * complexity of a pattern, which EventBridge limits.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity
 */
export function matcherOf(name: string): Matcher {
  const inner = name.slice(1, -1);
  if (!name.includes("*") || name === EVERY_NAME) return name;
  if (inner.includes("*") || (name.startsWith("*") && name.endsWith("*"))) return { wildcard: name };
  return name.startsWith("*") ? { suffix: name.slice(1) } : { prefix: name.slice(0, -1) };
}
