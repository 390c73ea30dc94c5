import { TerraformElement, TerraformOutput, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { isPlain, terraformJson } from "./terraform-json";

type Tree = Record<string, unknown>;

/**
 * The content of a stack's `cdk.tf.json`: the same bytes as `prepareStack` and `synthesizer` of cdktf give.
 *
 * This replaces two passes of cdktf. `prepareStack` looks for references to other stacks, which the stacks never have
 * (they compute ARNs and names instead), and adds a backend if there is none, which every `BaseStack` has.
 * `toTerraform` resolves every element, and then the whole again. `__tests__/stacks/same-bytes.test.ts` holds that no
 * stack refers to another, and that the bytes are those of cdktf.
 * @throws whatever cdktf throws for an element or a token
 * @see https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/terraform-stack.ts
 */
export function configurationOf(stack: TerraformStack): string {
  // cdktf has no other way to read what `addOverride` has set.
  const overrides = stack["rawOverrides"] as Readonly<Tree>;
  const metadata: Tree = {
    version: stack.node.getContext("cdktfVersion") as unknown,
    stackName: stack.node.id,
    backend: "local",
    ...(Object.keys(overrides).length > 0 && { overrides: { stack: Object.keys(overrides) } }),
  };
  const outputs: Tree = {};
  const configuration: Tree = { "//": { metadata, outputs } };
  for (const element of elementsOf(stack)) {
    mergeInto(metadata, element.toMetadata() as Tree);
    if (TerraformOutput.isTerraformOutput(element)) addOutput(outputs, element);
    mergeInto(configuration, element.toTerraform() as Tree);
  }
  mergeInto(configuration, overrides);
  return terraformJson(stack, configuration)!;
}

/** The elements of a stack in cdktf's order: an element comes before the elements in it. */
function elementsOf(node: IConstruct, into: TerraformElement[] = []): readonly TerraformElement[] {
  if (TerraformElement.isTerraformElement(node)) into.push(node);
  for (const child of node.node.children) elementsOf(child, into);
  return into;
}

/** Adds the name of an output at the path of its construct. */
function addOutput(outputs: Tree, output: TerraformOutput): void {
  const path = output.node.path.split("/");
  const last = path.pop()!;
  const scope = path.reduce((tree, part) => (tree[part] ??= {}) as Tree, outputs);
  scope[last] = output.friendlyUniqueId;
}

/**
 * Merges a tree into another one as cdktf does: objects are merged, lists are joined, everything else is replaced. A
 * branch that the target lacks becomes part of the target without a copy, because every element makes new objects for
 * each call. `undefined` is left out: an element says with it that it has no import, and that must not remove the
 * imports of another element.
 */
function mergeInto(target: Tree, source: Readonly<Tree>): void {
  for (const key of Object.keys(source)) {
    const [before, value] = [target[key], source[key]];
    if (value === undefined) continue;
    if (Array.isArray(before) && Array.isArray(value)) target[key] = [...before, ...value] as unknown[];
    else if (isTree(before) && isTree(value)) mergeInto(before, value);
    else target[key] = value;
  }
}

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value) && isPlain(value);
