/**
 * A policy document: of an identity, a role's trust, a bucket, key, topic, queue or endpoint, or a service control
 * policy.
 */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** The principals of a statement: everybody, accounts and roles by ARN, or AWS services. */
export type Principal =
  "*" | { readonly AWS: string | readonly string[] } | { readonly Service: string | readonly string[] };

/**
 * One statement of a policy. It has one intent, which its Sid states.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Principal;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  /** A trust policy has none: its resource is the role that it belongs to. */
  readonly Resource?: string | readonly string[];
  /** Every resource but these. Only statements that deny have it. */
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * Makes a policy of statements. `false` and `null` stand for a statement that the map leaves out.
 * @example policy(allowPut, protect && refuseDeletion(bucket))
 */
export function policy(...statements: readonly (Statement | false | null)[]): Policy {
  return {
    Version: "2012-10-17",
    Statement: statements.filter((statement) => statement !== false && statement !== null),
  };
}

/** The values without repetitions, in the order in which each appears first. */
export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
