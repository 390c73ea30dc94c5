import { noteRead } from "../../accounts/model/once-per";
import type { Organization } from "../../accounts/model/organization";
import { sha256Of } from "../../files/checksum";
import { declaredStacks, type DeclaredStack } from "../stack-graph";
import { stackBuilder, type StackFiles } from "./build";
import { writerIn } from "./folder";
import { directoryOf } from "./manifest";
import { observed, type Observed } from "./observed";
import { PARTS } from "./reads";
import type { Written } from "./record";
import { withTwins } from "./twins";

/** A function that builds a stack and notes that the parts of the organization and the stack's own part were read. */
export const notingBuild =
  (seen: Observed, build: (stack: DeclaredStack) => StackFiles) =>
  (stack: DeclaredStack): StackFiles => {
    noteRead(PARTS);
    // The subjects of these kinds are parts of the organization (`central`, `guardrails`, `pipeline`), whose properties
    // are not observed. The whole part counts as read. A kind must therefore have the name of its part.
    noteRead(seen.nameOf(stack.subject) ?? stack.kind);
    return build(stack);
  };

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
  const make = withTwins(seen, notingBuild(seen, stackBuilder(seen.organization, staging)));
  const write = writerIn(staging);
  return (index) => {
    const stack = stacks[index]!;
    const { files, reads } = make(stack);
    const digests: Record<string, string> = {};
    for (const [name, content] of files) {
      const path = `${directoryOf(stack.id)}/${name}`;
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      write(path, bytes);
      digests[path] = sha256Of(bytes);
    }
    return { files: digests, reads: Object.fromEntries(reads.map((name) => [name, seen.digestOf(name)])) };
  };
}
