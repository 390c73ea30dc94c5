import { AwsError } from "../gateway/protocol";
import type { AttachedPolicies, Organization } from "../iam/authorizer";
import { parsePolicy } from "../iam/deployed-policies";
import { statementsOf, type PolicyDocument } from "../iam/policy-document";

/** A service control policy. */
export interface ServiceControlPolicy {
  readonly id: string;
  name: string;
  description: string;
  content: string;
  readonly tags: Map<string, string>;
  /** Ids of the roots, units and accounts to which it is attached. */
  readonly targets: Set<string>;
}

/**
 * The largest number of characters in a service control policy, white space included.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
const CONTENT_LIMIT = 5_120;
/** The largest number of service control policies on one root, unit or account. `FullAWSAccess` is one of them. */
const ATTACHED_LIMIT = 5;

/**
 * The service control policies of an organization. Moto would invent the ids of roots and units, and sets no limits;
 * here they have the ids that the organization names, and AWS's limits hold.
 */
export class ServiceControlPolicies implements AttachedPolicies {
  private readonly policies = new Map<string, ServiceControlPolicy>();
  private created = 0;

  constructor(private readonly organization: Organization | undefined) {}

  /**
   * The policies attached to an account, to every organizational unit above it, and to the root. The management account
   * has none.
   */
  applyingTo(accountId: string): readonly PolicyDocument[] {
    if (accountId === this.organization?.managementAccount) return [];
    const contains = (target: string) =>
      target === accountId || this.organization?.units?.[target]?.includes(accountId) === true;
    return [...this.policies.values()]
      .filter(({ targets }) => [...targets].some(contains))
      .map(({ content }) => parsePolicy(content));
  }

  /** Ids of all policies, in the order of their creation. */
  all(): string[] {
    return [...this.policies.keys()];
  }

  /** @throws AwsError `PolicyNotFoundException` */
  find(id: string): ServiceControlPolicy {
    const kept = this.policies.get(id);
    if (kept === undefined)
      throw new AwsError("PolicyNotFoundException", `We can't find a policy with the PolicyId ${id}.`);
    return kept;
  }

  /** @throws AwsError as {@link update}, and `DuplicatePolicyException` */
  create(given: Pick<ServiceControlPolicy, "name" | "description" | "content" | "tags">): string {
    checkContent(given.content);
    this.refuseNamesake(given.name);
    this.created += 1;
    const id = `p-${String(this.created).padStart(8, "0")}`;
    this.policies.set(id, { ...given, id, targets: new Set() });
    return id;
  }

  /** @throws AwsError `MalformedPolicyDocumentException`, or `ConstraintViolationException` for one that is too long */
  update(id: string, changes: Partial<Pick<ServiceControlPolicy, "name" | "description" | "content">>): void {
    const kept = this.find(id);
    if (changes.content !== undefined) checkContent(changes.content);
    if (changes.name !== undefined && changes.name !== kept.name) this.refuseNamesake(changes.name);
    Object.assign(kept, changes);
  }

  /** @throws AwsError `PolicyInUseException` while it is attached */
  remove(id: string): void {
    if (this.find(id).targets.size > 0)
      throw new AwsError("PolicyInUseException", "The policy is attached to one or more entities.");
    this.policies.delete(id);
  }

  /** @throws AwsError `DuplicatePolicyAttachmentException`, or `ConstraintViolationException` for one too many */
  attach(id: string, target: string): void {
    const { targets } = this.find(id);
    this.checkTarget(target);
    if (targets.has(target))
      throw new AwsError(
        "DuplicatePolicyAttachmentException",
        `The policy is already attached to ${target}.`,
      );
    const besides = [...this.policies.values()].filter((other) => other.targets.has(target)).length;
    const fullAwsAccess = 1;
    if (besides + fullAwsAccess >= ATTACHED_LIMIT)
      throw new AwsError(
        "ConstraintViolationException",
        `You have attached the maximum number of policies of that type to ${target}.`,
      );
    targets.add(target);
  }

  /** @throws AwsError `PolicyNotAttachedException` */
  detach(id: string, target: string): void {
    this.checkTarget(target);
    if (!this.find(id).targets.delete(target))
      throw new AwsError("PolicyNotAttachedException", `The policy isn't attached to ${target}.`);
  }

  private checkTarget(target: string): void {
    const { units = {}, accounts = [], managementAccount } = this.organization ?? {};
    const known = [...Object.keys(units), ...Object.values(units).flat(), ...accounts, managementAccount];
    if (!known.includes(target))
      throw new AwsError("TargetNotFoundException", `We can't find a root, OU or account ${target}.`);
  }

  private refuseNamesake(name: string): void {
    if ([...this.policies.values()].some((kept) => kept.name === name))
      throw new AwsError("DuplicatePolicyException", `There is a policy ${name} already.`);
  }
}

function checkContent(content: string): void {
  if (content.length > CONTENT_LIMIT)
    throw new AwsError(
      "ConstraintViolationException",
      `You have exceeded the allowed maximum of ${CONTENT_LIMIT} characters in a policy.`,
    );
  if (!isServiceControl(content))
    throw new AwsError(
      "MalformedPolicyDocumentException",
      "The policy is not a valid service control policy.",
    );
}

function isServiceControl(content: string): boolean {
  try {
    const statements = statementsOf(parsePolicy(content));
    return statements.length > 0 && statements.every((one) => !("Principal" in one || "NotPrincipal" in one));
  } catch {
    return false;
  }
}
