import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import { deployedRole, type DeployedRole } from "./deployed-policies";
import { simulate, type PolicyDocument, type SimulationInput } from "./policy-simulator";
import { accountOf } from "./request-context";
import { resourcePolicy, type BucketPolicyTexts } from "./resource-policies";

/** A call to be judged by the policies as they are deployed. */
export interface AuthorizationRequest {
  /** Role or assumed-role session ARN, or a service. */
  readonly principal: string | { readonly service: string };
  /** Account that owns the resource. */
  readonly accountId: string;
  readonly action: string;
  /** ARN, or `*` for actions that take no resource. */
  readonly resource: string;
  readonly context?: SimulationInput["context"];
  /** Pairs of a KMS request's encryption context. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/** The verdict in one word and one sentence. */
export interface Authorization {
  readonly allowed: boolean;
  readonly reason: string;
}

/** The organization that the emulated accounts are in. */
export interface Organization {
  /** Such as `o-a1b2c3d4e5`. */
  readonly id: string;
  /** Member accounts; all of them when absent. */
  readonly accounts?: readonly string[];
  /** Deny-list policies on all member accounts; they bind roles, not services. */
  readonly serviceControlPolicies?: readonly PolicyDocument[];
  /** The account that owns the organization: service control policies are managed there, and bind nobody in it. */
  readonly managementAccount?: string;
  /** Ids of the root and of organizational units, each with all accounts below it. */
  readonly units?: Readonly<Record<string, readonly string[]>>;
}

/** Service control policies as they are attached at this moment. */
export interface AttachedPolicies {
  /** Those that bind the principals of an account. */
  boundTo(accountId: string): readonly PolicyDocument[];
}

/** Judges calls with the policies deployed in the emulator at this moment. */
export class Authorizer {
  constructor(
    private readonly accounts: AccountClients,
    private readonly buckets: BucketPolicyTexts,
    private readonly organization?: Organization,
    private readonly attached: AttachedPolicies = { boundTo: () => [] },
  ) {}

  /**
   * Whether IAM would allow a call.
   * @throws when a policy is not valid or the policy simulator cannot take the request.
   */
  async authorize(request: AuthorizationRequest): Promise<Authorization> {
    const role = typeof request.principal === "string" ? await this.role(request.principal) : undefined;
    if (typeof request.principal === "string" && role === undefined) {
      return { allowed: false, reason: `there is no role ${request.principal}` };
    }
    const outcome = await simulate({
      principal:
        typeof request.principal === "string" ? (role as DeployedRole).arn : request.principal.service,
      action: request.action,
      resource: request.resource,
      resourceAccountId: request.accountId,
      identityPolicies: role?.identityPolicies ?? [],
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
    return { allowed: outcome.result === "Allowed", reason: outcome.reason };
  }

  /** The role behind a role or session ARN as deployed; undefined when IAM does not know it. */
  role(principal: string): Promise<DeployedRole | undefined> {
    const [kind, ...names] = arnParts(principal).resource.split("/");
    const name = kind === "assumed-role" ? names[0] : kind === "role" ? names[names.length - 1] : undefined;
    if (name === undefined) return Promise.resolve(undefined);
    return deployedRole(this.accounts, arnParts(principal).partition, accountOf(principal) ?? "", name);
  }

  private serviceControlPolicies(principal: AuthorizationRequest["principal"]): readonly PolicyDocument[] {
    const account = typeof principal === "string" ? accountOf(principal) : undefined;
    if (account === undefined || !this.isMember(account)) return [];
    return [...(this.organization?.serviceControlPolicies ?? []), ...this.attached.boundTo(account)];
  }

  private isMember(account: string | undefined): boolean {
    return account !== undefined && (this.organization?.accounts?.includes(account) ?? true);
  }

  private organizationContext({
    principal,
    accountId,
    context,
  }: AuthorizationRequest): SimulationInput["context"] {
    const { organization } = this;
    if (organization === undefined) return {};
    const ifMember = (account: string | undefined, key: string) =>
      account !== undefined && (organization.accounts?.includes(account) ?? true)
        ? { [key]: organization.id }
        : {};
    const source = context?.["aws:SourceAccount"];
    return {
      ...ifMember(typeof principal === "string" ? accountOf(principal) : undefined, "aws:PrincipalOrgID"),
      ...ifMember(accountId, "aws:ResourceOrgID"),
      ...ifMember(typeof source === "string" ? source : undefined, "aws:SourceOrgID"),
    };
  }
}

/** What IAM knows about a role's session beyond its ARN. */
function roleContext(role: DeployedRole, principal: string): Record<string, string> {
  const session = principal.includes(":assumed-role/") ? principal.split("/").slice(2).join("/") : "session";
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
