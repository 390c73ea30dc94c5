import { TerraformStack, type TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";

/** What must hold of something that exists, and is somebody else's to manage. */
export interface Expectation {
  /** Terraform expression, without `${}`. It must refer to a data source, or say `self`. */
  readonly holds: string;
  /** Where, what is wrong, and what to do. */
  readonly otherwise: string;
}

const condition = (expression: string) => `\${${expression}}`;
/** Messages are templates too. */
const text = (message: string) => message.replaceAll("${", "$${").replaceAll("%{", "%%{");

/**
 * Stops the plan where an expectation does not hold: for what would lose records, or lock everybody out. For the
 * `lifecycle` of the data source that it is about.
 */
export const stopUnless = (...expectations: readonly Expectation[]): TerraformResourceLifecycle => ({
  postcondition: expectations.map(({ holds, otherwise }) => ({
    condition: condition(holds),
    errorMessage: text(otherwise),
  })),
});

/**
 * Warns in each plan and apply where an expectation does not hold, and stops nothing. cdktf has no construct for
 * `check` blocks.
 *
 * The data that a check looks at stands outside of it: Terraform plans to read what stands within again with each
 * apply, so that no plan of the stack would ever be without changes.
 * @param id PascalCase, of its own in the stack: Terraform shows it with the warning
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

/** The address of a data source, for expressions of others. */
export const addressOf = (data: {
  readonly terraformResourceType: string;
  readonly friendlyUniqueId: string;
}) => `data.${data.terraformResourceType}.${data.friendlyUniqueId}`;
