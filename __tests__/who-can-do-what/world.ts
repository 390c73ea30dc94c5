import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { AccountsMap } from "../../accounts/schema";
import { arnParts } from "../../aws/arn";
import { simulate, type RequestContext, type Verdict } from "../../emulator/iam/policy-simulator";
import { arns, channelNames, guardNames, names, pipelineOf, PREFERENCES_DOCUMENT } from "../../stacks/names";
import type { Policy } from "../../stacks/policies/policy";
import { synthesizeOne } from "../helpers/synth";
import { policyIn } from "../static-checks/rule";
import {
  at,
  EU,
  keyIn,
  ORGANIZATION,
  roleIn,
  STRANGER,
  throughS3,
  type Actor,
} from "../stacks/policies/helpers";

/*
 * The complete example, as it is synthesized: the policies of its archive, of an account and of its guardrails. A
 * request is judged by all of them together, as AWS judges it.
 */

/** Accounts of the complete example: the archive's, one that has a reader, and one with a reader of the organization. */
export const ARCHIVE = "111111111111";
export const SANDBOX = "222222222222";
export const PAYMENTS = "444444444444";
/** A member of the organization that the map does not have. */
export const NEWCOMER = "333333333333";
export { STRANGER };

/** Roles that the map names as readers. The example has none in a member account, so one is added. */
export const READERS = {
  archive: roleIn(ARCHIVE, "session-reviewer"),
  sandbox: roleIn(SANDBOX, "session-reviewer"),
  organization: roleIn(PAYMENTS, "incident-response"),
};

const EXAMPLE = resolve(__dirname, "..", "..", "docs", "examples", "complete.yaml");
const map = parse(readFileSync(EXAMPLE, "utf8")) as AccountsMap;
/** The account that has the pipeline, which the example does not have. */
export const PIPELINE_ACCOUNT = PAYMENTS;
map.pipeline = { account: { id: PIPELINE_ACCOUNT }, region: EU };
map.transcripts = { ...map.transcripts, readers: [...map.transcripts!.readers!, READERS.sandbox] };

/** Keys of the archive, of the sandbox's sessions, and of the archive's replica, in place of Terraform's references. */
const KEYS: Readonly<Record<string, string>> = {
  "archive-eu-central-1": keyIn(ARCHIVE),
  "session-sandbox-eu-central-1": keyIn(SANDBOX),
  "replica-log-archive-eu-central-1": keyIn(ARCHIVE, "eu-west-1"),
};
/** The policy in an attribute of a stack's resource, with the ARN of a key in place of Terraform's reference. */
function deployed(stack: string, type: string, id: RegExp, attribute = "policy", of = map): Policy {
  const text = String(synthesizeOne(stack, of).the(type, id)[attribute]);
  return policyIn(text.replace(/(?<!\$)\$\{aws_kms_key\.[^}]+\.arn\}/g, KEYS[stack] ?? ""));
}

const archive = at(ARCHIVE);
export const BUCKET = arns.bucket(archive, names.transcriptBucket(archive));
export const REPLICA = arns.bucket(archive, names.replicaBucket(archive));
/** The files of the trail of an account that has one of its own, and the access logs of the archive. */
export const TRAIL_BUCKET = arns.bucket(at(PAYMENTS), names.trailBucket(at(PAYMENTS)));
export const ACCESS_LOGS = arns.bucket(archive, names.accessLogBucket(archive));
/** A bucket that an administrator of the archive account has made. */
export const OWN_BUCKET = "arn:aws:s3:::own-copies";
export const ARCHIVE_KEY = KEYS["archive-eu-central-1"]!;
export const TARGET_KEY = KEYS["session-sandbox-eu-central-1"]!;

/** Names and ARNs of the pipeline. */
export const PIPELINE = pipelineOf(
  { name: "acme" },
  { account: { ...at(PIPELINE_ACCOUNT).account, name: "any", role: null }, region: EU },
);

/** The owners and policies of buckets and keys, by their ARNs. */
const RESOURCES: Readonly<Record<string, { readonly owner: string; readonly policy?: Policy }>> = {
  [BUCKET]: {
    owner: ARCHIVE,
    policy: deployed("archive-eu-central-1", "aws_s3_bucket_policy", /^Transcripts_Policy/),
  },
  [REPLICA]: {
    owner: ARCHIVE,
    policy: deployed("replica-log-archive-eu-central-1", "aws_s3_bucket_policy", /^Copies_Policy/),
  },
  [OWN_BUCKET]: { owner: ARCHIVE },
  [TRAIL_BUCKET]: {
    owner: PAYMENTS,
    policy: deployed("account-payments", "aws_s3_bucket_policy", /^Trail_Bucket/),
  },
  [ACCESS_LOGS]: {
    owner: ARCHIVE,
    policy: deployed("archive-eu-central-1", "aws_s3_bucket_policy", /^Transcripts_AccessLogs/),
  },
  [`arn:aws:s3:::${PIPELINE.bucket}`]: {
    owner: PIPELINE_ACCOUNT,
    policy: deployed("pipeline", "aws_s3_bucket_policy", /./),
  },
  [ARCHIVE_KEY]: { owner: ARCHIVE, policy: deployed("archive-eu-central-1", "aws_kms_key", /^Key/) },
  [TARGET_KEY]: { owner: SANDBOX, policy: deployed("session-sandbox-eu-central-1", "aws_kms_key", /./) },
};

