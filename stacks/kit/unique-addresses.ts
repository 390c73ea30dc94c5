import { TerraformResource, type TerraformStack } from "cdktf";
import type { IValidation } from "constructs";

/**
 * No two resources of a stack may share an address. cdktf drops what it can't write in a name, so the ids
 * `log.alerts` and `logalerts` become one, and the second resource silently takes the place of the first.
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
