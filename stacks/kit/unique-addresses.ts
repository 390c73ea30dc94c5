import { TerraformResource, type TerraformStack } from "cdktf";
import type { IValidation } from "constructs";

/**
 * A validation that fails if two resources of a stack have the same address. Observed in cdktf 0.21: it removes the
 * characters that a Terraform name cannot have, so that the ids `log.alerts` and `logalerts` give one address, and the
 * second resource silently replaces the first.
 * @example this.node.addValidation(uniqueAddresses(this))
 */
export const uniqueAddresses = (stack: TerraformStack): IValidation => ({
  validate: () => {
    const seen = new Map<string, string>();
    return stack.node
      .findAll()
      .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node))
      .flatMap((resource) => {
        const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
        const first = seen.get(address);
        seen.set(address, resource.node.path);
        return first === undefined ? [] : [`${first} and ${resource.node.path} share the address ${address}`];
      });
  },
});
