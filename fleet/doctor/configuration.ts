import type { StackKind } from "../../stacks/stack-graph";

/** A provider of a stack: how its account and region are reached. */
export interface Provider {
  readonly region: string;
  readonly accountId: string;
  /** Name of a profile; null: the provider names a role or takes the credentials of the environment. */
  readonly profile: string | null;
  readonly role: { readonly arn: string; readonly externalId: string | null } | null;
}

/** Attributes of a resource in Terraform's JSON. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A resource that a stack declares. */
export interface Declared {
  readonly id: string;
  readonly values: Attributes;
  readonly provider: Provider;
}

interface ConfigurationJson {
  readonly provider: { readonly aws: readonly Attributes[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

/** Which stack a configuration is of. */
export interface StackIdentity {
  readonly id: string;
  readonly kind: StackKind;
  /** Name of the account in the map. */
  readonly account: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * The Terraform configuration of a stack: what should be in force. Doctor compares AWS with the same file that Terraform
 * applies, so that it needs no second description of a stack.
 * @example new StackConfiguration(stack, JSON.parse(text)).all("aws_sqs_queue").map(({ values }) => values["name"]);
 */
export class StackConfiguration {
  /** The provider without an alias. */
  readonly provider: Provider;
  private readonly providers: ReadonlyMap<string, Provider>;

  constructor(
    readonly stack: StackIdentity,
    private readonly json: ConfigurationJson,
  ) {
    const all = json.provider.aws.map((one) => [String(one["alias"] ?? ""), providerOf(one)] as const);
    this.providers = new Map(all);
    this.provider = this.providers.get("")!;
  }

  /** The resources of a type. */
  all(type: string): Declared[] {
    return Object.entries(this.json.resource?.[type] ?? {}).map(([id, values]) => this.declared(id, values));
  }

  /**
   * The resource that a reference names, like `${aws_sns_topic.Topic.arn}`; undefined: the value is no reference, or the
   * stack declares no such resource.
   */
  behind(reference: unknown): (Declared & { readonly type: string }) | undefined {
    const [, type = "", id = ""] = /^\$\{([a-z0-9_]+)\.([^.}]+)\.[a-z_]+\}$/.exec(String(reference)) ?? [];
    const values = this.json.resource?.[type]?.[id];
    return values && { type, ...this.declared(id, values) };
  }

  /**
   * The alias of a key that an attribute refers to, or its ARN where the map names an existing key; null: the attribute
   * names no key.
   */
  keyNamedBy(value: unknown): string | null {
    if (typeof value !== "string" || value === "") return null;
    const key = this.behind(value);
    if (key === undefined) return value;
    const alias = this.all("aws_kms_alias").find(
      ({ values }) => this.behind(values["target_key_id"])?.id === key.id,
    );
    return alias === undefined ? null : text(alias.values["name"]);
  }

  private declared(id: string, values: Attributes): Declared {
    const alias = /^aws\.(.+)$/.exec(text(values["provider"]))?.[1] ?? "";
    return { id, values, provider: this.providers.get(alias) ?? this.provider };
  }
}

function providerOf(block: Attributes): Provider {
  const [assume] = list(block["assume_role"]) as Attributes[];
  const [accountId] = list(block["allowed_account_ids"]);
  return {
    region: text(block["region"]),
    accountId: text(accountId),
    profile: text(block["profile"]) || null,
    role: assume ? { arn: text(assume["role_arn"]), externalId: text(assume["external_id"]) || null } : null,
  };
}

/** A value as a list: Terraform's JSON has a block as an object or as a list of objects. */
export const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];

/** A block that occurs at most once; undefined: it does not occur. */
export const block = (value: unknown): Attributes | undefined => list(value)[0] as Attributes | undefined;

/** A text as AWS gets it: Terraform evaluates nothing in `$${` and `%%{`. */
export const text = (value: unknown): string =>
  typeof value === "string" ? value.replaceAll("$${", "${").replaceAll("%%{", "%{") : "";
