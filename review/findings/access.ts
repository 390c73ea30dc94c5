import { isLoosened } from "../guardrails";
import type { AttributeChange, Direction, PolicyChange, Severity } from "../model";
import { isKnown, say } from "../values";
import { isSweeping, policiesOf, wordsOf } from "./access-policies";
import { isMighty } from "./new-access";
import { beginsWithParent } from "./parents";
import { called, CHANGING, type Found, type Rule, type Subject } from "./rule";
import { exchanged, removed, weakening } from "./weakening";

/** Rules about who gains or loses access, from the comparison of policies. */

/** How bad it is if a policy of a type permits more. */
const WIDER: Readonly<Record<string, Severity>> = {
  aws_s3_bucket_policy: "high",
  aws_kms_key: "high",
  aws_iam_role: "high",
  aws_dynamodb_resource_policy: "high",
  aws_organizations_policy: "high",
  aws_cloudwatch_event_bus_policy: "medium",
  aws_iam_policy: "medium",
  aws_iam_role_policy: "medium",
  aws_sns_topic_policy: "medium",
  aws_vpc_endpoint: "medium",
  aws_sqs_queue_policy: "low",
};

const DIRECTIONS: Readonly<
  Record<
    Exclude<Direction, "same">,
    { readonly id: string; readonly permits: string; readonly remedy: string }
  >
> = {
  wider: {
    id: "access-wider",
    permits: "permits more than before",
    remedy: "Make sure that the principals that gain access need it.",
  },
  "maybe-wider": {
    id: "access-wider",
    permits: "may permit more than before",
    remedy: "The review cannot tell from the policy: read the statements, and treat them as wider.",
  },
  other: {
    id: "access-other",
    permits: "permits other things than before",
    remedy: "Make sure that the principals that gain access need it, and that those that lose access do not.",
  },
  narrower: {
    id: "access-narrower",
    permits: "permits less than before",
    remedy: "Make sure that the principals that lose access do not need it to record or to read.",
  },
};

/** A service control policy permits nothing: it forbids. */
const FORBIDS: Readonly<Record<string, string>> = {
  "access-wider": "forbids less than before",
  "access-other": "forbids other things than before",
  "access-narrower": "forbids more than before",
};

function severityOf({ change: { type } }: Subject, policy: PolicyChange): Severity {
  if (policy.direction === "narrower") return "low";
  // Sessions in another region are allowed now; nobody else is exempt.
  if (type === "aws_organizations_policy" && !isLoosened(policy)) return "medium";
  return policy.statements.some(({ gains }) => gains.some(isSweeping)) ? "high" : (WIDER[type] ?? "medium");
}

const accessRule = (id: string): Rule => ({
  id,
  kinds: CHANGING,
  find: (subject) =>
    policiesOf(subject).flatMap((policy): Found[] => {
      if (policy.direction === "same" || DIRECTIONS[policy.direction].id !== id) return [];
      const { remedy } = DIRECTIONS[policy.direction];
      const isScp = subject.change.type === "aws_organizations_policy";
      const permits = isScp ? FORBIDS[id]! : DIRECTIONS[policy.direction].permits;
      const severity = severityOf(subject, policy);
      return [{ severity, title: `The ${called(subject)} ${permits}`, detail: wordsOf(policy), remedy }];
    }),
});

/** Attributes that hold a policy. */
const POLICIES: ReadonlySet<string> = new Set(["policy", "assume_role_policy", "content", "policy_document"]);

/**
 * The policy of a bucket names the key of the bucket, which is known only after the apply if the same plan creates it.
 * Nothing is in a new bucket yet.
 */
const isExpected = (subject: Subject, { before, after }: AttributeChange): boolean =>
  before.is === "absent" &&
  after.is === "unknown" &&
  subject.change.type === "aws_s3_bucket_policy" &&
  beginsWithParent(subject);

