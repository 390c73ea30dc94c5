import type { TerraformStack } from "cdktf";

/** Files that Terraform reads beside `cdk.tf.json`, by the stack and by their name. */
const files = new WeakMap<TerraformStack, Map<string, Buffer>>();

/**
 * Adds a file that synthesis writes beside `cdk.tf.json`.
 * @param name name of the file, without a directory
 * @example addFile(stack, "guard.zip", guardCode().zip)
 */
export function addFile(stack: TerraformStack, name: string, content: Buffer): void {
  files.set(stack, new Map(files.get(stack)).set(name, content));
}

/** The files of a stack that {@link addFile} has added, by name. */
export const filesOf = (stack: TerraformStack): ReadonlyMap<string, Buffer> => files.get(stack) ?? new Map();
