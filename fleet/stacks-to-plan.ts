import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import type { ChildSignals } from "../processes/child-process";
import { UserError } from "../processes/user-error";
import type { StackRef } from "../stacks/stack-graph";
import { changedSince } from "./changed-since";
import { PROJECT, type Selected } from "./options";

/** The options of a plan that leave selected stacks out. */
export interface ChangeOptions {
  /** A commit, branch or tag. */
  readonly changedSince?: string;
  /** Path of a file with the {@link Difference} that another machine has found. */
  readonly difference?: string;
}

/** Which of the selected stacks differ from those of a commit. All parts of a plan share it. */
export const difference = z.strictObject({
  since: z.strictObject({ ref: z.string(), commit: z.string() }),
  /** Ids of the selected stacks to plan. */
  changed: z.array(z.string()),
  /** Ids of the other selected stacks. */
  unchanged: z.array(z.string()),
});

export type Difference = z.infer<typeof difference>;

/** The stacks that a plan has. */
export interface StacksToPlan {
  readonly stacks: readonly StackRef[];
  /** Why the others are left out; null: every selected stack is planned. */
  readonly difference: Difference | null;
}

/** What {@link stacksToPlan} needs. */
export interface StacksToPlanProps extends ChildSignals {
  readonly env: NodeJS.ProcessEnv;
  /** The directory in which the program was started. */
  readonly cwd: string;
  /** Receives what takes long, and what is gone from the map. */
  readonly note: (text: string) => void;
}

/**
 * Chooses the stacks to plan: all that are selected, or those whose configuration differs from that at a commit.
 * @throws UserError if there is no such commit, or if the file of a difference is not about the selected stacks
 */
export async function stacksToPlan(
  { stacks, map }: Pick<Selected, "stacks" | "map">,
  options: ChangeOptions,
  { env, cwd, note, ...signals }: StacksToPlanProps,
): Promise<StacksToPlan> {
  const { changedSince: ref, difference: file } = options;
  if (file !== undefined) {
    if (ref !== undefined) {
      throw new UserError({
        what: "--changed-since and --difference: each of them says which stacks to plan.",
        remedy: "Leave one of them out.",
      });
    }
    const read = await readDifference(resolve(cwd, file), file, stacks);
    return { difference: read, stacks: stacks.filter(({ id }) => read.changed.includes(id)) };
  }
  if (ref === undefined) return { stacks, difference: null };
  const found = await changedSince({ project: PROJECT, ref, map, env, note, ...signals });
  if (found === null) return { stacks, difference: null };
  if (found.gone.length > 0) note(`Taken out of the map since ${ref}: ${found.gone.join(", ")}.`);
  const idsOf = (isChanged: boolean) =>
    stacks.flatMap(({ id }) => (found.changed(id) === isChanged ? [id] : []));
  return {
    stacks: stacks.filter(({ id }) => found.changed(id)),
    difference: { since: { ref, commit: found.commit }, changed: idsOf(true), unchanged: idsOf(false) },
  };
}

async function readDifference(path: string, named: string, stacks: readonly StackRef[]): Promise<Difference> {
  const parsed = difference.safeParse(
    await readFile(path, "utf8").then(
      (text) => JSON.parse(text) as unknown,
      () => null,
    ),
  );
  const remedy = "Only workers of session-audit distribute need this option. Use --changed-since <ref>.";
  if (!parsed.success) {
    throw new UserError({
      what: `--difference ${named} is not a difference between two commits.`,
      allowed: "a file of session-audit distribute plan --changed-since",
      remedy,
    });
  }
  const inFile = [...parsed.data.changed, ...parsed.data.unchanged].sort();
  const chosen = stacks.map(({ id }) => id).sort();
  if (inFile.join() !== chosen.join()) {
    throw new UserError({
      what: `--difference ${named}: it is about other stacks than those that are selected.`,
      found: `${inFile.length} stacks in the file, ${chosen.length} selected`,
      allowed: "the stacks of the same map at the same commit, selected by the same options",
      remedy,
    });
  }
  return parsed.data;
}