/** The policies that the stacks give to instances, people and S3. */
export const IDENTITY_POLICIES = {
  instance: deployed("account-sandbox", "aws_iam_policy", /^InstancePolicy/),
  operator: deployed("account-sandbox", "aws_iam_policy", /^OperatorPolicy/),
  reviewerOf: {
    archive: deployed("account-log-archive", "aws_iam_policy", /^ReviewerPolicy/),
    sandbox: deployed("account-sandbox", "aws_iam_policy", /^ReviewerPolicy/),
    payments: deployed("account-payments", "aws_iam_policy", /^ReviewerPolicy/),
  },
  report: deployed("account-sandbox", "aws_iam_policy", /^ReportRole/),
  replication: deployed("replica-log-archive-eu-central-1", "aws_iam_role_policy", /^Replication_Policy/),
};

const guardrailsOf = (of: AccountsMap) =>
  Object.keys(synthesizeOne("guardrails", of).all("aws_organizations_policy")).map((id) =>
    deployed("guardrails", "aws_organizations_policy", new RegExp(`^${id}$`), "content", of),
  );
const GUARDRAILS = guardrailsOf(map);
/** The guardrails of the example without the option that keeps the roles of instances. */
const GUARDRAILS_BY_DEFAULT = guardrailsOf({
  ...map,
  guardrails: { ...map.guardrails!, keepInstanceRoles: false },
});

/** A request to AWS, and how the policies of its resource were changed before, if they were. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
  /** Changes the policy of the resource, as somebody has done who may. */
  readonly after?: (policy: Policy) => Policy;
  /** Whether guardrails, if there are any, are those without `keepInstanceRoles`. @default false */
  readonly withoutKeptRoles?: boolean;
}

/** The bucket or key behind an ARN, or the account that the ARN names. */
function resourceOf(arn: string): { readonly owner: string; readonly policy?: Policy } {
  const { accountId, service, resource } = arnParts(arn);
  const id = service === "s3" ? `arn:aws:s3:::${resource.split("/")[0]}` : arn;
  return RESOURCES[id] ?? { owner: accountId };
}

/** The verdict of AWS on a request, by the policies of the caller, of the resource, and of the organization. */
export async function verdictOn(
  who: Actor,
  { action, resource, context = {}, after = (policy) => policy, withoutKeptRoles = false }: Request,
  guardrails: boolean,
): Promise<Verdict> {
  const { owner, policy } = resourceOf(resource);
  // Service control policies bind the principals of member accounts.
  const bound = guardrails && who.context["aws:PrincipalOrgID"] === ORGANIZATION;
  const { result } = await simulate({
    principal: who.principal,
    action,
    resource,
    resourceAccountId: owner,
    context: { "aws:RequestedRegion": EU, ...who.context, ...context },
    identityPolicies: who.policies,
    scps: bound ? (withoutKeptRoles ? GUARDRAILS_BY_DEFAULT : GUARDRAILS) : [],
    ...(policy && { resourcePolicy: after(policy) }),
  });
  return result;
}

/** The key of a transcript in the archive. */
export const transcriptOf = (account: string) =>
  `${BUCKET}/sessions/${account}/${EU}/alice-0123456789abcdef0.log`;
const group = (account: string) => arns.logGroup(at(account), names.logGroup(at(account)));
export const logGroupOf = group;
export const streamOf = (account: string) => `${group(account)}:log-stream:alice-0123456789abcdef0`;
export const documentOf = (account: string) => arns.document(at(account), PREFERENCES_DOCUMENT, "account");
export const ruleOf = (account: string) =>
  arns.rule(at(account), channelNames({ kind: "target", place: at(account) }).tampering);
export const guardOf = (account: string) => arns.function(at(account), guardNames(at(account)).function);
/** What S3 says to KMS when it encrypts or decrypts a transcript of the archive. */
export const THROUGH_ARCHIVE: RequestContext = throughS3(BUCKET);
