import type { PlannedStack } from "../model";
import type { Json } from "../plan-json";
import type { Found } from "./rule";

/** Findings about a whole plan. */

/** A finding with the id of its rule. */
export interface OfPlan extends Found {
  readonly rule: string;
}

/** Terraform's messages of errors, without what it printed before and without the frames that it draws around them. */
function errorsIn(failure: string): string {
  const lines = failure.split("\n").map((line) => line.replace(/^[│╷╵ ]+/, "").trimEnd());
  const start = lines.findIndex((line) => line.startsWith("Error:"));
  return lines
    .slice(Math.max(start, 0))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const firstLine = (text: string): string => text.split("\n")[0]!.replace(/^Error: /, "");

/** What is wrong with the plan of a stack as a whole: it failed, it is incomplete, or checks of it failed. */
export function findingsOfPlan({ id, plan, failure }: PlannedStack): OfPlan[] {
  if (plan === null) return [failed(id, failure ?? "Terraform has left no message.")];
  const found: OfPlan[] = [];
  if (plan.errored === true)
    found.push({
      ...failed(id, "Terraform has stopped with an error after a part of the plan."),
      detail: "The plan contains only a part of the changes.",
    });
  if (plan.complete === false && plan.errored !== true) {
    found.push({
      rule: "plan-incomplete",
      severity: "medium",
      title: `The plan of ${id} is not complete`,
      titleOfAll: "Plans are not complete",
      detail: "Terraform defers changes, or planned only a part of the stack (-target).",
      remedy: "Plan and review again after this apply.",
    });
  }
  return [...found, ...(plan.checks ?? []).flatMap(failedChecks)];
}

const failed = (id: string, failure: string): OfPlan => ({
  rule: "plan-failed",
  severity: "high",
  title: `The plan of ${id} has failed: ${firstLine(errorsIn(failure))}`,
  titleOfAll: `Plans have failed: ${firstLine(errorsIn(failure))}`,
  detail: "The whole message of Terraform is at the stacks that were not planned.",
  remedy: "Nobody knows what changes there. Correct what the message says, and plan again.",
});

/** The part of `checks` that a review reads. */
interface Check {
  readonly address?: { readonly to_display?: string };
  readonly status?: string;
  readonly instances?: readonly {
    readonly status?: string;
    readonly problems?: readonly { readonly message?: string }[];
  }[];
}

/** Checks warn, for instance of an existing bucket that is not versioned. */
function failedChecks(entry: Json): OfPlan[] {
  const check = entry as unknown as Check;
  if (check.status !== "fail") return [];
  const messages = (check.instances ?? []).flatMap(({ problems }) => problems ?? []);
  return messages.map(({ message }) => ({
    rule: "check-failed",
    severity: "medium",
    title: message ?? `${check.address?.to_display ?? "A check"} fails`,
    detail: `The check ${check.address?.to_display ?? ""} of the plan warns of it.`,
    remedy: "Do what the message says.",
  }));
}
