/** An IAM policy of any kind. The type is loose, because iam-simulate validates the content. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: unknown;
}

/** One statement of a policy. */
export type PolicyStatement = Readonly<Record<string, unknown>>;

/** The statements of a policy. IAM accepts a single object in place of a list. */
export function statementsOf(policy: PolicyDocument): readonly PolicyStatement[] {
  return (Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]) as PolicyStatement[];
}

/** A copy of the policy in which every statement is replaced by `change(statement)`. */
export function mapStatements(
  policy: PolicyDocument,
  change: (statement: PolicyStatement) => PolicyStatement,
): PolicyDocument {
  return { ...policy, Statement: statementsOf(policy).map(change) };
}

/**
 * Whether a text matches a pattern with IAM's wildcards `*` and `?`.
 * @param flags `i` for actions, which compare without case; everything else compares with case
 */
export function wildcardMatches(pattern: string, text: string, flags: "" | "i" = ""): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, `s${flags}`).test(text);
}

/** A list from a value that IAM accepts alone or in a list. Empty for undefined. */
export function listOf(value: unknown): readonly string[] {
  return value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as string[]);
}
