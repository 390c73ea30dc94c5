import {
  mapStatements,
  type PolicyDocument,
  listOf,
  type PolicyStatement,
  wildcardMatches,
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

/** AWS's own documents belong to no account: `arn:aws:ssm:<region>::document/<name>`. */
const OWNERLESS = /^(arn:[^:]*:ssm:[^:]*:)(:document\/)/;

/** Stands for no account: no account has this id. */
const NOBODY = "000000000000";

/** The ARN under which the simulator, which wants an account in each, takes a document of AWS's. */
export const carriedResource = (arn: string): string => arn.replace(OWNERLESS, `$1${NOBODY}$2`);

/** A copy of the policy that names documents of AWS's as {@link carriedResource} does. */
export const withCarriedResources = (policy: PolicyDocument): PolicyDocument =>
  mapStatements(policy, ({ Resource, NotResource, ...rest }) => ({
    ...rest,
    ...(Resource !== undefined && { Resource: carried(Resource) }),
    ...(NotResource !== undefined && { NotResource: carried(NotResource) }),
  }));

const carried = (resources: unknown) => listOf(resources).map((arn) => carriedResource(String(arn)));

/** Condition keys with their values, as a request carries them. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

const ENCRYPTION_CONTEXT = "kms:encryptioncontext:";

/**
 * Keys that the simulator's data does not list for every action although AWS evaluates them, each with a global
 * key of the same type (list of strings) that it takes for any action. No policy here has a use for those.
 */
const LIST_KEYS: Readonly<Record<string, string>> = {
  "kms:encryptioncontextkeys": "aws:TagKeys",
  "kms:resourcealiases": "aws:CalledVia",
};

/**
 * The name under which a condition key travels through the simulator. It drops `kms:EncryptionContext:<pair>` from
 * every request, so that pair goes as a principal tag: single string, any name. Condition keys compare without case.
 */
function carriedKey(key: string): string {
  const lower = key.toLowerCase();
  return lower.startsWith(ENCRYPTION_CONTEXT) ? `aws:PrincipalTag/${lower}` : (LIST_KEYS[lower] ?? key);
}

/** The request's context with every key under the name it travels by. */
export function carriedContext(context: RequestContext): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      carriedKey(key),
      typeof value === "string" ? value : [...value],
    ]),
  );
}

/**
 * A copy of the policy whose conditions name every key as {@link carriedKey} does.
 * @throws when the policy itself uses a name that is needed for carrying: the result would be silently wrong.
 */
export function carriedPolicy(policy: PolicyDocument): PolicyDocument {
  return mapStatements(policy, (statement) =>
    statement["Condition"] === undefined
      ? statement
      : { ...statement, Condition: carriedCondition(statement["Condition"] as Record<string, object>) },
  );
}

function carriedCondition(condition: Record<string, object>): Record<string, object> {
  const keys = (tests: object) => Object.fromEntries(Object.entries(tests).map(([k, v]) => [renamed(k), v]));
  return Object.fromEntries(Object.entries(condition).map(([operator, tests]) => [operator, keys(tests)]));
}

function renamed(key: string): string {
  const taken = Object.entries(LIST_KEYS).find(([, carrier]) => carrier.toLowerCase() === key.toLowerCase());
  if (taken !== undefined) {
    throw new Error(
      `A policy tests ${key}, under which the policy simulator carries ${taken[0]}. Simulate it apart.`,
    );
  }
  return carriedKey(key);
}
