import type { StackView } from "./synth";

/** The Sids of all policies in a stack: in its resources, and in outputs with statements for others to add. */
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

/** The JSON document in an attribute; null: the text is no JSON, like the template of a message. */
function documentIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
