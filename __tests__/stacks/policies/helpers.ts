import map from "../../fixtures/example-map";
import type { Account, Organization, Target } from "../../../accounts/model/organization";
import type { AccountsMap } from "../../../accounts/schema";
import {
  simulate,
  type PolicyDocument,
  type RequestContext,
  type Verdict,
} from "../../../emulator/iam/policy-simulator";
import { placeOf, type Place } from "../../../stacks/names";
import { destinationsOf } from "../../../stacks/policies/destinations";
import { reviewerPolicy } from "../../../stacks/policies/people-policy";
import type { Policy, Statement } from "../../../stacks/policies/policy";
import { reviewedIn } from "../../../stacks/policies/reviewed-buckets";
import { checkMap } from "../../../stacks/read-organization";

/** Accounts of the example map, and one that it does not know. */
export const ARCHIVE = "111111111111";
export const MEMBER = "222222222222";
export const OTHER_MEMBER = "444444444444";
export const STRANGER = "999999999999";

export const ORGANIZATION = "o-a1b2c3d4e5";
const OTHER_ORGANIZATION = "o-zzzzzzzzzz";

export const EU = "eu-central-1";
export const US = "us-east-1";

/** The organization of the example map with changes, after all checks. */
export const exampleOrganization = (changes: Partial<AccountsMap> = {}): Organization =>
  checkMap({ ...map, ...changes }, "map");

/** The organization of the example map without an archive, so that every target has a bucket of its own. */
export function exampleWithoutArchive({
  accounts = map.accounts,
  ...changes
}: Partial<AccountsMap> = {}): Organization {
  const { "log-archive": _archive, ...members } = accounts;
  return exampleOrganization({ archive: undefined, ...changes, accounts: members });
}

export function accountIn({ accounts }: Organization, name: string): Account {
  const account = accounts.find((candidate) => candidate.name === name);
  if (!account) throw new Error(`the map has no account ${name}`);
  return account;
}

export function targetIn(organization: Organization, name: string, region: string): Target {
  const target = accountIn(organization, name).targets.find((candidate) => candidate.region === region);
  if (!target) throw new Error(`${name} has no target in ${region}`);
  return target;
}

export const destinationsIn = (organization: Organization, name: string) =>
  accountIn(organization, name).targets.map((target) => destinationsOf(organization, target));

/**
 * The policy of an account's reviewers, who unmask nothing and see no recordings.
 * @param organizationId limits what other accounts share to the organization; null: to their accounts
 */
export function reviewerPolicyIn(
  organization: Organization,
  name: string,
  organizationId: string | null = null,
): Policy {
  const destinations = destinationsIn(organization, name);
  const buckets = reviewedIn(organization, accountIn(organization, name), destinations);
  return reviewerPolicy(buckets, destinations, [], [], organizationId);
}

/** A place of the example organization, by account id. */
export const at = (id: string, region = EU, partition: Place["account"]["partition"] = "aws"): Place =>
  placeOf({ name: "acme" }, { account: { name: "any", id, partition }, region });

export const roleIn = (account: string, name: string, partition = "aws") =>
  `arn:${partition}:iam::${account}:role/${name}`;

export const keyIn = (account: string, region = EU, id = "0f0f0f0f-1111-2222-3333-444444444444") =>
  `arn:aws:kms:${region}:${account}:key/${id}`;

/** A policy that allows everything, as administrators often have it. */
export const ADMINISTRATOR: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" }],
};

/** The principal of a request, and its own policies. A service has none. */
export interface Actor {
  readonly principal: string;
  readonly policies: readonly PolicyDocument[];
  /** Condition keys that AWS sets for the caller in every request, in addition to those that follow from the ARN. */
  readonly context: RequestContext;
}

/** A principal, with the id of its organization: accounts but STRANGER belong to the example organization. */
export function actor(principal: string, ...policies: readonly PolicyDocument[]): Actor {
  const foreign = principal.includes(STRANGER);
  return {
    principal,
    policies,
    context: { "aws:PrincipalOrgID": foreign ? OTHER_ORGANIZATION : ORGANIZATION },
  };
}

export const administratorOf = (account: string, partition = "aws") =>
  actor(roleIn(account, "administrator", partition), ADMINISTRATOR);

export const service = (principal: string): Actor => ({ principal, policies: [], context: {} });

/** One request to AWS. */
export interface Asked {
  readonly who: Actor;
  readonly action: string;
  readonly resource: string;
  readonly owner: string;
  /** Condition keys of the request. `undefined` removes a key that every request has. */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The policy of the resource, if it has one. */
  readonly policy?: Policy;
}

/** The decision of IAM on a request, by the policies of the caller and of the resource. */
export async function decisionOn({ who, action, resource, owner, context, policy }: Asked): Promise<Verdict> {
  const { result } = await simulate({
    principal: who.principal,
    action,
    resource,
    resourceAccountId: owner,
    context: { ...who.context, ...context },
    identityPolicies: who.policies,
    ...(policy && { resourcePolicy: policy }),
  });
  return result;
}

/**
 * The decision of the caller's own policies on a request to S3: the bucket, whose ever it is, lets the caller's account do
 * everything.
 */
export const decisionOfCaller = (asked: Omit<Asked, "policy">): Promise<Verdict> => {
  const [, partition, , , account] = asked.who.principal.split(":");
  const Principal = { AWS: `arn:${partition}:iam::${account}:root` };
  const bucket = asked.resource.split("/")[0]!;
  const Resource = [bucket, `${bucket}/*`];
  return decisionOn({
    ...asked,
    policy: {
      Version: "2012-10-17",
      Statement: [{ Sid: "LetsTheAccountIn", Effect: "Allow", Principal, Action: ["s3:*"], Resource }],
    },
  });
};

/** The policy without some of its statements. @throws if a statement is missing: the test would prove nothing */
export function without(policy: Policy, ...sids: readonly string[]): Policy {
  for (const sid of sids) statementOf(policy, sid);
  return { ...policy, Statement: policy.Statement.filter(({ Sid }) => !sids.includes(Sid)) };
}

export function statementOf(policy: Policy, sid: string): Statement {
  const statement = policy.Statement.find(({ Sid }) => Sid === sid);
  if (!statement) throw new Error(`no ${sid} among ${sidsOf(policy).join(", ")}`);
  return statement;
}

export const sidsOf = (policy: Policy) => policy.Statement.map(({ Sid }) => Sid);

/** The encryption context of a request to KMS, as condition keys. */
export const encrypting = (pairs: Readonly<Record<string, string>>): RequestContext =>
  Object.fromEntries(Object.entries(pairs).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]));

/** The condition keys of a request that S3 makes to KMS for a bucket with an S3 Bucket Key. */
export const throughS3 = (bucketArn: string, region = EU): RequestContext => ({
  "kms:ViaService": `s3.${region}.amazonaws.com`,
  ...encrypting({ "aws:s3:arn": bucketArn }),
});

/** Headers of an S3 request, as condition keys. */
export const headers = ({
  acl,
  sse,
  key,
  storage,
}: {
  acl?: string;
  sse?: string;
  key?: string;
  storage?: string;
}): RequestContext => ({
  ...(storage !== undefined && { "s3:x-amz-storage-class": storage }),
  ...(acl !== undefined && { "s3:x-amz-acl": acl }),
  ...(sse !== undefined && { "s3:x-amz-server-side-encryption": sse }),
  ...(key !== undefined && { "s3:x-amz-server-side-encryption-aws-kms-key-id": key }),
});
