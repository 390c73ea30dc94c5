import type { StackView } from "./synth";

/** The Sids of all policies in a stack: those of its resources, and those that its outputs tell others to add. */
export function sidsIn({ json: { resource = {}, output = {} } }: StackView): Set<string> {
  const found = new Set<string>();
  collect([resource, output], found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    if (value.startsWith("{")) collect(documentIn(value), found);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if ("Sid" in value) found.add(String(value.Sid));
  for (const inner of Object.values(value)) collect(inner, found);
}

/** A JSON document in an attribute; null: the text is none, such as the template of a message. */
function documentIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
