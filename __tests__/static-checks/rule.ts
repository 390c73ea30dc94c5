import type { Policy, Statement } from "../../stacks/policies/policy";

export type Attributes = Readonly<Record<string, unknown>>;
/** Resources as `cdk.tf.json` has them: by type, by id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly address: string;
  readonly attributes: Attributes;
}

/** The resources of one stack, as a static check sees them. */
export class Plan {
  constructor(private readonly resources: Resources) {}

  all(type: string): Resource[] {
    return Object.entries(this.resources[type] ?? {}).map(([id, attributes]) => ({
      type,
      id,
      address: `${type}.${id}`,
      attributes,
    }));
  }

  /** Resources of a type whose attribute refers to another resource. */
  referring(type: string, attribute: string, { address }: Resource): Resource[] {
    return this.all(type).filter(({ attributes }) =>
      JSON.stringify(attributes[attribute] ?? "").includes(`\${${address}.`),
    );
  }

  /** Whether any resource mentions a text in one of these attributes. */
  mentions(text: string, attributes: readonly string[]): boolean {
    return Object.values(this.resources)
      .flatMap((byId) => Object.values(byId))
      .some((found) => attributes.some((name) => JSON.stringify(found[name] ?? "").includes(text)));
  }
}

/** A resource called `Subject` that a rule judges, and what stands beside it. */
export interface Example {
  readonly subject: Attributes;
  readonly beside?: Resources;
}

/** A widely used static check over resources of one kind. */
export interface Rule {
  /**
   * Its public id: checkov's (CKV_…); where checkov has none, trivy's (AVD-…), cdk-nag's (AwsSolutions-…) or Security
   * Hub's; DeadLetters.… where nobody checks.
   */
  readonly id: string;
  /** The same check elsewhere. */
  readonly also?: readonly string[];
  readonly says: string;
  readonly types: readonly string[];
  readonly holds: (resource: Resource, plan: Plan) => boolean;
  /** Examples that it must flag, of its first type: what shows that it can. */
  readonly bad: readonly Example[];
  /** An example that it must not flag. */
  readonly good: Example;
}

/** The plan of an example. */
export const planOf = ({ types }: Rule, { subject, beside = {} }: Example): Plan =>
  new Plan({ ...beside, [types[0]!]: { ...beside[types[0]!], Subject: subject } });

/** Resources of a plan that a rule flags. */
export const flagged = ({ types, holds }: Rule, plan: Plan): Resource[] =>
  types.flatMap((type) => plan.all(type)).filter((resource) => !holds(resource, plan));

/** A reference to the subject of an example. */
export const subjectOf = (type: string, attribute = "id"): string => `\${${type}.Subject.${attribute}}`;

/** A policy document of an attribute, as AWS gets it. */
export const policyIn = (attribute: unknown): Policy =>
  JSON.parse(String(attribute).replaceAll("$${", "${").replaceAll("%%{", "%{")) as Policy;

export const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Statements of the policy in an attribute that allow something. */
export const allowed = (attribute: unknown): Statement[] =>
  policyIn(attribute).Statement.filter(({ Effect }) => Effect === "Allow");

/** Whether a statement is about everybody, whatever its conditions say. */
export const isForEverybody = ({ Principal }: Statement): boolean =>
  Principal === "*" ||
  (typeof Principal === "object" && "AWS" in Principal && list(Principal.AWS).includes("*"));

/** Conditions on who calls that leave a known few of "everybody". */
const NARROWING = ["aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:SourceArn"];

export const isNarrowed = ({ Condition = {} }: Statement): boolean =>
  ["StringEquals", "ArnEquals", "ArnLike"].some((operator) =>
    NARROWING.some((key) => Condition[operator]?.[key] !== undefined),
  );

/** Whether a policy refuses everybody who comes without TLS, in each of these actions. */
export const refusesPlainHttp = (attribute: unknown, action: string): boolean =>
  policyIn(attribute).Statement.some(
    (statement) =>
      statement.Effect === "Deny" &&
      isForEverybody(statement) &&
      list(statement.Action).includes(action) &&
      statement.Condition?.["Bool"]?.["aws:SecureTransport"] === "false" &&
      Object.keys(statement.Condition).length === 1,
  );

/** A policy of one statement, for an example. */
export const one = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
