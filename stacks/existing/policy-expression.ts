import type { Principal, Statement } from "../policies/policy";

/**
 * Terraform expressions over policies that Terraform does not manage. They look at effect, principal, action and
 * resource, and assume that every condition holds, because a policy may say the same in other words. So a warning is
 * nearly always right, and the absence of a warning proves little.
 */

const quoted = (value: string) => JSON.stringify(value);
const list = (values: readonly string[]) => `[${values.map(quoted).join(", ")}]`;

/** An element of a policy as a list: it may be one value, a list of values, or absent. */
const each = (path: string) => `flatten([try(${path}, [])])`;

/** Whether a pattern with `*` and `?` matches a value. Both are Terraform expressions. */
const covers = (pattern: string, value: string) =>
  `can(regex("^\${replace(replace(${pattern}, "*", ".*"), "?", ".")}$", ${value}))`;

/**
 * An action in lower case, because IAM compares actions without regard to case. A required action with `*` is
 * represented by one action that it matches.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
const action = (pattern: string): string =>
  ({ "kms:ReEncrypt*": "kms:reencryptto", "kms:Describe*": "kms:describekey" })[pattern] ??
  pattern.replace("*", "").toLowerCase();

/** The `AWS` principals of a statement `s`, or `"*"` if that is its whole principal. */
const AWS_PRINCIPALS = `flatten([try(s.Principal.AWS, s.Principal)])`;

/** Whether a statement `s` is for everybody, AWS services included: `"*"` or `{ "AWS": "*" }`. */
const ANYBODY = `try(contains(${AWS_PRINCIPALS}, "*"), false)`;

/** Whether a statement `s` is for a principal. A principal of an account counts as the whole account. */
function isFor(principal: Principal): string {
  if (principal === "*") return 'can(s.Principal.AWS) || try(s.Principal == "*", false)';
  if ("Service" in principal) {
    const services = typeof principal.Service === "string" ? [principal.Service] : principal.Service;
    return `${ANYBODY} || length(setsubtract(${list(services)}, ${each("s.Principal.Service")})) == 0`;
  }
  const roots = typeof principal.AWS === "string" ? [principal.AWS] : principal.AWS;
  const accounts = roots.map((root) => root.split(":")[4]!);
  return `alltrue([for a in ${list(accounts)} : anytrue([for p in ${AWS_PRINCIPALS} : p == "*" || p == a || try(split(":", p)[4] == a, false)])])`;
}

const statements = (policy: string) => `flatten([${policy}.Statement])`;

/**
 * Whether a policy allows the actions of a statement to its principal.
 * @param policy Terraform expression of the decoded policy
 * @example allows("jsondecode(data.aws_s3_bucket_policy.It.policy)", statement)
 */
export function allows(policy: string, { Principal: who = "*", Action = [] }: Statement): string {
  const allowed = `anytrue([for s in ${statements(policy)} : s.Effect == "Allow" && (${isFor(who)}) && anytrue([for a in ${each("s.Action")} : ${covers("lower(a)", "wanted")}])])`;
  return `alltrue([for wanted in ${list(Action.map(action))} : ${allowed}])`;
}

/**
 * Whether a bucket policy denies everybody to write an object, without a condition.
 * @param policy Terraform expression of the decoded policy
 * @param object ARN of the object
 */
export const refusesWrites = (policy: string, object: string): string =>
  `anytrue([for s in ${statements(policy)} : s.Effect == "Deny" && !can(s.Condition) && ${ANYBODY} && anytrue([for a in ${each("s.Action")} : ${covers("lower(a)", quoted("s3:putobject"))}]) && anytrue([for r in ${each("s.Resource")} : ${covers("r", quoted(object))}])])`;

/**
 * Whether a bucket policy denies uploads that are encrypted with a key, because it requires another key.
 * @param policy Terraform expression of the decoded policy
 * @param keyArn ARN of the key
 */
export const refusesKey = (policy: string, keyArn: string): string =>
  `anytrue([for s in ${statements(policy)} : s.Effect == "Deny" && anytrue([for o in ["StringNotEquals", "StringNotEqualsIfExists"] : can(s.Condition[o]["s3:x-amz-server-side-encryption-aws-kms-key-id"]) && !contains(${each('s.Condition[o]["s3:x-amz-server-side-encryption-aws-kms-key-id"]')}, ${quoted(keyArn)})])])`;

/** Whether a bucket policy denies requests over plain HTTP. @param policy Terraform expression of the decoded policy */
export const refusesPlainHttp = (policy: string): string =>
  `anytrue([for s in ${statements(policy)} : s.Effect == "Deny" && contains([for v in ${each('s.Condition.Bool["aws:SecureTransport"]')} : tostring(v)], "false")])`;

/**
 * Whether a topic's policy keeps EventBridge from publishing for other accounts: a statement denies it with a condition on
 * `aws:SourceAccount`, or every statement that allows EventBridge to publish has a condition.
 * @param policy Terraform expression of the decoded policy
 * @param statement the statement that denies it; its condition names the service principal of EventBridge
 */
export function refusesOtherAccounts(policy: string, { Condition = {} }: Statement): string {
  const eventBridge = Condition["StringEquals"]!["aws:PrincipalServiceName"]!;
  const publishes = `anytrue([for a in ${each("s.Action")} : ${covers("lower(a)", quoted("sns:publish"))}])`;
  const aboutSource = `anytrue(flatten([for o, tests in try(s.Condition, {}) : [for k, v in tests : lower(k) == "aws:sourceaccount"]]))`;
  const denied = `anytrue([for s in ${statements(policy)} : s.Effect == "Deny" && ${publishes} && ${aboutSource}])`;
  const open = `anytrue([for s in ${statements(policy)} : s.Effect == "Allow" && (${isFor({ Service: eventBridge })}) && ${publishes} && !can(s.Condition)])`;
  return `(${denied} || !${open})`;
}
