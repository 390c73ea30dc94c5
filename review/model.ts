/**
 * What a review consists of. `reviewOf` in `review.ts` makes it from plans, the files in `render/` show it, and
 * `review.schema.json` publishes its shape: the JSON output of `session-audit review` is a {@link Review}.
 */
import type { Json, PlanJson } from "./plan-json";

/** One stack of a plan folder, as the review gets it. */
export interface PlannedStack {
  /** Id of the stack, like `session-payments-us-east-1`. */
  readonly id: string;
  /** Kind of the stack, like `session`. */
  readonly kind: string;
  /** Name of the account in the map. */
  readonly account: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** null: the stack belongs to every wave, or comes after the last one. */
  readonly wave: string | null;
  /** null: no plan was made, because Terraform failed. */
  readonly plan: PlanJson | null;
  /** Terraform's own message, if there is no plan. */
  readonly failure?: string;
}

/** From the worst to what only informs. */
export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What happens to one object. `deferred` is planned in a later run. */
export type ChangeKind =
  "create" | "update" | "replace" | "delete" | "import" | "move" | "forget" | "read" | "deferred";

/** A value as it may be shown. A sensitive value is never in a review. */
export type Shown =
  | { readonly is: "known"; readonly value: Json }
  | { readonly is: "unknown" }
  | { readonly is: "sensitive" }
  | { readonly is: "absent" };

/**
 * How the access that a policy grants changes.
 *
 * - `same`: every request has the same verdict. Proven.
 * - `narrower`: the policy permits nothing that it refused, which is proven, and may refuse what it permitted.
 * - `wider`: the policy permits what it refused, and refuses nothing that it permitted, which is proven.
 * - `other`: the policy permits what it refused, and may refuse what it permitted.
 * - `maybe-wider`: nobody can tell from the text whether the policy permits what it refused. Read it as wider.
 *
 * Another policy may still refuse or permit the same request. `wider`, `other` and `maybe-wider` need a person's approval.
 */
export type Direction = "wider" | "narrower" | "other" | "maybe-wider" | "same";

/** One part of a statement. */
export type Axis = "effect" | "principal" | "action" | "resource" | "condition";

/** The change of one part of a statement, with its values before and after. */
export interface AxisChange {
  readonly axis: Axis;
  /**
   * What the change of this part alone does to the access that the policy grants: inverted for Deny, complemented for
   * Not*. Other statements of the policy do not count here.
   */
  readonly direction: Direction;
  /**
   * One entry for each value. Values of `NotAction`, `NotResource` and `NotPrincipal` begin with `not `, and a condition is
   * one entry, like `StringEquals aws:PrincipalOrgID: o-a1b2c3d4e5`. Empty: the statement has no such part.
   */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Values of a part of a statement, as the policy writes them; or, with `allBut`, every value but these. */
export interface ValuesOf {
  readonly allBut: boolean;
  readonly values: readonly string[];
}

/** Requests whose verdict a change of a policy may flip. All parts must match at once. */
export interface Reach {
  /**
   * Effect of the statement that the requests belong to. Requests are gained by an `Allow` that is new and by a `Deny` that
   * is gone, and lost the other way round.
   */
  readonly effect: "Allow" | "Deny";
  /** false: nobody can tell from the text whether the verdict of any of these requests changes. */
  readonly certain: boolean;
  /**
   * ARNs, ids of accounts, or `*` for everybody. Others have their type in front, like `Service events.amazonaws.com`. null:
   * the statement names no principal, because its policy is attached to identities or accounts.
   */
  readonly principals: ValuesOf | null;
  readonly actions: ValuesOf;
  /** null: the statement names no resource, as in the trust policy of a role. */
  readonly resources: ValuesOf | null;
  /** Every condition of the statement. */
  readonly conditions: readonly {
    readonly operator: string;
    readonly key: string;
    readonly values: readonly string[];
  }[];
}

/** The change of one statement of a policy. */
export interface StatementChange {
  /** Sid, or `#<position>` of a statement without one. */
  readonly statement: string;
  readonly change: "added" | "removed" | "changed";
  /** What the change does to the access that the whole policy grants, other statements included. */
  readonly direction: Direction;
  /** The parts that differ. All parts of a statement that is added or removed. */
  readonly axes: readonly AxisChange[];
  /** Requests that are or may be permitted now and were refused. */
  readonly gains: readonly Reach[];
  /** Requests that are or may be refused now and were permitted. */
  readonly losses: readonly Reach[];
  /** In plain words: who can now do what, or no longer. One sentence each. `gains` and `losses` have all values. */
  readonly words: readonly string[];
}

/** The change of one policy document. */
export interface PolicyChange {
  readonly kind: "policy";
  /** The direction of all statements together. */
  readonly direction: Direction;
  readonly statements: readonly StatementChange[];
}

/** The change of a JSON document that is no policy, field by field: the Session document, an event pattern. */
export interface DocumentChange {
  readonly kind: "document";
  readonly fields: readonly { readonly path: string; readonly before: Shown; readonly after: Shown }[];
}

/** The change of one attribute of an object. */
export interface AttributeChange {
  /** Path within the object, like `retention_in_days` or `rule[0].expiration[0].days`. */
  readonly path: string;
  readonly before: Shown;
  readonly after: Shown;
  readonly forcesReplacement: boolean;
  /** Present if both values are JSON documents, which are compared by meaning. */
  readonly meaning?: PolicyChange | DocumentChange;
}

/** What happens to one object of one stack. */
export interface Change {
  readonly address: string;
  /** Terraform type, like `aws_s3_bucket`. */
  readonly type: string;
  readonly kind: ChangeKind;
  /** The former address of a moved object. */
  readonly previousAddress?: string;
  /** Id by which an object is imported. */
  readonly importId?: string;
  /** Order of a replacement. */
  readonly replacement?: "create-before-destroy" | "destroy-before-create";
  /** Why, in plain words: what forces a replacement, or why an object is deleted. */
  readonly reason?: string;
  /** Attributes that change, without noise. Empty for an object that is only moved or imported. */
  readonly attributes: readonly AttributeChange[];
}

/** A change that is the same in many stacks. */
export interface ChangeGroup {
  /** Sha256 of the change with placeholders, in hexadecimal digits. */
  readonly id: string;
  /** The change with `{account}`, `{accountId}`, `{region}` and `{id}` for generated ids in place of the values. */
  readonly change: Change;
  /** What a change or the end of such an object means, in one or two sentences. */
  readonly means?: string;
  /** Ids of the stacks that have exactly this change. */
  readonly stacks: readonly string[];
  /** How many stacks of the same kind are in the plan folder. */
  readonly of: number;
  /**
   * If more than half of the stacks of the kind have the change: the stacks of the kind with another change of the same
   * object, and those with none. "Same in 1,996 of 2,000; these 4 differ, and how". Otherwise empty.
   */
  readonly differing: readonly { readonly stack: string; readonly how: string }[];
}

/** One line that a person who approves must read. */
export interface Finding {
  /** Id of the rule, like `retention-shortened`. */
  readonly rule: string;
  readonly severity: Severity;
  /** One sentence in plain words, with placeholders where stacks differ. */
  readonly title: string;
  /** What is lost, who gains access, before and after. */
  readonly detail: string;
  /** What to do. */
  readonly remedy: string;
  /** Where: the stacks, each with the address of the object and the title with its own values. */
  readonly places: readonly {
    readonly stack: string;
    /** null: the finding is about the whole stack. */
    readonly address: string | null;
    readonly title: string;
  }[];
}

/** Numbers of changes. */
export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly import: number;
  readonly move: number;
  readonly forget: number;
}

