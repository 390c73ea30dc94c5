import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { simulate, type PolicyDocument } from "../emulator/iam/policy-simulator";

const ACCOUNT = "999999999999";
const UNIT = "ou-ab12-1a2b3c4d";
const text = readFileSync(join(resolve(__dirname, ".."), "docs", "guardrails-role.json"), "utf8")
  .replaceAll("<organization>", "acme")
  .replaceAll("<account>", ACCOUNT)
  .replaceAll("<unit>", UNIT);
const role = JSON.parse(text) as PolicyDocument;

const arn = (resource: string) => `arn:aws:organizations::${ACCOUNT}:${resource}`;
const POLICY = arn("policy/o-a1b2c3d4e5/service_control_policy/p-1a2b3c4d");
const unit = (id: string) => arn(`ou/o-a1b2c3d4e5/${id}`);
const OURS = { "aws:ResourceTag/session-audit": "acme" };
const THEIRS = { "aws:ResourceTag/team": "network" };
const TAGGED = { "aws:RequestTag/session-audit": "acme" };
const SCP = { "organizations:PolicyType": "SERVICE_CONTROL_POLICY" };
const OTHER_TYPE = { "organizations:PolicyType": "TAG_POLICY" };

const verdict = async (action: string, resource: string, context: Record<string, string>) =>
  (
    await simulate({
      principal: `arn:aws:iam::${ACCOUNT}:role/session-audit-deploy`,
      action: `organizations:${action}`,
      resource,
      resourceAccountId: ACCOUNT,
      identityPolicies: [role],
      context,
    })
  ).result;

it.each<[string, string, Record<string, string>]>([
  ["CreatePolicy", POLICY, { ...SCP, ...TAGGED }],
  ["TagResource", POLICY, TAGGED],
  ["TagResource", POLICY, OURS],
  // AWS has no condition key that tells a tag of CreatePolicy from a tag of a policy that exists: docs/security.md says so.
  ["TagResource", POLICY, { ...TAGGED, ...THEIRS }],
  ["UntagResource", POLICY, OURS],
  ["UpdatePolicy", POLICY, OURS],
  ["DeletePolicy", POLICY, OURS],
  ["AttachPolicy", POLICY, { ...SCP, ...OURS }],
  ["DetachPolicy", POLICY, { ...SCP, ...OURS }],
  ["AttachPolicy", unit(UNIT), SCP],
  ["DetachPolicy", unit(UNIT), SCP],
  ["DescribePolicy", POLICY, {}],
  ["ListTargetsForPolicy", POLICY, {}],
  ["ListTagsForResource", POLICY, {}],
])("the role of guardrails may %s on %s: %j", async (action, resource, context) => {
  expect(await verdict(action, resource, context)).toBe("Allowed");
});

it.each<[string, string, Record<string, string>]>([
  ["CreatePolicy", POLICY, SCP],
  ["CreatePolicy", POLICY, { ...OTHER_TYPE, ...TAGGED }],
  ["TagResource", POLICY, THEIRS],
  ["TagResource", unit(UNIT), TAGGED],
  ["TagResource", arn("policy/o-a1b2c3d4e5/tag_policy/p-1a2b3c4d"), TAGGED],
  ["TagResource", POLICY, { ...TAGGED, "aws:ResourceTag/session-audit": "another" }],
  ["UntagResource", POLICY, THEIRS],
  ["UpdatePolicy", POLICY, THEIRS],
  ["DeletePolicy", POLICY, THEIRS],
  ["DetachPolicy", POLICY, { ...SCP, ...THEIRS }],
  ["AttachPolicy", unit("ou-ab12-99999999"), SCP],
  ["AttachPolicy", unit(UNIT), OTHER_TYPE],
  ["DetachPolicy", arn("root/o-a1b2c3d4e5/r-ab12"), SCP],
])("the role of guardrails may not %s on %s: %j", async (action, resource, context) => {
  expect(await verdict(action, resource, context)).toBe("ImplicitlyDenied");
});
