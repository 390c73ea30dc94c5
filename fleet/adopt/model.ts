import type { Shown } from "../../review/model";
import type { Look } from "../aws-errors";

/** The preferences document of an account and region, as AWS has it. */
export interface FoundDocument {
  readonly latestVersion: string;
  readonly defaultVersion: string;
  /** Content of the latest version, which sessions use and Terraform reads. */
  readonly content: string;
  /** By key. AWS's own tags begin with `aws:`. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A trail that covers a region. */
export interface FoundTrail {
  readonly name: string;
  readonly isLogging: boolean;
  /** Whether it records management events that write, such as `StartSession`. */
  readonly recordsWrites: boolean;
}

/** What AWS says about one target. */
export interface TargetFacts {
  /** null: the document does not exist. */
  readonly document: Look<FoundDocument | null>;
  /** Trails that cover the region, those of other regions and of the organization included. */
  readonly trails: Look<readonly FoundTrail[]>;
  /** Number of trails whose home is the region. */
  readonly ownTrails: Look<number>;
  /** Number of SSM documents of the account in the region. */
  readonly documents: Look<number>;
  /** Number of rules of the default event bus. */
  readonly rules: Look<number>;
}

/** A role of an account to which the stacks attach policies. */
export interface FoundRole {
  /** Names of the managed policies that are attached; null: the role does not exist. */
  readonly attached: readonly string[] | null;
}

/** What IAM counts in an account, with the account's own quotas. */
export interface IamSummary {
  readonly roles: Usage;
  readonly policies: Usage;
  readonly instanceProfiles: Usage;
  readonly attachedPoliciesPerRole: number;
}

/** How much there is, and how much there may be. */
export interface Usage {
  readonly used: number;
  readonly quota: number;
}

/** What AWS says about one account. */
export interface AccountFacts {
  /** The account that the credentials belong to. */
  readonly caller: Look<string>;
  /** Whether AWS lets the account use a region, by region. A region that AWS does not list is absent. */
  readonly regions: Look<ReadonlyMap<string, boolean>>;
  /** By name. */
  readonly roles: ReadonlyMap<string, Look<FoundRole>>;
  readonly iam: Look<IamSummary>;
}

/** What AWS says about the bucket of the states. */
export interface StateFacts {
  /** null: the bucket does not exist. */
  readonly bucket: Look<FoundBucket | null>;
}

/** The bucket of the states. */
export interface FoundBucket {
  readonly isVersioned: Look<boolean>;
  /** The bucket policy as JSON; null: there is none. */
  readonly policy: Look<string | null>;
  /** Whether the bucket belongs to the account of the caller. */
  readonly isOwn: boolean;
  /** ARN of the identity, or of the role behind the session, with which Terraform reaches the bucket. */
  readonly principal: string;
  /** Account of that identity. */
  readonly accountId: string;
}

/** What a line is about. */
export const SUBJECTS = [
  ...(["credentials", "region", "preferences", "versions", "owner", "trail"] as const),
  ...(["roles", "state", "quotas"] as const),
] as const;
export type Subject = (typeof SUBJECTS)[number];

/**
 * What came of a check, the most urgent first. `to-do`: somebody has to act before the rollout. `not-looked-at`: AWS did not
 * answer, and the text says why. `note`: good to know. `ok`: nothing is in the way.
 */
export const VERDICTS = ["to-do", "not-looked-at", "note", "ok"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What came of one check. */
export interface Line {
  readonly subject: Subject;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly text: string;
  /** What to do, one sentence. */
  readonly remedy?: string;
}

/**
 * What a change of a field does to the recording: `other` exchanges one value for another, and only a person can tell;
 * `neutral` does nothing that a rule of the review knows.
 */
export type Effect = "weaker" | "stronger" | "other" | "neutral";

/** One field of the document that a deployment would change. */
export interface FieldChange {
  /** Path in the document, like `inputs.idleSessionTimeout`. */
  readonly path: string;
  readonly before: Shown;
  readonly after: Shown;
  readonly effect: Effect;
  /** What the change means, in the words of a review; null: the review has none. */
  readonly why: string | null;
}

/** What was found of one target. */
export interface TargetResult {
  readonly account: string;
  readonly accountId: string;
  readonly region: string;
  /** Id of its stack. */
  readonly stack: string;
  /** Whether the document exists; null: nobody could look. */
  readonly exists: boolean | null;
  /** null: it does not exist, or nobody could look. */
  readonly document: {
    /** SHA-256 of the latest version's content. */
    readonly sha256: string;
    readonly latestVersion: string;
    readonly defaultVersion: string;
    /** Who seems to keep the document. */
    readonly owner: string;
    /** Whether session-audit has written it, for the same organization. */
    readonly isOwn: boolean;
  } | null;
  /** Whether the map imports the document. */
  readonly adopt: boolean;
  /** Whether this content is the one that `--write` has noted last. */
  readonly seen: boolean;
  readonly changes: readonly FieldChange[];
  readonly lines: readonly Line[];
}

/** What was found of one account. */
export interface AccountResult {
  readonly account: string;
  readonly accountId: string;
  readonly lines: readonly Line[];
}

/** What `adopt` has found. */
export interface Adoption {
  readonly version: 1;
  readonly organization: string;
  /** ISO 8601, UTC. */
  readonly lookedAt: string;
  /** About what all stacks share: the bucket of the states. */
  readonly shared: readonly Line[];
  readonly accounts: readonly AccountResult[];
  readonly targets: readonly TargetResult[];
}

/** Every line of a result. */
export const allLines = ({ shared, accounts, targets }: Adoption): readonly Line[] => [
  ...shared,
  ...accounts.flatMap(({ lines }) => lines),
  ...targets.flatMap(({ lines }) => lines),
];