const UNTOLD: Rule = {
  id: "access-untold",
  types: Object.keys(WIDER),
  kinds: ["create", ...CHANGING],
  find: (subject) => {
    const hidden = subject.change.attributes.find(
      ({ path, after }) => POLICIES.has(path) && (after.is === "unknown" || after.is === "sensitive"),
    );
    if (hidden === undefined || isExpected(subject, hidden)) return undefined;
    return {
      severity: "medium",
      title: `Nobody can tell from the plan what the ${called(subject)} permits`,
      detail:
        hidden.after.is === "unknown"
          ? "The policy is known only after the apply, because it names something that AWS has yet to create."
          : "The policy is sensitive, so it is not shown.",
      remedy: "Apply first what the policy depends on, and plan again.",
    };
  },
};

/** A policy where there was none, on an object that exists. Nobody could use a new object before. */
const POLICY_ADDED: Rule = {
  id: "policy-added",
  types: [
    "aws_s3_bucket_policy",
    "aws_sns_topic_policy",
    "aws_sqs_queue_policy",
    "aws_dynamodb_resource_policy",
    "aws_cloudwatch_event_bus_policy",
    "aws_iam_role_policy",
  ],
  kinds: ["create"],
  find: (subject) => {
    const [policy] = policiesOf(subject);
    if (policy === undefined || beginsWithParent(subject)) return undefined;
    return {
      severity: "medium",
      title: `There is a new ${called(subject)}`,
      detail: wordsOf(policy),
      remedy: "Make sure that the principals that gain access need it.",
    };
  },
};

const ATTACHMENT = "aws_iam_role_policy_attachment";
const ATTACHED: Rule = {
  id: "policy-attached",
  types: [ATTACHMENT],
  kinds: ["create", "replace"],
  find: ({ after, resources }) => ({
    // A new stack gives its own policies to the roles that the map names.
    severity: isMighty(after?.["policy_arn"]) ? "high" : resources.before.size === 0 ? "info" : "medium",
    title: `The role ${say(after?.["role"])} gets the permissions of ${policyName(after?.["policy_arn"])}`,
    detail: "Whoever may use the role may do what the policy allows.",
    remedy: "Make sure that the role needs the policy.",
  }),
};

const policyName = (arn: unknown) =>
  isKnown(arn as never) ? String(arn) : "a policy that this plan creates";

const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;

const INVOCATION: Rule = {
  id: "invocation-allowed",
  types: ["aws_lambda_permission"],
  kinds: ["create", "replace"],
  find: (subject) => {
    const { after } = subject;
    const isService = SERVICE.test(String(after?.["principal"]));
    if (subject.change.kind === "create" && beginsWithParent(subject) && isService) return undefined;
    return {
      severity: after?.["principal"] === "*" ? "high" : "medium",
      title: `${say(after?.["principal"])} may invoke the function ${say(after?.["function_name"])}`,
      detail: `It may do so for ${say(after?.["source_arn"])}.`,
      remedy: "Make sure that it is meant to.",
    };
  },
};

/** A boundary limits a role whatever its policies allow. */
const BOUNDARY: readonly Rule[] = [
  weakening({
    id: "boundary-removed",
    type: "aws_iam_role",
    path: ["permissions_boundary"],
    isWeaker: removed,
    severity: "high",
    title: ({ object, before }) => `The ${object} no longer has the permissions boundary ${before}`,
    detail: "Nothing but its policies limits what the role may do.",
    remedy: "Keep the boundary that the map names.",
  }),
  weakening({
    id: "boundary-changed",
    type: "aws_iam_role",
    path: ["permissions_boundary"],
    isWeaker: exchanged,
    severity: "medium",
    title: ({ object, before, after }) =>
      `The ${object} has the permissions boundary ${after} instead of ${before}`,
    detail: "The review does not see what the boundary allows.",
    remedy: "Make sure that the new boundary allows no more than the old one.",
  }),
];

export const ACCESS_RULES: readonly Rule[] = [
  ...["access-wider", "access-other", "access-narrower"].map(accessRule),
  UNTOLD,
  POLICY_ADDED,
  ATTACHED,
  INVOCATION,
  ...BOUNDARY,
];
