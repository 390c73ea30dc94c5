import type { Io } from "../../processes/program";
import { UserError } from "../../processes/user-error";
import type { Step } from "./rollout";

/** How the approval of waves is obtained. */
export interface ApprovalProps {
  readonly steps: readonly Step[];
  /** Waves that options have approved. */
  readonly approved: readonly string[];
  /** Waves that an earlier deployment of the plan folder has approved. */
  readonly approvedBefore: ReadonlySet<string>;
  /** Asks the person at the terminal; undefined: nobody can be asked. */
  readonly ask: Io["ask"];
}

const needing = ({ steps, approved, approvedBefore }: ApprovalProps): string[] =>
  steps
    .filter((step) => step.approve && step.stacks.some(({ result }) => result === "changes"))
    .map(({ name }) => name)
    .filter((name) => !approved.includes(name) && !approvedBefore.has(name));

/**
 * Refuses to begin if a wave needs an approval and nobody can be asked, before anything is deployed.
 * @throws UserError that names the waves
 */
export function refuseWithoutApproval(props: ApprovalProps): void {
  const missing = needing(props);
  if (missing.length === 0 || props.ask) return;
  throw new UserError({
    what: `the map demands an approval of ${missing.map((name) => `wave ${name}`).join(" and ")}.`,
    remedy: `Add ${missing.map((name) => `--approve ${name}`).join(" ")}, or stop before with --until <wave>.`,
  });
}

/** Asks for the approval of a step that needs one. @returns whether it is approved, and by whom; null: it needs none */
export async function approve(step: Step, props: ApprovalProps): Promise<{ by: string } | "refused" | null> {
  if (props.approved.includes(step.name)) return { by: "--approve" };
  if (!needing(props).includes(step.name)) return null;
  const changes = step.stacks.filter(({ result }) => result === "changes").length;
  const answer = await props.ask!(
    `Deploy wave ${step.name} (${changes} stacks with changes)? Only "yes" goes on: `,
  );
  return answer.trim() === "yes" ? { by: "terminal" } : "refused";
}
