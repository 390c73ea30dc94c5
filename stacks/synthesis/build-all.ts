import { noteRead, recordingReads } from "../../accounts/model/once-per";
import type { Organization } from "../../accounts/model/organization";
import { declaredStacks } from "../stack-graph";
import { stackBuilder } from "./build";
import { writerIn } from "./folder";
import { directoryOf } from "./manifest";
import { observed, PARTS, sha256, summarized } from "./observed";
import type { Written } from "./record";

/** A function that builds a stack and writes its files where they wait. */
export type WriteStack = (index: number) => Written;

/**
 * Prepares the building of stacks in this process or in a worker.
 * @param staging absolute path of the directory where files wait
 * @returns a function of the place of a stack in `declaredStacks`. It throws what building the stack throws.
 */
export function stackWriter(organization: Organization, staging: string): WriteStack {
  const seen = observed(organization);
  const stacks = declaredStacks(seen.organization);
  const build = stackBuilder(seen.organization, staging);
  const write = writerIn(staging);
  return (index) => {
    const stack = stacks[index]!;
    const { value, reads } = recordingReads(() => {
      noteRead(PARTS);
      seen.noteItem(stack.subject);
      // The other kinds are made from an item of a list, which notes its reads by itself.
      if (stack.kind === "central" || stack.kind === "guardrails" || stack.kind === "pipeline")
        noteRead(stack.kind);
      return build(stack);
    });
    const files: Record<string, string> = {};
    for (const [name, content] of value) {
      const path = `${directoryOf(stack.id)}/${name}`;
      write(path, content);
      files[path] = sha256(content);
    }
    const names = summarized(reads);
    return { files, reads: Object.fromEntries(names.map((name) => [name, seen.digestOf(name)])) };
  };
}
