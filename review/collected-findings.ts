import { SEVERITIES, type Finding } from "./model";
import type { FoundAt } from "./findings";
import { shown, type Template } from "./placeholders";

/** Collects the findings of stacks, and tells which are the same. */
export interface CollectedFindings {
  /** @param template puts placeholders in place of the names of the stack */
  add(stack: string, template: Template, found: readonly FoundAt[]): void;
  /** The worst first, and of those the most frequent first. */
  findings(): Finding[];
}

type Text = Omit<Finding, "places">;

/** A collection without findings. Findings that differ in nothing but names are one, with several places. */
export function newFindings(): CollectedFindings {
  const byText = new Map<string, { readonly text: Text; readonly places: Finding["places"][number][] }>();
  return {
    add(stack, template, found) {
      for (const { rule, severity, title, titleOfAll = title, detail, remedy, address } of found) {
        const text = template(JSON.stringify({ rule, severity, title: titleOfAll, detail, remedy }));
        let entry = byText.get(text);
        if (entry === undefined)
          byText.set(text, (entry = { text: JSON.parse(shown(text)) as Text, places: [] }));
        entry.places.push({ stack, address: address && shown(address), title: shown(title) });
      }
    },
    findings: () =>
      [...byText.values()]
        .map(({ text, places }) => ({ ...text, places }))
        .sort(
          (one, other) =>
            SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
            other.places.length - one.places.length,
        ),
  };
}
