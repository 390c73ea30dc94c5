import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import exampleMap from "../../accounts";
import type { AccountsMap } from "../../accounts/schema";
import { checkMap } from "../../stacks/read-organization";
import { addStacks } from "../../stacks/synth";

type Attributes = Record<string, unknown>;
interface SynthesizedStack {
  resource?: Record<string, Record<string, Attributes>>;
  provider: { aws: Attributes[] };
  terraform: { backend: Record<string, Attributes>; required_providers: { aws: Attributes } };
  output?: Record<string, { value: unknown }>;
  import?: { to: string; id: string }[];
}

/** A synthesized stack, asked by resource type. */
export class StackView {
  constructor(
    readonly id: string,
    readonly json: SynthesizedStack,
  ) {}

  /** Addresses of all resources, `type.id`, sorted. */
  get addresses(): string[] {
    return Object.entries(this.json.resource ?? {})
      .flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`))
      .sort();
  }

  /** Every resource of a type, by id. */
  all(type: string): Record<string, Attributes> {
    return this.json.resource?.[type] ?? {};
  }

  /** The one resource of a type, or the one whose id matches. @throws if there is none, or more than one */
  the(type: string, id?: RegExp): Attributes {
    const found = Object.entries(this.all(type)).filter(([key]) => id?.test(key) ?? true);
    if (found.length !== 1) {
      throw new Error(`${this.id} has ${found.length} ${type}${id ? ` matching ${id}` : ""}, not one`);
    }
    return found[0]![1];
  }

  /** A JSON attribute, decoded as Terraform would read it. */
  document<T = Record<string, never>>(type: string, attribute: string, id?: RegExp): T {
    return JSON.parse(
      String(this.the(type, id)[attribute]).replaceAll("$${", "${").replaceAll("%%{", "%{"),
    ) as T;
  }
}

/** Synthesizes a map as `main.ts` does: prepared, validated, every stack. */
export function synthesize(map: AccountsMap = exampleMap): Map<string, StackView> {
  const outdir = mkdtempSync(join(tmpdir(), "session-audit-synth-"));
  try {
    const app = new App({ outdir, context: { cdktfVersion: "0.21.0" } });
    addStacks(app, checkMap(map, "map"));
    const stacks = app.node.children.filter((child): child is TerraformStack => "toTerraform" in child);
    for (const stack of stacks) {
      stack.prepareStack();
      stack.runAllValidations();
    }
    return new Map(
      stacks.map((stack) => [
        stack.node.id,
        new StackView(stack.node.id, JSON.parse(JSON.stringify(stack.toTerraform())) as SynthesizedStack),
      ]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** One stack of a map. @throws if there is none of that id */
export function synthesizeOne(id: string, map?: AccountsMap): StackView {
  const stacks = synthesize(map);
  const stack = stacks.get(id);
  if (!stack) throw new Error(`no stack ${id}; there are ${[...stacks.keys()].join(", ")}`);
  return stack;
}

/** The example map with changes on top. */
export const exampleWith = (change: (map: AccountsMap) => void): AccountsMap => {
  const map = structuredClone(exampleMap);
  change(map);
  return map;
};
