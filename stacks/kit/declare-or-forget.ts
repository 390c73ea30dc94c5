import { TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** What holds records, or what records are encrypted with, and how it is set up. */
const KEPT = /^aws_(s3_|kms_|cloudwatch_log_group$)/;

const forgotten = new WeakMap<TerraformStack, string[]>();

/**
 * Declares something that is protected, if it is wanted. If it is not, but may have been, Terraform is told to
 * forget it: `prevent_destroy` goes away together with the block that it stands in, and without this a change
 * of the map, such as from a key that is created to one that exists, would destroy the old key with all that
 * it encrypted. What is forgotten stays in AWS as it is. It is harmless for what was never there.
 * Terraform has had such `removed` blocks since 1.7, OpenTofu since 1.10.
 */
export function declareOrForget<T extends Construct>(
  scope: Construct,
  id: string,
  { wanted, protect }: { readonly wanted: boolean; readonly protect: boolean },
  declare: (scope: Construct, id: string) => T,
): T | null {
  if (wanted) return declare(scope, id);
  if (!protect) return null;
  // Declared to learn its addresses, and taken away again.
  const addresses = declare(scope, id)
    .node.findAll()
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node))
    .filter(({ terraformResourceType }) => KEPT.test(terraformResourceType))
    .map(({ terraformResourceType, friendlyUniqueId }) => `${terraformResourceType}.${friendlyUniqueId}`);
  scope.node.tryRemoveChild(id);
  forget(TerraformStack.of(scope), addresses);
  return null;
}

function forget(stack: TerraformStack, addresses: readonly string[]): void {
  const all = [...(forgotten.get(stack) ?? []), ...addresses];
  forgotten.set(stack, all);
  stack.addOverride(
    "removed",
    all.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}
