import { arnParts } from "../../aws/arn";
import {
  listOf,
  mapStatements,
  type PolicyDocument,
  type PolicyStatement,
  wildcardMatches,
} from "./policy-document";

/*
 * The requests that the library iam-simulate ("the simulator" below) cannot judge, and their substitutes. Each substitute takes the same place in the
 * request and in the policies, so the verdict is still that of IAM.
 */

/**
 * Since 2025, `ssmmessages:OpenDataChannel` takes the ARN of a session. The data of the simulator still lists it without
 * resource types. It is simulated as an action that has the same resource type and is in that data.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
 */
const SUBSTITUTE_ACTIONS: Readonly<Record<string, string>> = {
  "ssmmessages:opendatachannel": "ssm:ResumeSession",
};

/**
 * Actions that IAM authorizes for a resource only if the request names one. The simulator takes no `*` as their resource, so
 * a request without one is simulated as an action of the same service without resource types.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 */
const SUBSTITUTES_WITHOUT_RESOURCE: Readonly<Record<string, string>> = {
  "cloudwatch:getmetricdata": "cloudwatch:GetMetricStatistics",
};

/** The action of statements that do not match the simulated action. No request is ever made for it. */
const UNUSED_ACTION = "ssm:ListNodes";

/** The action to simulate in place of `action` on `resource`; undefined when the simulator accepts the pair. */
export function substituteAction(action: string, resource: string): string | undefined {
  const substitutes = resource === "*" ? SUBSTITUTES_WITHOUT_RESOURCE : SUBSTITUTE_ACTIONS;
  return substitutes[action.toLowerCase()];
}

/** A copy of the policy in which exactly those statements that name `action` name `substitute` instead. */
export function withSubstituteAction(
  policy: PolicyDocument,
  action: string,
  substitute: string,
): PolicyDocument {
  return mapStatements(policy, ({ Action, NotAction, ...rest }) => ({
    ...rest,
    Action: namesAction({ Action, NotAction }, action) ? substitute : UNUSED_ACTION,
  }));
}

function namesAction(statement: PolicyStatement, action: string): boolean {
  const matches = (patterns: unknown) =>
    listOf(patterns).some((pattern) => wildcardMatches(pattern, action, "i"));
  return statement["NotAction"] === undefined
    ? matches(statement["Action"])
    : !matches(statement["NotAction"]);
}

/** Stands for "no account" in an ARN. No account has this id. */
const NO_ACCOUNT = "000000000000";

/**
 * The ARN under which a resource is simulated. The ARN of a document of AWS names no account, as in
 * `arn:aws:ssm:<region>::document/<name>`, and the simulator requires one. Every other ARN stays the same.
 */
export function substituteArn(arn: string): string {
  const { partition, service, region, accountId, resource } = arnParts(arn);
  const isAccountMissing = service === "ssm" && accountId === "" && resource.startsWith("document/");
  return isAccountMissing ? `arn:${partition}:${service}:${region}:${NO_ACCOUNT}:${resource}` : arn;
}

/** A copy of the policy with every resource replaced by {@link substituteArn}. */
export const withSubstituteArns = (policy: PolicyDocument): PolicyDocument =>
  mapStatements(policy, ({ Resource, NotResource, ...rest }) => ({
    ...rest,
    ...(Resource !== undefined && { Resource: substituteArns(Resource) }),
    ...(NotResource !== undefined && { NotResource: substituteArns(NotResource) }),
  }));

const substituteArns = (resources: unknown) => listOf(resources).map((arn) => substituteArn(String(arn)));

/** Condition keys of a request with their values. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

const ENCRYPTION_CONTEXT = "kms:encryptioncontext:";

/**
 * Condition keys with a list of values that AWS evaluates for an action although the simulator's data does not list
 * them for it. Each is simulated as a global condition key of the same type, which the simulator accepts for any action.
 */
const SUBSTITUTE_LIST_KEYS: Readonly<Record<string, string>> = {
  "kms:encryptioncontextkeys": "aws:TagKeys",
  "kms:resourcealiases": "aws:CalledVia",
};

/**
 * A claim of a token of an identity provider, such as `token.actions.githubusercontent.com:sub`. The prefix is the host
 * name of the provider, which has a dot; no prefix of a service has one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const TOKEN_CLAIM = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+:[a-z_]+$/;

/**
 * The access point of a request. S3 has it in the context when it compares the policy of the bucket with the bucket's own
 * ARN, and the simulator's data has it for the ARNs of access points only.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-delegating-control
 */
const ACCESS_POINT = "s3:dataaccesspointarn";

/**
 * The name under which a condition key is simulated. The simulator drops `kms:EncryptionContext:<name>`, the claims of
 * tokens and the access point of a request for a bucket, so these keys are simulated as principal tags, which also have
 * one string and a free name. Names of condition keys compare without case.
 */
function substituteKey(key: string): string {
  const lower = key.toLowerCase();
  return lower.startsWith(ENCRYPTION_CONTEXT) || TOKEN_CLAIM.test(lower) || lower === ACCESS_POINT
    ? `aws:PrincipalTag/${lower}`
    : (SUBSTITUTE_LIST_KEYS[lower] ?? key);
}

/** The context of a request with every key replaced by {@link substituteKey}. */
export function substituteContext(context: RequestContext): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      substituteKey(key),
      typeof value === "string" ? value : [...value],
    ]),
  );
}

/**
 * A copy of the policy with every condition key replaced by {@link substituteKey}.
 * @throws Error when the policy itself tests one of the substitutes, because the verdict would be silently wrong
 */
export function withSubstituteKeys(policy: PolicyDocument): PolicyDocument {
  return mapStatements(policy, (statement) =>
    statement["Condition"] === undefined
      ? statement
      : { ...statement, Condition: substituteCondition(statement["Condition"] as Record<string, object>) },
  );
}

function substituteCondition(condition: Record<string, object>): Record<string, object> {
  const keys = (tests: object) =>
    Object.fromEntries(Object.entries(tests).map(([key, value]) => [substituteTestedKey(key), value]));
  return Object.fromEntries(Object.entries(condition).map(([operator, tests]) => [operator, keys(tests)]));
}

function substituteTestedKey(key: string): string {
  const taken = Object.entries(SUBSTITUTE_LIST_KEYS).find(
    ([, substitute]) => substitute.toLowerCase() === key.toLowerCase(),
  );
  if (taken !== undefined) {
    throw new Error(
      `A policy tests ${key}, as which iam-simulate sees ${taken[0]}. The two cannot be simulated together.`,
    );
  }
  return substituteKey(key);
}
