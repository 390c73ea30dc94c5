/** An IAM policy of any kind: identity, resource, boundary, service control. Kept loose: the simulator validates it. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: unknown;
}

/** One statement, as far as the emulator looks into it. */
export type PolicyStatement = Readonly<Record<string, unknown>>;

/** The statements of a policy; IAM accepts one object where a list is meant. */
export function statementsOf(policy: PolicyDocument): readonly PolicyStatement[] {
  return (Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]) as PolicyStatement[];
}

/** The same policy with every statement replaced by `change(statement)`. The original stays untouched. */
export function mapStatements(
  policy: PolicyDocument,
  change: (statement: PolicyStatement) => PolicyStatement,
): PolicyDocument {
  return { ...policy, Statement: statementsOf(policy).map(change) };
}

/** IAM's `*` and `?` wildcards over a whole text. Actions compare without case, everything else with it. */
export function wildcardMatches(pattern: string, text: string, flags: "" | "i" = ""): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, `s${flags}`).test(text);
}

/** A value that IAM accepts alone or in a list, as a list. */
export function listOf(value: unknown): readonly string[] {
  return value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as string[]);
}
