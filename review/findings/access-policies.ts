import type { PolicyChange, Reach } from "../model";
import type { Subject } from "./rule";

/** What the rules about access read in a policy that changes. */

/** The policies that change in an object. */
export const policiesOf = ({ change }: Pick<Subject, "change">): readonly PolicyChange[] =>
  change.attributes.flatMap(({ meaning }) => (meaning?.kind === "policy" ? [meaning] : []));

/** What the comparison says of the statements that differ. */
export const wordsOf = ({ statements }: PolicyChange): string =>
  statements
    .filter(({ direction }) => direction !== "same")
    .flatMap((statement) => statement.words)
    .join(" ");

/** Whether what is gained is every action, all but some, or every action of a service on every resource. */
export const isSweeping = ({ actions, resources }: Reach): boolean =>
  actions.allBut ||
  actions.values.includes("*") ||
  (actions.values.some((action) => action.endsWith(":*")) &&
    resources !== null &&
    (resources.allBut || resources.values.includes("*")));
