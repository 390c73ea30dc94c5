import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JournalLine } from "../../fleet/deploy/journal";
import { readManifest } from "../../fleet/plan-folder";
import { expect } from "../commands";

/** What the journal of a plan folder says about its stacks. */
export interface Deployed {
  /** Stacks whose plans were applied, in the order of their ends. */
  readonly applied: readonly string[];
  /** Stacks whose apply failed, in the order of their ends. */
  readonly failed: readonly string[];
}

/** Reads what was applied and what failed out of the lines of a journal. */
export function deployedIn(journal: string): Deployed {
  const lines = journal
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JournalLine);
  const ended = (result: "applied" | "failed") =>
    lines.flatMap((line) => (line.event === "ended" && line.result === result ? [line.stack] : []));
  return { applied: ended("applied"), failed: ended("failed") };
}

/** The stacks of a plan folder that would change, in the order of deployment. */
export async function changingStacks(folder: string): Promise<string[]> {
  const { stacks } = await readManifest(folder);
  return stacks.filter(({ result }) => result === "changes").map(({ id }) => id);
}

/**
 * Checks the journal of a plan folder.
 * @throws UnexpectedOutcome unless exactly these stacks were applied, each once, and exactly these have failed
 */
export async function checkJournal(folder: string, expected: Deployed): Promise<void> {
  const deployed = deployedIn(await readFile(join(folder, "journal.ndjson"), "utf8"));
  for (const result of ["applied", "failed"] as const) {
    const [found, told] = [deployed[result], expected[result]].map((ids) => [...ids].sort().join(", "));
    expect(
      found === told,
      `the journal says ${result}: ${found || "nothing"}; expected: ${told || "nothing"}`,
    );
  }
}
