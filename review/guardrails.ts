import type { PolicyChange, StatementChange } from "./model";

/** The condition by which the guardrails know the regions that a map uses. */
const REGIONS = "aws:RequestedRegion";

/** Whether a service control policy forbids less, or nobody can tell. A further region in use does not count. */
export const isLoosened = ({ statements }: PolicyChange): boolean =>
  statements.some(
    (statement) => !["narrower", "same"].includes(statement.direction) && !concernsRegionsOnly(statement),
  );

function concernsRegionsOnly({ change, axes }: StatementChange): boolean {
  const differing = axes.filter(({ direction }) => direction !== "same");
  return (
    change === "changed" &&
    differing.length > 0 &&
    differing.every(
      ({ axis, before, after }) =>
        axis === "condition" &&
        [
          ...before.filter((entry) => !after.includes(entry)),
          ...after.filter((entry) => !before.includes(entry)),
        ].every((entry) => entry.includes(REGIONS)),
    )
  );
}
