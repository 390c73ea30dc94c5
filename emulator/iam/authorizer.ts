import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import { deployedRole, type DeployedRole } from "./deployed-policies";
import { simulate, type PolicyDocument, type SimulationInput } from "./policy-simulator";
import { accountOf, sessionNameOf } from "./request-context";
import { resourcePolicy, type BucketPolicyTexts } from "./resource-policies";

/** A call that the authorizer judges. */
export interface AuthorizationRequest {
  /** ARN of a role or of an assumed-role session, or a service such as `events.amazonaws.com`. */
  readonly principal: string | { readonly service: string };
  /** The account that owns the resource. */
  readonly accountId: string;
  readonly action: string;
  /** ARN, or `*` for actions that take no resource. */
  readonly resource: string;
  readonly context?: SimulationInput["context"];
  /** The encryption context of a call to KMS. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
  /**
   * How a principal whose role does not exist is judged: not at all, so that the call is denied; or as an administrator of
   * its account, whom service control policies and policies of resources still bind.
   * @default "denied"
   */
  readonly unknown?: "denied" | "administrator";
}

/** The verdict on a call, and one sentence that explains it. */
export interface Authorization {
  readonly allowed: boolean;
  readonly reason: string;
}

/** The organization of the emulated accounts. */
export interface Organization {
  /** Such as `o-a1b2c3d4e5`. */
  readonly id: string;
  /** The member accounts. */
  readonly accounts: readonly string[];
  /** Service control policies that deny, on all member accounts. They apply to roles, not to services. */
  readonly serviceControlPolicies?: readonly PolicyDocument[];
  /**
   * The management account. Service control policies are managed there and do not apply to its own principals.
   * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
   */
  readonly managementAccount?: string;
  /** The accounts below the root and below each organizational unit, by its id. */
  readonly units?: Readonly<Record<string, readonly string[]>>;
}

/** The service control policies that are attached at this moment. */
export interface AttachedPolicies {
  /** The policies that apply to the principals of an account. */
  applyingTo(accountId: string): readonly PolicyDocument[];
}

/** Judges calls by the policies that are deployed in the emulator at this moment. */
export class Authorizer {
  /** @param onAllowed called for each call that is allowed */
  constructor(
    private readonly accounts: AccountClients,
    private readonly buckets: BucketPolicyTexts,
    private readonly organization?: Organization,
    private readonly attached: AttachedPolicies = { applyingTo: () => [] },
    private readonly onAllowed: (request: AuthorizationRequest) => void = () => undefined,
  ) {}

  /**
   * Judges a call as IAM does.
   * @throws Error when a policy is invalid or iam-simulate cannot take the request
   */
  async authorize(request: AuthorizationRequest): Promise<Authorization> {
    const role = typeof request.principal === "string" ? await this.role(request.principal) : undefined;
    const { principal } = request;
    const isUnknown = typeof principal === "string" && role === undefined;
    if (isUnknown && request.unknown !== "administrator") {
      return { allowed: false, reason: `There is no role ${principal}` };
    }
    const outcome = await simulate({
      principal: typeof principal === "string" ? (role?.arn ?? principal) : principal.service,
      action: request.action,
      resource: request.resource,
      resourceAccountId: request.accountId,
      identityPolicies: isUnknown ? [ADMINISTRATOR] : (role?.identityPolicies ?? []),
      boundary: role?.boundary,
      scps: this.serviceControlPolicies(request.principal),
      resourcePolicy: await resourcePolicy(this.accounts, this.buckets, request.accountId, request.resource),
      context: {
        ...(role === undefined ? {} : roleContext(role, request.principal as string)),
        ...this.organizationContext(request),
        ...encryptionKeys(request.encryptionContext ?? {}),
        ...request.context,
      },
    });
    const allowed = outcome.result === "Allowed";
    if (allowed) this.onAllowed(request);
    return { allowed, reason: outcome.reason };
  }

  /** The deployed role behind the ARN of a role or of its session; undefined when the account has no such role. */
  role(principal: string): Promise<DeployedRole | undefined> {
    const [kind, ...names] = arnParts(principal).resource.split("/");
    const name = kind === "assumed-role" ? names[0] : kind === "role" ? names[names.length - 1] : undefined;
    if (name === undefined) return Promise.resolve(undefined);
    return deployedRole(this.accounts, arnParts(principal).partition, accountOf(principal) ?? "", name);
  }

  private serviceControlPolicies(principal: AuthorizationRequest["principal"]): readonly PolicyDocument[] {
    const account = typeof principal === "string" ? accountOf(principal) : undefined;
    if (account === undefined || !this.isMember(account)) return [];
    return [...(this.organization?.serviceControlPolicies ?? []), ...this.attached.applyingTo(account)];
  }

  private isMember(account: string): boolean {
    return this.organization?.accounts.includes(account) === true;
  }

  private organizationContext({
    principal,
    accountId,
    context,
  }: AuthorizationRequest): SimulationInput["context"] {
    const { organization } = this;
    if (organization === undefined) return {};
    const ifMember = (account: string | undefined, key: string) =>
      account !== undefined && this.isMember(account) ? { [key]: organization.id } : {};
    const source = context?.["aws:SourceAccount"];
    return {
      ...ifMember(typeof principal === "string" ? accountOf(principal) : undefined, "aws:PrincipalOrgID"),
      ...ifMember(accountId, "aws:ResourceOrgID"),
      ...ifMember(typeof source === "string" ? source : undefined, "aws:SourceOrgID"),
    };
  }
}

const ADMINISTRATOR: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Administrator", Effect: "Allow", Action: "*", Resource: "*" }],
};

/** The condition keys that follow from a role as deployed, and not from its ARN: its unique id and its tags. */
function roleContext(role: DeployedRole, principal: string): Record<string, string> {
  const session = sessionNameOf(principal) ?? "session";
  const tags = Object.entries(role.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return {
    "aws:userid": `${role.roleId}:${session}`,
    ...(Object.fromEntries(tags) as Record<string, string>),
  };
}

function encryptionKeys(pairs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pairs).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]),
  );
}
