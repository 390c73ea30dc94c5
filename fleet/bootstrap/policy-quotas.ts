import { POLICY_LIMITS } from "../../aws/quotas";
import { UserError } from "../../processes/user-error";
import { ACCOUNT, type Policy, type Statement } from "./policies";

/**
 * Managed policies that a role may have attached in an account whose quota nobody has raised.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const ATTACHED_POLICIES = 10;

/** Characters of a policy as IAM counts them, in an account: without white space. */
const sizeOf = (document: unknown): number =>
  JSON.stringify(document).replaceAll("${!", "${").replaceAll(ACCOUNT, "111111111111").length;

/**
 * Divides a policy that is longer than IAM takes it among several. A map may name so many roles, units or regions that one
 * statement has no room in a policy.
 * @param first characters of the first policy; the others are managed policies
 * @returns the policy itself if it fits
 */
export function divided(policy: Policy, first: number = POLICY_LIMITS.managed): readonly Policy[] {
  if (sizeOf(policy) <= first) return [policy];
  const of = (Statement: readonly Statement[]): Policy => ({ ...policy, Statement });
  // The longest statements come last, so that what a map names many of gets policies of its own.
  const pieces = policy.Statement.flatMap(piecesOf).sort((a, b) => sizeOf(a) - sizeOf(b));
  const parts: Statement[][] = [[]];
  for (const piece of pieces) {
    const limitOf = (index: number) => (index === 0 ? first : POLICY_LIMITS.managed);
    const part = parts.find((one, index) => sizeOf(of([...one, piece])) <= limitOf(index));
    if (part === undefined) parts.push([piece]);
    else part.push(piece);
  }
  return parts.map(of);
}

/**
 * A statement in pieces that fit into a managed policy: each has a part of its resources. Resources of a statement are
 * alternatives, so the pieces together say what the statement says. A policy has each Sid once, so the pieces have numbers.
 */
function piecesOf(statement: Statement): Statement[] {
  const { Sid, Resource } = statement;
  const fits = (resources: unknown) =>
    sizeOf({ Version: "2012-10-17", Statement: [{ ...statement, Sid: `${Sid}00`, Resource: resources }] }) <=
    POLICY_LIMITS.managed;
  if (!Array.isArray(Resource) || fits(Resource)) return [statement];
  const lists: unknown[][] = [[]];
  for (const resource of Resource as readonly unknown[]) {
    const last = lists.at(-1)!;
    if (last.length === 0 || fits([...last, resource])) last.push(resource);
    else lists.push([resource]);
  }
  return lists.map((list, index) => ({ ...statement, Sid: `${Sid}${index + 1}`, Resource: list }));
}

/** A template, as far as the quotas of IAM count it. */
interface Measured {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
  >;
}

/** A role of a template, as far as the quotas of IAM count it. */
interface RoleProperties {
  readonly RoleName: string;
  readonly AssumeRolePolicyDocument: unknown;
  readonly Policies?: readonly { readonly PolicyDocument: unknown }[];
}

/** What to do about a policy of a template for which a map names too much. */
export const NAME_LESS = {
  accounts:
    "Give the roles of instances the same names in several accounts (access.attachToRoles), or name fewer of them.",
  pipeline: "Let the waves probe with a role of the same name (probeRole), or name fewer roles.",
} as const;

/**
 * @param remedy what to do about a policy that is too long
 * @throws UserError if a template has a role that IAM refuses: the stack would fail in every account
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function refuseWhatIamRefuses({ Resources }: Measured, remedy: string): void {
  const ofType = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);
  const policies = ofType("AWS::IAM::ManagedPolicy").map(([id, { Properties }]) => ({ id, ...Properties }));
  for (const policy of policies as { id: string; PolicyDocument?: unknown }[])
    refuseAbove(
      POLICY_LIMITS.managed,
      sizeOf(plain(policy.PolicyDocument)),
      `the policy ${policy.id}`,
      remedy,
    );
  for (const [id, { Properties }] of ofType("AWS::IAM::Role")) {
    const { RoleName, AssumeRolePolicyDocument, Policies = [] } = Properties as unknown as RoleProperties;
    refuseAbove(
      POLICY_LIMITS.trust,
      sizeOf(plain(AssumeRolePolicyDocument)),
      `the trust policy of ${RoleName}`,
      "Name fewer environments with --environment or shorter ones, or choose a shorter deployment.externalId.",
    );
    refuseAbove(
      POLICY_LIMITS.role,
      Policies.reduce((sum, { PolicyDocument }) => sum + sizeOf(plain(PolicyDocument)), 0),
      `the inline policies of ${RoleName}`,
      remedy,
    );
    const attached = policies.filter((policy) =>
      (policy as { Roles?: readonly { Ref?: string }[] }).Roles?.some(({ Ref }) => Ref === id),
    ).length;
    if (attached > ATTACHED_POLICIES) {
      throw new UserError({
        what: `${RoleName} would have ${attached} managed policies attached.`,
        allowed: `${ATTACHED_POLICIES}, the quota of IAM`,
        remedy,
      });
    }
  }
}

function refuseAbove(limit: number, size: number, what: string, remedy: string): void {
  if (size <= limit) return;
  const number = (value: number) => value.toLocaleString("en-US");
  throw new UserError({
    what: `${what} would have ${number(size)} characters.`,
    allowed: `${number(limit)}, the quota of IAM`,
    remedy,
  });
}

/** A policy of a template without the functions of CloudFormation. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { "Fn::Sub": text } = value as { readonly "Fn::Sub"?: unknown };
  if (text !== undefined) return text;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
