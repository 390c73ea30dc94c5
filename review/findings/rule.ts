import type { SeenChange } from "../changes";
import type { ChangeKind, PlannedStack, Severity } from "../model";
import type { Resources } from "../resources";
import { isKnown, type Value, type Values } from "../values";
import { treatmentOf } from "./treatments";

/** A stack without its plan. */
export type Stack = Omit<PlannedStack, "plan">;

/** A change, and its context that a rule may use. */
export interface Subject extends SeenChange {
  readonly stack: Stack;
  /** The resources of the stack before and after the plan. */
  readonly resources: { readonly before: Resources; readonly after: Resources };
  /** Addresses of the objects that the plan destroys. */
  readonly destroyed: ReadonlySet<string>;
}

/** What a rule has found in one change. */
export interface Found {
  readonly severity: Severity;
  /** One sentence with the values of this change. */
  readonly title: string;
  /** A title for many such changes, where the names of objects do not matter. @default the title */
  readonly titleOfAll?: string;
  readonly detail: string;
  readonly remedy: string;
}

/** A rule looks at one change at a time. */
export interface Rule {
  readonly id: string;
  /** Terraform resource types that the rule looks at; undefined: every type. */
  readonly types?: readonly string[];
  readonly kinds: readonly ChangeKind[];
  find(subject: Subject): Found | readonly Found[] | undefined;
}

/** Kinds of change with an object before and after. A deferred change may be one of them. */
export const CHANGING: readonly ChangeKind[] = ["update", "replace", "import", "move", "deferred"];

/** The last part of an ARN or a URL that is known. */
const lastOf = (value: Value | undefined) => isKnown(value) && String(value).split(/[:/]/).at(-1);

/**
 * Types whose objects have no single attribute as their name: the parts of the name and the text between them. If a
 * part is unknown, {@link NAMES} applies.
 */
const NAMES_OF_TYPES: Readonly<
  Record<string, { readonly between: string; parts(values: Values): readonly unknown[] }>
> = {
  aws_cloudwatch_event_target: { between: " to ", parts: ({ rule, target_id: target }) => [rule, target] },
  aws_iam_role_policy: { between: ": ", parts: ({ role, name }) => (role === name ? [role] : [role, name]) },
  aws_iam_role_policy_attachment: {
    between: ": ",
    parts: ({ role, policy_arn: policy }) => [role, lastOf(policy)],
  },
  aws_kms_key: {
    between: "",
    parts: ({ description }) => [isKnown(description) && `"${String(description)}"`],
  },
  aws_lambda_permission: {
    between: " for ",
    parts: ({ function_name: name, statement_id: id }) => [name, id],
  },
  aws_organizations_policy_attachment: {
    between: " to ",
    parts: ({ policy_id: policy, target_id: target }) => [policy, target],
  },
  aws_ssm_association: { between: "", parts: ({ association_name: name }) => [name] },
  aws_sns_topic_policy: { between: "", parts: ({ arn }) => [lastOf(arn)] },
  aws_sns_topic_subscription: { between: " ", parts: ({ protocol, endpoint }) => [protocol, endpoint] },
  aws_sqs_queue_policy: { between: "", parts: ({ queue_url: url }) => [lastOf(url)] },
};

/** Attributes that name an object, the best first. */
const NAMES = [
  ...["name", "bucket", "function_name", "alarm_name", "configuration_name", "association_name"],
  ...["setting_id", "service_name", "log_group_name", "resource_arn", "topic_arn", "queue_url", "arn"],
] as const;

/** The name of an object in AWS, or its address if the plan does not contain the name. */
export function nameOf({ before, after, change }: Pick<Subject, "before" | "after" | "change">): string {
  const known = (values: Values | null) => {
    if (values === null) return undefined;
    const naming = NAMES_OF_TYPES[change.type];
    const parts = naming?.parts(values);
    if (parts?.every((part) => part && typeof part !== "symbol")) return parts.join(naming!.between);
    return NAMES.map((name) => values[name]).find((value) => isKnown(value) && value !== "");
  };
  return String(known(before) ?? known(after) ?? change.address);
}

/** The noun for the type of an object, and the object's name. @example "bucket session-audit-acme-111111111111-eu-central-1" */
export const called = (subject: Pick<Subject, "before" | "after" | "change">): string =>
  `${treatmentOf(subject.change.type).noun} ${nameOf(subject)}`;

/** A text with its first letter as a capital. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Account and region of a stack. */
export const placeOf = ({ stack: { account, region } }: Pick<Subject, "stack">): string =>
  `${account}, ${region}`;
