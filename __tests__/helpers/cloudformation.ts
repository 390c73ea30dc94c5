import {
  IAMClient,
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { clientConfig } from "../../demo/people";
import type { Emulator } from "../../emulator";
import type { PolicyDocument } from "../../emulator/iam/policy-simulator";
import type { Template } from "../../fleet/bootstrap/templates";

/** A role as a template makes it in an account. */
export interface MadeRole {
  readonly name: string;
  readonly path: string;
  readonly trust: PolicyDocument;
  readonly inline: Readonly<Record<string, PolicyDocument>>;
  /** Managed policies that the template makes and attaches, by their logical ids. */
  readonly managed: Readonly<Record<string, PolicyDocument>>;
}

type Plain = Readonly<Record<string, unknown>>;

/** Resolves `Fn::Sub` with the id of the account, and `Ref` to logical ids. Throws at any other function. */
function resolved(value: unknown, accountId: string): unknown {
  if (Array.isArray(value)) return value.map((one) => resolved(one, accountId));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [key, argument] = entries[0] ?? [];
  if (entries.length === 1 && key === "Fn::Sub") {
    return String(argument)
      .split("${AWS::AccountId}")
      .map((part) => {
        if (/\$\{(?!!)/.test(part)) throw new Error(`unknown variable in ${part}`);
        return part.replaceAll("${!", "${");
      })
      .join(accountId);
  }
  if (entries.length === 1 && key === "Ref")
    return argument === "AWS::AccountId" ? accountId : { Ref: argument };
  if (key?.startsWith("Fn::")) throw new Error(`unknown function ${key}`);
  return Object.fromEntries(entries.map(([name, one]) => [name, resolved(one, accountId)]));
}

/**
 * The roles that CloudFormation would make of a template in an account. CloudFormation itself is not emulated: moto stores
 * inline policies of templates in a form that IAM would refuse.
 */
export function rolesOf(
  template: Template,
  accountId: string,
  parameters: Readonly<Record<string, string>> = {},
): MadeRole[] {
  const holds = (name: string | undefined): boolean => {
    if (name === undefined) return true;
    const { "Fn::Equals": sides } = template.Conditions![name] as { "Fn::Equals": unknown[] };
    const [left, right] = sides.map((side) => {
      const { Ref } = (typeof side === "object" ? side : {}) as { Ref?: string };
      return Ref === undefined ? side : (parameters[Ref] ?? resolved(side, accountId));
    });
    return left === right;
  };
  const present = Object.entries(template.Resources).filter(([, { Condition }]) => holds(Condition));
  const propertiesOf = (type: string) =>
    present
      .filter(([, { Type }]) => Type === type)
      .map(([id, { Properties }]) => [id, resolved(Properties, accountId) as Plain] as const);
  const policies = propertiesOf("AWS::IAM::ManagedPolicy");
  return propertiesOf("AWS::IAM::Role").map(([id, properties]) => ({
    name: String(properties["RoleName"]),
    path: String(properties["Path"] ?? "/"),
    trust: properties["AssumeRolePolicyDocument"] as PolicyDocument,
    inline: Object.fromEntries(
      ((properties["Policies"] ?? []) as { PolicyName: string; PolicyDocument: PolicyDocument }[]).map(
        (one) => [one.PolicyName, one.PolicyDocument],
      ),
    ),
    managed: Object.fromEntries(
      policies
        .filter(([, { Roles }]) => (Roles as { Ref: string }[]).some(({ Ref }) => Ref === id))
        .map(([name, { PolicyDocument: document }]) => [name, document as PolicyDocument]),
    ),
  }));
}

/** Makes roles in an account of the embedded AWS. @param trust in place of the roles' own trust policies */
export async function makeRoles(
  emulator: Emulator,
  accountId: string,
  roles: readonly MadeRole[],
  trust?: PolicyDocument,
): Promise<void> {
  const iam = new IAMClient(await clientConfig(emulator, accountId, "us-east-1"));
  for (const role of roles) {
    const RoleName = role.name;
    const AssumeRolePolicyDocument = JSON.stringify(trust ?? role.trust);
    await iam.send(new CreateRoleCommand({ RoleName, Path: role.path, AssumeRolePolicyDocument }));
    for (const [PolicyName, document] of Object.entries(role.inline)) {
      await iam.send(
        new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }),
      );
    }
    for (const [name, document] of Object.entries(role.managed)) {
      const { Policy } = await iam.send(
        new CreatePolicyCommand({
          PolicyName: `${RoleName}-${name}`,
          PolicyDocument: JSON.stringify(document),
        }),
      );
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }));
    }
  }
}
