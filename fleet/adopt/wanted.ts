import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";

/** A resource as a synthesized stack has it, in Terraform's JSON syntax. */
type Resource = Readonly<Record<string, unknown>>;

/** The part of `cdk.tf.json` that is read here. */
export interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly import?: readonly { readonly id?: string }[];
}

/** What a stack would deploy, as far as it meets something that exists. */
export interface WantedStack {
  /** Content of the preferences document; null: the stack has none. */
  readonly preferences: string | null;
  /** Roles of the account that exist already, with the names of the managed policies that the stack attaches. */
  readonly attachments: ReadonlyMap<string, readonly string[]>;
  /** Number of resources by Terraform type, those of other providers than the stack's default one left out. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What a synthesized stack would deploy. */
export function wantedOf({ resource = {} }: Configuration): WantedStack {
  const of = (type: string): [string, Resource][] => Object.entries(resource[type] ?? {});
  const document = of("aws_ssm_document").find(([, { name }]) => name === PREFERENCES_DOCUMENT)?.[1];
  const policies = new Map(of("aws_iam_policy").map(([id, { name }]) => [id, String(name)]));
  const attachments = new Map<string, string[]>();
  for (const [, { role, policy_arn: policy }] of of("aws_iam_role_policy_attachment")) {
    // A role that the stack creates is a reference.
    if (typeof role !== "string" || role.startsWith("${")) continue;
    const id = /^\$\{aws_iam_policy\.([^.]+)\.arn\}$/.exec(String(policy))?.[1];
    const name = (id !== undefined && policies.get(id)) || (String(policy).split("/").at(-1) as string);
    attachments.set(role, [...(attachments.get(role) ?? []), name]);
  }
  const counts = Object.entries(resource).map(([type, all]) => [
    type,
    Object.values(all).filter(({ provider }) => provider === undefined).length,
  ]);
  return {
    preferences: document === undefined ? null : plain(String(document["content"])),
    attachments,
    counts: Object.fromEntries(counts) as Record<string, number>,
  };
}

/** A text without the escapes that keep Terraform from evaluating it. */
const plain = (text: string): string => text.replaceAll("$${", "${").replaceAll("%%{", "%{");
