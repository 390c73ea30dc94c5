import { UserError } from "../../processes/user-error";
import type { Manifest, PlannedStack } from "../plan-folder";
import { foreignFiles } from "../planned-files";

/** What would apply the plans. */
export interface Versions {
  /** Version of session-audit. */
  readonly program: string;
  readonly terraform: Manifest["terraform"];
  /** Version of the AWS provider. */
  readonly provider: string;
}

/**
 * Refuses a plan folder that cannot be applied as it was reviewed: a plan is missing or was changed, a stack has no
 * plan, or another version of a program would apply it. Terraform itself refuses only some of these.
 * @throws UserError that names both sides
 */
export async function refuseUnfit(folder: string, manifest: Manifest, now: Versions): Promise<void> {
  const product = ({ product, version }: Manifest["terraform"]) => `${product} ${version}`;
  const versions = [
    ["session-audit", manifest.program, now.program],
    ["Terraform", product(manifest.terraform), product(now.terraform)],
    ["the AWS provider", manifest.provider, now.provider],
  ] as const;
  const differing = versions.filter(([, planned, present]) => planned !== present);
  if (differing.length > 0) {
    throw new UserError({
      what: "the plans were made with other versions than those that would apply them.",
      found: differing
        .map(([name, planned, present]) => `${name}: planned with ${planned}, here is ${present}`)
        .join("\n"),
      remedy: "Use the versions of the plan, or plan again.",
    });
  }
  if (manifest.shard !== null) {
    throw new UserError({
      what: `${folder} is part ${manifest.shard.index} of ${manifest.shard.of} of a plan.`,
      remedy: "Put the parts together with: session-audit merge",
    });
  }
  const failed = manifest.stacks.filter(({ result }) => result === "failed").map(({ id }) => id);
  if (failed.length > 0) {
    throw new UserError({
      what: `there is no plan of ${failed.join(", ")}, because Terraform failed.`,
      remedy: "Correct what failed and plan again, or plan the other stacks alone.",
    });
  }
  const problems = await foreignFiles(folder, manifest.stacks);
  if (problems.length > 0) {
    throw new UserError({
      what: "the plan folder is not what was reviewed.",
      found: problems.join("\n"),
      remedy: "Plan again.",
    });
  }
}

/** A state as far as it identifies itself; null: there is no state. */
export type StateVersion = PlannedStack["state"];

/** The identity of a state that `terraform state pull` has printed. */
export function stateVersion(pulled: string): StateVersion {
  if (pulled.trim() === "") return null;
  const { lineage, serial } = JSON.parse(pulled) as { lineage: string; serial: number };
  return lineage === "" ? null : { lineage, serial };
}

/**
 * Why a plan must not be applied to the state that there is now, or null. Terraform would refuse a changed state, but it
 * applies a plan that only creates a second time when its state is gone.
 * @see https://github.com/hashicorp/terraform/issues/24078
 */
export function staleness(planned: StateVersion, now: StateVersion): string | null {
  const shown = (state: StateVersion) =>
    state === null ? "no state" : `serial ${state.serial} of lineage ${state.lineage}`;
  const same = planned?.lineage === now?.lineage && planned?.serial === now?.serial;
  return same ? null : `the plan was made on ${shown(planned)}, and now there is ${shown(now)}`;
}
