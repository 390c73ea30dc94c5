import { TerraformStack, type TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";

/** What must be true of an existing resource that Terraform does not manage. */
export interface Expectation {
  /** Terraform expression without `${}`, which is true if all is well. It refers to a data source, or to `self`. */
  readonly holds: string;
  /** Error message: the account, region and setting, what is wrong, and what to do. */
  readonly otherwise: string;
}

const condition = (expression: string) => `\${${expression}}`;
/**
 * A message as a string in Terraform's JSON syntax, where strings are templates.
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings
 */
const text = (message: string) => message.replaceAll("${", "$${").replaceAll("%{", "%%{");

/**
 * Postconditions that stop the plan if an expectation does not hold. They are for what would lose records or lock
 * everybody out, and belong in the `lifecycle` of the data source that they are about.
 * @see docs/decisions/0012-what-exists-is-looked-at.md
 * @example
 * stopUnless({ holds: 'self.key_state == "Enabled"', otherwise: `${label}: the key is disabled. Enable it.` })
 */
export const stopUnless = (...expectations: readonly Expectation[]): TerraformResourceLifecycle => ({
  postcondition: expectations.map(({ holds, otherwise }) => ({
    condition: condition(holds),
    errorMessage: text(otherwise),
  })),
});

/**
 * Warns in each plan and apply if an expectation does not hold, and stops nothing. It is a `check` block, for which
 * CDKTF has no construct.
 *
 * The data source that an expectation refers to is declared outside of the `check` block. Observed: Terraform plans to
 * read a data source inside the block again in each apply, so that no plan is ever empty.
 * @param id name of the `check` block in PascalCase, unique in the stack. Terraform shows it with the warning.
 * @see https://developer.hashicorp.com/terraform/language/checks
 * @see docs/decisions/0012-what-exists-is-looked-at.md
 * @example
 * warnUnless(this, "ExistingTopic", [{ holds: `${key} != ""`, otherwise: `${label}: the topic is not encrypted.` }])
 */
export function warnUnless(scope: Construct, id: string, expectations: readonly Expectation[]): void {
  if (expectations.length === 0) return;
  TerraformStack.of(scope).addOverride(`check.${id}`, {
    assert: expectations.map(({ holds, otherwise }) => ({
      condition: condition(holds),
      error_message: text(otherwise),
    })),
  });
}

/**
 * The address of a data source, for Terraform expressions outside of it.
 * @example addressOf(key) // "data.aws_kms_key.ExistingKey"
 */
export const addressOf = (data: {
  readonly terraformResourceType: string;
  readonly friendlyUniqueId: string;
}) => `data.${data.terraformResourceType}.${data.friendlyUniqueId}`;
