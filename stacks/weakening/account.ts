import type { WeakeningCalls } from "./call";

const PROVIDERS =
  "the map does not say whom roles trust, and whoever runs the identity provider renews its certificates";

/**
 * Calls on roles that record or read, and on the account itself. AWS reports them in the partition's global region.
 */
export const ON_ACCOUNT: readonly WeakeningCalls[] = [
  {
    service: "iam",
    operations: [
      ...["CreateRole", "DeleteRole", "UpdateAssumeRolePolicy", "UpdateRole", "UpdateRoleDescription"],
      ...["PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy"],
      ...["PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", "TagRole", "UntagRole"],
    ],
    of: "role",
    namedBy: ["roleName"],
    told: "account",
    refused: ["KeepRoles"],
    effect: "a role may no longer record, others can act with it, or others can read with it",
  },
  {
    service: "iam",
    operations: ["PutRolePermissionsBoundary"],
    of: "boundary of an instance's role",
    namedBy: ["roleName"],
    told: "account",
    refused: ["KeepInstanceBoundaries", "KeepInstanceRoles"],
    effect: "instances with one of `access.attachToRoles` may no longer record",
  },
  {
    service: "iam",
    operations: [
      ...["PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy"],
      ...["UpdateAssumeRolePolicy", "DeleteRolePermissionsBoundary", "CreateRole", "DeleteRole"],
    ],
    of: "role of an instance",
    namedBy: ["roleName"],
    told: "account",
    refused: ["KeepInstanceRoles"],
    effect:
      "a `Deny` keeps instances with one of `access.attachToRoles` from recording, or others write transcripts with the role; refused with `guardrails.keepInstanceRoles` only, because the roles belong to applications, whose owners change them every day",
  },
  {
    service: "iam",
    operations: ["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy", "DeletePolicyVersion"],
    of: "policy of IAM",
    namedBy: ["policyArn"],
    told: "account",
    refused: ["KeepAccessPolicies"],
    effect: "instances may no longer record, or people may open sessions without a record",
  },
  {
    service: "iam",
    operations: ["DetachRolePolicy"],
    of: "policy of IAM",
    namedBy: ["policyArn"],
    told: "account",
    refused: ["KeepInstancePolicyAttached"],
    effect: "instances may no longer record",
  },
  {
    service: "iam",
    operations: [
      ...["AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy", "DetachUserPolicy"],
      ...["DetachGroupPolicy", "TagPolicy", "UntagPolicy"],
    ],
    of: "policy of IAM",
    namedBy: ["policyArn"],
    told: "account",
    refused: [],
    effect: "somebody may open sessions or read records, or may no longer do so",
    open: "people get and lose these policies every day",
  },
  {
    service: "iam",
    operations: ["AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"],
    of: "instance profile",
    namedBy: ["instanceProfileName"],
    told: "account",
    refused: ["KeepRoles"],
    effect: "instances get a role that may not record",
  },
  {
    service: "iam",
    operations: ["CreateInstanceProfile", "TagInstanceProfile", "UntagInstanceProfile"],
    of: "instance profile",
    namedBy: ["instanceProfileName"],
    told: "account",
    refused: [],
    effect: "somebody prepares a profile of the same name",
    open: "nothing depends on the tags, and a profile without a role gives no permission",
  },
  {
    service: "iam",
    operations: ["UpdateSAMLProvider", "DeleteSAMLProvider", "TagSAMLProvider", "UntagSAMLProvider"],
    of: "identity provider",
    namedBy: ["sAMLProviderArn"],
    told: "account",
    refused: [],
    effect:
      "whoever signs assertions for the provider assumes the roles that trust it, exempt roles and roles that read included",
    open: PROVIDERS,
  },
  {
    service: "iam",
    operations: [
      ...["AddClientIDToOpenIDConnectProvider", "RemoveClientIDFromOpenIDConnectProvider"],
      ...["UpdateOpenIDConnectProviderThumbprint", "DeleteOpenIDConnectProvider"],
      ...["TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"],
    ],
    of: "identity provider",
    namedBy: ["openIDConnectProviderArn"],
    told: "account",
    refused: [],
    effect: "tokens for another client, or of another server, may assume the roles that trust the provider",
    open: PROVIDERS,
  },
  {
    service: "iam",
    operations: ["DeleteServiceLinkedRole"],
    of: "role of an instance",
    namedBy: ["roleName"],
    told: "account",
    refused: [],
    effect: "a service loses its role",
    open: "AWS refuses the call while the service uses the role",
  },
  {
    service: "account",
    operations: ["CloseAccount"],
    of: "account",
    namedBy: [],
    told: "account",
    refused: ["StayInOrganization"],
    effect: "the account is gone, with everything in it",
  },
  {
    service: "account",
    operations: ["DisableRegion"],
    of: "account",
    namedBy: [],
    told: "account",
    refused: ["KeepRegions"],
    effect: "what records in a region can no longer be reached",
  },
  {
    service: "organizations",
    // An account that accepts the invitation of another organization leaves its own without LeaveOrganization.
    // @see https://aws.amazon.com/about-aws/whats-new/2025/11/aws-organizations-direct-account-transfers/
    operations: ["LeaveOrganization", "AcceptHandshake", "CloseAccount"],
    of: "account",
    namedBy: [],
    told: "account",
    refused: ["StayInOrganization"],
    effect:
      "guardrails and the organization's trail no longer bind the account, which has left or has accepted the invitation of another organization, or it is gone",
  },
  {
    service: "organizations",
    operations: [
      ...["DetachPolicy", "UpdatePolicy", "DeletePolicy", "DisablePolicyType"],
      ...["MoveAccount", "RemoveAccountFromOrganization"],
    ],
    of: "guardrails",
    namedBy: [],
    told: null,
    refused: [],
    effect: "guardrails no longer bind an account",
    open: "the calls are made in the management account, which no service control policy binds, or in an account to which a policy of the organization delegates some of them. Neither needs a channel of session-audit, and the policies have no room for the second: let such an account have administrators who may be exempt",
  },
];
