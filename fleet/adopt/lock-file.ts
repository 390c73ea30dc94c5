/** How Terraform reaches the bucket of the states. */
export interface LockProps {
  /** ARN of the bucket. */
  readonly bucketArn: string;
  /** Key of a state, like `session-audit/account-payments.tfstate`. */
  readonly stateKey: string;
  /** ARN of the identity that Terraform has. */
  readonly principal: string;
  /** Account of that identity. */
  readonly accountId: string;
  /** Whether the bucket belongs to that account. If not, the policy must allow the calls. */
  readonly isOwn: boolean;
}

/** What a bucket policy does to the lock file of a state. Empty lists: it takes the lock file. */
export interface LockVerdict {
  /** Actions that the policy refuses, or does not allow although the bucket is another account's. */
  readonly refused: readonly string[];
  /** Actions that the policy refuses under conditions that nobody can judge from the text. */
  readonly unclear: readonly string[];
}

/**
 * What Terraform does with a lock file.
 * @see https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
 */
const ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] as const;

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Whether something matches. `maybe`: a condition decides that nobody can judge here. */
type Match = "yes" | "no" | "maybe";

/**
 * Whether a bucket policy takes the lock file of a state, `<key>.tflock`, from the identity that Terraform has. It judges
 * the bucket policy alone, not the policies of the identity.
 * @param policy JSON of the bucket policy; null: the bucket has none
 * @throws SyntaxError if the policy is no JSON, which S3 accepts from nobody
 */
export function lockVerdict(policy: string | null, props: LockProps): LockVerdict {
  const statements =
    policy === null ? [] : listOf<Statement>((JSON.parse(policy) as { Statement?: unknown }).Statement);
  const resource = `${props.bucketArn}/${props.stateKey}.tflock`;
  const of = (effect: string, action: string): Match[] =>
    statements
      .filter(({ Effect }) => Effect === effect)
      .map((statement) => matches(statement, action, resource, props));
  const verdicts = ACTIONS.map((action) => {
    const denied = of("Deny", action);
    if (denied.includes("yes")) return "refused";
    const allowed = props.isOwn ? ["yes"] : of("Allow", action);
    if (!allowed.includes("yes") && !allowed.includes("maybe")) return "refused";
    return denied.includes("maybe") || !allowed.includes("yes") ? "unclear" : "taken";
  });
  const actions = (wanted: string) => ACTIONS.filter((_, index) => verdicts[index] === wanted);
  return { refused: actions("refused"), unclear: actions("unclear") };
}

const listOf = <T = unknown>(value: unknown): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as T[]) : [value as T];

const texts = (value: unknown): readonly string[] => listOf(value).map(String);

function matches(statement: Statement, action: string, resource: string, props: LockProps): Match {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const named = (value: unknown, text: string, ignoreCase = false) =>
    texts(value).some((pattern) => globMatches(pattern, text, ignoreCase));
  if (!(NotAction === undefined ? named(Action, action, true) : !named(NotAction, action, true))) return "no";
  if (!(NotResource === undefined ? named(Resource, resource) : !named(NotResource, resource))) return "no";
  if (!principalMatches(statement, props)) return "no";
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      conditionHolds(operator, key, texts(values), factsOf(action, props)),
    ),
  );
  return conditions.includes("no") ? "no" : conditions.includes("maybe") ? "maybe" : "yes";
}

function globMatches(pattern: string, text: string, ignoreCase = false): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, ignoreCase ? "is" : "s").test(text);
}

function principalMatches({ Principal, NotPrincipal }: Statement, props: LockProps): boolean {
  const includes = (element: unknown): boolean => {
    const names =
      typeof element === "object" ? texts((element as { AWS?: unknown } | null)?.AWS) : texts(element);
    return names.some((name) => name === "*" || name === props.principal || isAccount(name, props.accountId));
  };
  return NotPrincipal === undefined ? includes(Principal) : !includes(NotPrincipal);
}

/** An account as a principal stands for all of its identities. */
const isAccount = (name: string, accountId: string): boolean =>
  name === accountId || new RegExp(`^arn:[a-z-]+:iam::${accountId}:root$`).test(name);

/** What is known of a call of Terraform, by the condition key in lower case; null: the call does not have the key. */
type Facts = Readonly<Record<string, string | null>>;

/**
 * What is known of Terraform's calls. Terraform and OpenTofu write a lock file with `If-None-Match: *`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
const factsOf = (action: string, { principal, accountId }: LockProps): Facts => ({
  "aws:securetransport": "true",
  // The AWS SDK for Go speaks TLS 1.2 at least.
  "s3:tlsversion": "1.2",
  "aws:principalarn": principal,
  "aws:principalaccount": accountId,
  "aws:principalisawsservice": "false",
  "s3:if-none-match": action === "s3:PutObject" ? "*" : null,
  "s3:if-match": null,
  ...(action === "s3:PutObject" && { "s3:objectcreationoperation": "true" }),
});

const OPERATOR = /^(?:For(?:Any|All)Values:)?(String|Arn|Bool|Numeric)(Not)?(\w*?)(?:IfExists)?$/;

function conditionHolds(operator: string, key: string, values: readonly string[], facts: Facts): Match {
  const known = facts[key.toLowerCase()];
  if (operator === "Null" && known !== undefined) {
    return values.some((value) => (value.toLowerCase() === "true") === (known === null)) ? "yes" : "no";
  }
  const [, type, negated, comparison = ""] = OPERATOR.exec(operator) ?? [];
  // ARNs are compared with wildcards, whatever the operator is called.
  const holds = COMPARISONS[type === "Arn" ? "Like" : comparison];
  if (known === undefined || type === undefined || holds === undefined) return "maybe";
  // A key that the call does not have matches no value, and matches every operator that is negated or ends in IfExists.
  if (known === null && operator.startsWith("For")) return "maybe";
  if (known === null) return negated !== undefined || operator.endsWith("IfExists") ? "yes" : "no";
  const any = values.some((value) => holds(known, value));
  return (negated === undefined ? any : !any) ? "yes" : "no";
}

const COMPARISONS: Readonly<Record<string, (known: string, value: string) => boolean>> = {
  // Of `Bool`, which has no comparison in its name.
  "": (known, value) => known === value.toLowerCase(),
  Equals: (known, value) => known === value,
  EqualsIgnoreCase: (known, value) => known.toLowerCase() === value.toLowerCase(),
  Like: (known, value) => globMatches(value, known),
  LessThan: (known, value) => Number(known) < Number(value),
  LessThanEquals: (known, value) => Number(known) <= Number(value),
  GreaterThan: (known, value) => Number(known) > Number(value),
  GreaterThanEquals: (known, value) => Number(known) >= Number(value),
};