/** One row of the table on top: a wave and an account. */
export interface SummaryRow extends Counts {
  readonly wave: string | null;
  readonly account: string;
  readonly accountId: string;
  readonly stacks: number;
  readonly changedStacks: number;
  readonly failedStacks: number;
}

/** The qualities of recording that a review follows, in the order in which it shows them. */
export const QUALITIES = [
  "recordedToS3",
  "recordedToCloudWatch",
  "refusedIfUnrecorded",
  "encryptedWithCustomerKey",
  "retention",
  "objectLock",
  "replication",
  "notified",
  "watchedForTampering",
  "guard",
  "guardrails",
] as const;
export type Quality = (typeof QUALITIES)[number];

/** Days that stand in a review for records that nothing deletes: 100 years. */
export const FOREVER_DAYS = 36_500;

/** One quality over all targets, before and after. */
export interface StrengthRow {
  readonly quality: Quality;
  /**
   * Targets that have the quality, or days of the shortest retention ({@link FOREVER_DAYS} if nothing is ever deleted).
   * null: no plan of the folder tells.
   */
  readonly before: number | null;
  readonly after: number | null;
  /** Number of targets that the plan folder covers; for `retention`, the unit is days instead. */
  readonly of: number;
  /** Ids of the stacks of the targets in which the quality gets weaker or stronger. */
  readonly weaker: readonly string[];
  readonly stronger: readonly string[];
  /** Ids of the stacks of targets that the plans say nothing about, for instance because their archive is not in the folder. */
  readonly unknown: readonly string[];
}

/** A call that CloudTrail has recorded. */
export interface CallSeen {
  /** CloudTrail's name of the call, like `PutRetentionPolicy`. */
  readonly event: string;
  /** Like `logs.amazonaws.com`. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who made the call, in words: "role operator, session alice". */
  readonly by: string;
  /** ARN of who made the call; null if CloudTrail has none. */
  readonly arn: string | null;
  /** IP address, or the name of an AWS service; null if CloudTrail has none. */
  readonly sourceIp: string | null;
  readonly eventId: string;
}

/** Who may have changed an object that has drifted, as CloudTrail tells it. */
export interface Authors {
  /** Id of the stack. */
  readonly stack: string;
  readonly address: string;
  /** Where CloudTrail was asked. */
  readonly accountId: string;
  readonly region: string;
  /** The newest calls of the last 90 days that name the object, the newest first. */
  readonly calls: readonly CallSeen[];
  /** One sentence on what nobody knows: no call was found, or CloudTrail has refused the question; null: nothing. */
  readonly unknown: string | null;
}

/** A review of a plan folder. */
export interface Review {
  readonly version: 1;
  /** What the plan folder's manifest says about its origin. */
  readonly origin: {
    /** Git commit, or null outside a repository. */
    readonly commit: string | null;
    readonly dirty: boolean;
    /** ISO 8601, UTC. */
    readonly plannedAt: string;
  };
  readonly stacks: readonly (Omit<PlannedStack, "plan"> & {
    readonly result: "changes" | "no changes" | "failed";
    readonly counts: Counts;
  })[];
  readonly totals: Counts;
  readonly summary: readonly SummaryRow[];
  readonly strength: readonly StrengthRow[];
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly groups: readonly ChangeGroup[];
  /** What somebody changed outside Terraform, in groups as well. Terraform reverts what `groups` repeats. */
  readonly drift: readonly ChangeGroup[];
  /** Warnings about the map from which the stacks were planned, open and accepted ones, in one paragraph each. */
  readonly mapWarnings: readonly string[];
  /** What the review does not see, in one sentence each. */
  readonly notCovered: readonly string[];
  /** Who made the changes, if `session-audit drift --who` has asked. */
  readonly who?: readonly Authors[];
}
