/** An IAM policy document, of any kind: identity, key, bucket, topic, queue, service control. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

export type Principal =
  "*" | { readonly AWS: string | readonly string[] } | { readonly Service: string | readonly string[] };

/** One statement: one intent, which its Sid states. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Principal;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  /** Left out in a trust policy, whose resource is the role. */
  readonly Resource?: string | readonly string[];
  /** All but these: a service control policy that refuses. */
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy of the statements that are wanted: `false` and `null` leave one out. */
export function policy(...statements: readonly (Statement | false | null)[]): Policy {
  return {
    Version: "2012-10-17",
    Statement: statements.filter((statement) => statement !== false && statement !== null),
  };
}

/** Each value once, in the order of first appearance. */
export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
