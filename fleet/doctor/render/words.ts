import { countsOf, type Diagnosis, type Verdict } from "../model";

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  fault: "fault",
  "not-looked-at": "not looked at",
  warning: "warning",
  ok: "ok",
};

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;

/** A diagnosis in one sentence. Nothing is called in force while something could not be looked at. */
export function sentence({ lines, stacks }: Diagnosis): string {
  const counts = countsOf(lines);
  const but =
    counts["not-looked-at"] > 0
      ? `, and ${plural(counts["not-looked-at"], "thing")} could not be looked at`
      : "";
  const warned = counts.warning > 0 ? `, with ${plural(counts.warning, "warning")}` : "";
  if (counts.fault > 0)
    return `${plural(counts.fault, "thing is", "things are")} not in force${but}${warned}.`;
  if (but !== "") return `No fault was found${but}${warned}.`;
  return `Everything that ${plural(stacks.length, "stack declares", "stacks declare")} is in force${warned}.`;
}
