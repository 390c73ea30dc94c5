import { version } from "cdktf/package.json";
import type { DeclaredStack } from "../stack-graph";

/** Directory of a stack, relative to the output directory. */
export const directoryOf = (id: string): string => `stacks/${id}`;

/**
 * The content of `manifest.json`, in which cdktf's command line finds the stacks and the order of their deployment: the
 * same bytes as cdktf writes. A stack waits for those of its dependencies that are written as well.
 * @param stacks the written stacks, in the order of `declaredStacks`
 * @see https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/manifest.ts
 */
export function manifestOf(stacks: readonly Pick<DeclaredStack, "id" | "after">[]): string {
  const written = new Set(stacks.map(({ id }) => id));
  const entries = stacks
    .map(({ id, after }) => ({ id, dependencies: after.filter((before) => written.has(before)) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, dependencies }) => `    ${JSON.stringify(id)}: ${entry(id, dependencies)}`);
  const all = entries.length === 0 ? "{\n  }" : `{\n${entries.join(",\n")}\n  }`;
  return `{\n  "stacks": ${all},\n  "version": ${JSON.stringify(version)}\n}`;
}

/** cdktf writes empty lists on two lines. The stacks have no annotations, which are messages of constructs. */
function entry(id: string, dependencies: readonly string[]): string {
  const list = (items: readonly string[]) =>
    `[${items.map((item) => `\n        ${JSON.stringify(item)}`).join(",")}\n      ]`;
  const directory = directoryOf(id);
  const fields = {
    annotations: list([]),
    constructPath: JSON.stringify(id),
    dependencies: list(dependencies),
    name: JSON.stringify(id),
    stackMetadataPath: JSON.stringify(`${directory}/metadata.json`),
    synthesizedStackPath: JSON.stringify(`${directory}/cdk.tf.json`),
    workingDirectory: JSON.stringify(directory),
  };
  const lines = Object.entries(fields).map(([key, value]) => `      "${key}": ${value}`);
  return `{\n${lines.join(",\n")}\n    }`;
}
