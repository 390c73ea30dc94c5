import { TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** Types of the resources that hold records, of their settings, and of the keys that encrypt records. */
const KEPT = /^aws_(s3_|kms_|cloudwatch_log_group$)/;

/** Addresses that each stack forgets. */
const forgotten = new WeakMap<TerraformStack, string[]>();

/**
 * Declares a construct if it is wanted. If it is not wanted but protected, a `removed` block with `destroy = false`
 * makes Terraform forget the resources that an earlier version of the map may have declared. Forgotten resources stay
 * in AWS as they are, and the block does nothing for a resource that was never in the state.
 *
 * `prevent_destroy` alone does not help, because it is removed together with the block that contains it. If a map
 * changed from a created key to an existing one, Terraform would destroy the old key, and with it everything that the
 * key encrypted.
 * @param declare creates the construct under the scope and id; it is also called to learn the addresses to forget
 * @returns the construct; null if it is not wanted
 * @example
 * const key = declareOrForget(this, "Key", { wanted: mode === "customer-managed", protect }, (scope, id) =>
 *   new EncryptionKey(scope, id, props),
 * );
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
 * @see https://developer.hashicorp.com/terraform/language/state/remove
 */
export function declareOrForget<T extends Construct>(
  scope: Construct,
  id: string,
  { wanted, protect }: { readonly wanted: boolean; readonly protect: boolean },
  declare: (scope: Construct, id: string) => T,
): T | null {
  if (wanted) return declare(scope, id);
  if (!protect) return null;
  // The construct is declared to learn its addresses, and then removed again.
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
