import type { Principal, Statement } from "../policies/policy";

/**
 * Terraform expressions over policies of others. They look at effect, principal, action and resource, and take a
 * condition for one that holds: whoever wrote a policy in other words than ours is not told that it is wrong.
 */

const quoted = (value: string) => JSON.stringify(value);
const list = (values: readonly string[]) => `[${values.map(quoted).join(", ")}]`;

/** One or many, as policies have them. */
const each = (path: string) => `flatten([try(${path}, [])])`;

/** Whether a pattern of a policy, with `*` and `?`, covers a value. */
const covers = (pattern: string, value: string) =>
  `can(regex("^\${replace(replace(${pattern}, "*", ".*"), "?", ".")}$", ${value}))`;

/** By their lower case, as IAM compares actions; one that stands for what a pattern of ours means. */
const action = (pattern: string): string =>
  ({ "kms:ReEncrypt*": "kms:reencryptto", "kms:Describe*": "kms:describekey" })[pattern] ??
  pattern.replace("*", "").toLowerCase();

/** A statement's principals of AWS accounts; "*" where it says that alone. */
const AWS_PRINCIPALS = `flatten([try(s.Principal.AWS, s.Principal)])`;

/** In either spelling; services count. */
const ANYBODY = `try(contains(${AWS_PRINCIPALS}, "*"), false)`;

/** Whether a statement `s` is for whom ours is for. A role of an account is taken for the account. */
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

/** Whether some statements of a policy allow what one of ours does. @param policy expression of a decoded policy */
export function allows(policy: string, { Principal: who = "*", Action = [] }: Statement): string {
  const allowed = `anytrue([for s in ${statements(policy)} : s.Effect == "Allow" && (${isFor(who)}) && anytrue([for a in ${each("s.Action")} : ${covers("lower(a)", "wanted")}])])`;
  return `alltrue([for wanted in ${list(Action.map(action))} : ${allowed}])`;
}

/** Whether a bucket's policy refuses a write to everybody, whatever the circumstances. */
export const refusesWrites = (policy: string, object: string): string =>
  `anytrue([for s in ${statements(policy)} : s.Effect == "Deny" && !can(s.Condition) && ${ANYBODY} && anytrue([for a in ${each("s.Action")} : ${covers("lower(a)", quoted("s3:putobject"))}]) && anytrue([for r in ${each("s.Resource")} : ${covers("r", quoted(object))}])])`;

/** Whether a bucket's policy refuses what is encrypted with a key, by asking for another. */
export const refusesKey = (policy: string, keyArn: string): string =>
  `anytrue([for s in ${statements(policy)} : s.Effect == "Deny" && anytrue([for o in ["StringNotEquals", "StringNotEqualsIfExists"] : can(s.Condition[o]["s3:x-amz-server-side-encryption-aws-kms-key-id"]) && !contains(${each('s.Condition[o]["s3:x-amz-server-side-encryption-aws-kms-key-id"]')}, ${quoted(keyArn)})])])`;

/** Whether a bucket's policy refuses plain HTTP. */
export const refusesPlainHttp = (policy: string): string =>
  `anytrue([for s in ${statements(policy)} : s.Effect == "Deny" && contains([for v in ${each('s.Condition.Bool["aws:SecureTransport"]')} : tostring(v)], "false")])`;
