import type { Policy, Statement } from "../../stacks/policies/policy";

/** The arguments of one resource, by name, as `cdk.tf.json` has them. */
export type Attributes = Readonly<Record<string, unknown>>;
/** The `resource` block of `cdk.tf.json`: arguments by the resource's type and then by its id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** One resource of a stack. */
export interface Resource {
  /** The resource's type, such as `aws_kms_key`. */
  readonly type: string;
  readonly id: string;
  /** The address within its stack: type and id with a dot between them. */
  readonly address: string;
  readonly attributes: Attributes;
}

/** The resources of one stack, as a static check reads them. */
export class Plan {
  constructor(private readonly resources: Resources) {}

  /** All resources of a type. */
  all(type: string): Resource[] {
    return Object.entries(this.resources[type] ?? {}).map(([id, attributes]) => ({
      type,
      id,
      address: `${type}.${id}`,
      attributes,
    }));
  }

  /** The resources of a type in which an attribute refers to the given resource. */
  referring(type: string, attribute: string, { address }: Resource): Resource[] {
    return this.all(type).filter(({ attributes }) =>
      JSON.stringify(attributes[attribute] ?? "").includes(`\${${address}.`),
    );
  }

  /** Whether any resource contains a text in one of the given attributes. */
  mentions(text: string, attributes: readonly string[]): boolean {
    return Object.values(this.resources)
      .flatMap((byId) => Object.values(byId))
      .some((found) => attributes.some((name) => JSON.stringify(found[name] ?? "").includes(text)));
  }
}

/** A stack made up for the test of a rule: one resource with the id `Subject` and, if needed, other resources. */
export interface Example {
  /** Attributes of the resource that the rule checks. It has the rule's first type. */
  readonly subject: Attributes;
  /** The other resources of the stack. */
  readonly beside?: Resources;
}

/** A widely used static check over resources of one or more types. */
export interface Rule {
  /**
   * The public id of the check. It is checkov's (`CKV_…`), or, if checkov has no such check, that of trivy (`AVD-…`),
   * cdk-nag (`AwsSolutions-…`) or AWS Security Hub (`S3.5`). No public tool has the checks called `DeadLetters.…`.
   */
  readonly id: string;
  /** Ids of the same check in other tools. */
  readonly also?: readonly string[];
  /** What the check asks of a resource, as the rest of a sentence that begins with the resource. */
  readonly says: string;
  /** The types of resource to which the rule applies. */
  readonly types: readonly string[];
  /** Whether a resource passes the check. */
  readonly holds: (resource: Resource, plan: Plan) => boolean;
  /** Examples that the rule must flag. They show that the rule is able to fail. */
  readonly bad: readonly Example[];
  /** An example that the rule must not flag. */
  readonly good: Example;
}

/** The stack of an example. */
export const planOf = ({ types }: Rule, { subject, beside = {} }: Example): Plan =>
  new Plan({ ...beside, [types[0]!]: { ...beside[types[0]!], Subject: subject } });

/** The resources of a stack that do not pass a rule. */
export const flagged = ({ types, holds }: Rule, plan: Plan): Resource[] =>
  types.flatMap((type) => plan.all(type)).filter((resource) => !holds(resource, plan));

/** A Terraform reference to an attribute of an example's subject. */
export const subjectOf = (type: string, attribute = "id"): string => `\${${type}.Subject.${attribute}}`;

/** The policy in an attribute, without the escapes `$${` and `%%{` by which Terraform keeps `${` and `%{` as text. */
export const policyIn = (attribute: unknown): Policy =>
  JSON.parse(String(attribute).replaceAll("$${", "${").replaceAll("%%{", "%{")) as Policy;

/** A value of a policy as a list: IAM accepts one element without the list around it. */
export const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** The statements with the effect Allow of the policy in an attribute. */
export const allowed = (attribute: unknown): Statement[] =>
  policyIn(attribute).Statement.filter(({ Effect }) => Effect === "Allow");

/** The AWS principals of a statement, `*` included. */
export const awsPrincipals = ({ Principal }: Statement): readonly string[] =>
  Principal === "*" ? ["*"] : typeof Principal === "object" && "AWS" in Principal ? list(Principal.AWS) : [];

/** Whether the principal of a statement is everybody. Conditions do not count here. */
export const isForEverybody = (statement: Statement): boolean => awsPrincipals(statement).includes("*");

/** Whether the policy in an attribute denies an action to everybody who calls it without TLS. */
export const refusesPlainHttp = (attribute: unknown, action: string): boolean =>
  policyIn(attribute).Statement.some(
    (statement) =>
      statement.Effect === "Deny" &&
      isForEverybody(statement) &&
      list(statement.Action).includes(action) &&
      statement.Condition?.["Bool"]?.["aws:SecureTransport"] === "false" &&
      Object.keys(statement.Condition).length === 1,
  );

/** The JSON of a policy with one statement, for an example. */
export const one = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
