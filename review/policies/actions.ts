import type { Answer } from "./answer";
import { areDisjoint, isWithin, pattern, type Pattern } from "./pattern";
import type { Comparison } from "./selection";

/** An action, or a pattern of actions. */
export interface ActionPattern {
  /** As written in the policy. */
  readonly text: string;
  readonly key: string;
  readonly whole: Pattern;
  /** `s3` of `s3:Get*`; null for `*`. */
  readonly service: Pattern | null;
  readonly name: Pattern | null;
}

const SYNTAX = { variables: false, wildcards: true };

/** Reads an action. Actions compare without case. */
export function actionPattern(text: string): ActionPattern {
  const lower = text.toLowerCase();
  const [service, name, ...more] = lower.split(":");
  const isComplete = service !== undefined && name !== undefined && more.length === 0;
  return {
    text,
    key: lower,
    whole: pattern(lower, SYNTAX),
    service: isComplete ? pattern(service, SYNTAX) : null,
    name: isComplete ? pattern(name, SYNTAX) : null,
  };
}

/**
 * Whether one pattern of actions has everything that another has. A wildcard does not match across the colon, and AWS
 * does not say what a wildcard in the name of the service matches.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
function within(narrow: ActionPattern, wide: ActionPattern): Answer {
  if (narrow.key === wide.key || wide.key === "*") return "yes";
  if (narrow.key === "*") return wide.key.startsWith("*") ? "unknown" : "no";
  if (narrow.service === null || narrow.name === null) return "unknown";
  if (wide.service === null || wide.name === null) return "unknown";
  if (narrow.service.hasWildcard || wide.service.hasWildcard) return "unknown";
  if (narrow.service.key !== wide.service.key) return "no";
  return isWithin(narrow.name.tokens, wide.name.tokens);
}

/** How actions compare. */
export const ACTIONS: Comparison<ActionPattern> = {
  within,
  disjoint: (one, other) => areDisjoint(one.whole.loose, other.whole.loose),
  key: ({ key }) => key,
  isEverything: ({ key }) => key === "*",
  isErratic: ({ key, service }) => key !== "*" && (service === null || service.hasWildcard),
};
