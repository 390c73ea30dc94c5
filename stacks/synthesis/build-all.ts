import { noteRead } from "../../accounts/model/once-per";
import type { Organization } from "../../accounts/model/organization";
import { declaredStacks } from "../stack-graph";
import { stackBuilder } from "./build";
import { writerIn } from "./folder";
import { directoryOf } from "./manifest";
import { observed, PARTS, sha256 } from "./observed";
import type { Written } from "./record";
import { withTwins } from "./twins";

/** A function that makes a stack and writes its files where they wait. */
export type WriteStack = (index: number) => Written;

/**
 * Prepares the making of stacks in this process or in a worker.
 * @param staging absolute path of the directory where files wait
 * @returns a function of the place of a stack in `declaredStacks`. It throws what building the stack throws.
 */
export function stackWriter(organization: Organization, staging: string): WriteStack {
  const seen = observed(organization);
  const stacks = declaredStacks(seen.organization);
  const build = stackBuilder(seen.organization, staging);
  const make = withTwins(seen, (stack) => {
    noteRead(PARTS);
    // The other kinds are made from a part of the organization, whose reads nothing notes.
    noteRead(seen.nameOf(stack.subject) ?? stack.kind);
    return build(stack);
  });
  const write = writerIn(staging);
  return (index) => {
    const stack = stacks[index]!;
    const { files, reads } = make(stack);
    const digests: Record<string, string> = {};
    for (const [name, content] of files) {
      const path = `${directoryOf(stack.id)}/${name}`;
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      write(path, bytes);
      digests[path] = sha256(bytes);
    }
    return { files: digests, reads: Object.fromEntries(reads.map((name) => [name, seen.digestOf(name)])) };
  };
}
