import {
  listOf,
  mapStatements,
  wildcardMatches,
  type PolicyDocument,
  type PolicyStatement,
} from "./policy-document";

/**
 * `ssmmessages:OpenDataChannel` takes a session ARN since 2025, but the simulator's data knows it for `*` only.
 * These actions have the same resource type as one that it does know.
 */
const STAND_INS: Readonly<Record<string, string>> = {
  "ssmmessages:opendatachannel": "ssm:ResumeSession",
};

/** An action that no request is ever made for; takes the place of the actions of statements that do not match. */
const NEVER = "ssm:ListNodes";

/** The action to simulate in place of `action` on `resource`, when the simulator cannot take that pair. */
export function standInFor(action: string, resource: string): string | undefined {
  return resource === "*" ? undefined : STAND_INS[action.toLowerCase()];
}

/** A copy of the policy in which exactly the statements that speak of `action` speak of `standIn`. */
export function withStandIn(policy: PolicyDocument, action: string, standIn: string): PolicyDocument {
  return mapStatements(policy, ({ Action, NotAction, ...rest }) => ({
    ...rest,
    Action: speaksOf({ Action, NotAction }, action) ? standIn : NEVER,
  }));
}

function speaksOf(statement: PolicyStatement, action: string): boolean {
  const names = (patterns: unknown) =>
    listOf(patterns).some((pattern) => wildcardMatches(pattern, action, "i"));
  return statement["NotAction"] === undefined ? names(statement["Action"]) : !names(statement["NotAction"]);
}
