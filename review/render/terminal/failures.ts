import { sameFailures } from "../../failures";
import type { Review } from "../../model";
import { clip, messageLines, visible } from "../visible";
import { plural } from "../words";
import type { Page } from "./page";

/** Longest line, and how many stacks with the same message are named. */
const [LIMIT, NAMES] = [400, 3] as const;

/** The stacks that Terraform could not plan, each message once. */
export function failuresPart(page: Page, { stacks }: Pick<Review, "stacks">): void {
  const failed = stacks.filter(({ result }) => result === "failed");
  if (failed.length > 0) page.heading("Not planned");
  for (const { message, stacks: same } of sameFailures(failed)) {
    const names = same.slice(0, NAMES).map(({ id }) => clip(visible(id), LIMIT));
    const left = same.length - NAMES;
    const more = left > 0 ? ` and ${left} more` : "";
    const note = same.length === 1 ? "" : `: the same in ${plural(same.length, "stack")}`;
    page.entry("", `${names.join(", ")}${more}${note}`, { indent: 2, formats: ["red"], whole: true });
    for (const line of messageLines(message)) page.entry("│ ", clip(line, LIMIT), { indent: 4 });
  }
}
