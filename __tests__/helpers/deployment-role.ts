import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { sessionKeyPolicy } from "../../stacks/policies/key-policy";
import { simulate, type PolicyDocument } from "../../emulator/iam/policy-simulator";

/** The account of the deployment role. */
export const ACCOUNT = "444444444444";
const DOCS = join(resolve(__dirname, "..", ".."), "docs");
/** A policy of the documentation, for this account and the organization acme. */
export const inDocs = (file: string) =>
  JSON.parse(
    readFileSync(join(DOCS, file), "utf8")
      .replaceAll("<organization>", "acme")
      .replaceAll("<account>", ACCOUNT),
  ) as PolicyDocument;
/** The names of the files with policies of the deployment role. */
export const FILES = readdirSync(DOCS).filter((file) => /^deployment-role.*\.json$/.test(file));
/** The policy that every map needs. */
export const BASE = [inDocs("deployment-role.json")];
/** {@link BASE}, and the policies that some settings need in addition. */
const ALL = FILES.map(inDocs);

const PLACE = {
  organization: "acme",
  account: { id: ACCOUNT, partition: "aws" as const },
  region: "eu-central-1",
};
const KEY_POLICY = sessionKeyPolicy(PLACE, {
  logGroup: null,
  bucket: null,
  readers: [],
  sessionData: true,
  topics: [],
  guard: { topicArns: [] },
  recordings: { bucket: "session-audit-acme-444444444444-eu-central-1-rdp", readers: [] },
});
/** The key of the account's sessions. */
export const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
/** What the policies decide about a call of the deployment role. @param policies all of them by default */
export const verdict = async (
  action: string,
  resource: string,
  context: Record<string, string> = {},
  policies = ALL,
) =>
  (
    await simulate({
      principal: `arn:aws:iam::${ACCOUNT}:role/session-audit-deploy`,
      action,
      resource,
      resourceAccountId: ACCOUNT,
      identityPolicies: policies,
      ...(action.startsWith("kms:") && { resourcePolicy: KEY_POLICY as PolicyDocument }),
      context,
    })
  ).result;

/** ARN of a resource of the account. */
export const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${rest}`;
/** ARN of something of IAM in the account. */
export const iam = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;
/** Condition key of a resource of the organization. */
export const OURS = { "aws:ResourceTag/session-audit": "acme" };
