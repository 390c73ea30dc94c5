import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformResource, type TerraformStack } from "cdktf";
import exampleMap from "../fixtures/example-map";
import type { AccountsMap } from "../../accounts/schema";
import { acceptedFindings, type AcceptedFinding } from "../../stacks/kit/accepted-findings";
import { checkMap } from "../../stacks/read-organization";
import { addStacks } from "../../stacks/synth";
import { withoutTokenTraces } from "../../stacks/kit/token-traces";

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
    /** Findings of static checks that are accepted, by address. */
    readonly accepted: Readonly<Record<string, readonly AcceptedFinding[]>> = {},
    /** Ids of the stacks that cdktf deploys before. */
    readonly waitsFor: readonly string[] = [],
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

/** The stacks of one map. */
interface Synthesized {
  readonly ids: readonly string[];
  /** One stack, prepared, validated and written as `main.ts` does. @throws if there is none of that id */
  view(id: string): StackView;
}

/** Every map is synthesized once in a test file, and so is each of its stacks. Nobody can change what others see. */
const appsByMap = new Map<string, Synthesized>();

function synthesizedStacks(map: AccountsMap): Synthesized {
  const key = JSON.stringify(map);
  const stacks = appsByMap.get(key) ?? synthesizeApp(map);
  appsByMap.set(key, stacks);
  return stacks;
}

function synthesizeApp(map: AccountsMap): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), "session-audit-synth-"));
  try {
    const app = withoutTokenTraces(() => {
      const made = new App({ outdir });
      addStacks(made, checkMap(map, "map"));
      return made;
    });
    const stacks = app.node.children.filter((child): child is TerraformStack => "toTerraform" in child);
    const ids = stacks.map(({ node }) => node.id);
    const views = new Map<string, StackView>();
    const view = (id: string): StackView => {
      const stack = stacks.find((candidate) => candidate.node.id === id);
      if (!stack) throw new Error(`no stack ${id}; there are ${ids.join(", ")}`);
      const written = views.get(id) ?? write(stack);
      views.set(id, written);
      return written;
    };
    return { ids, view };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const write = (stack: TerraformStack): StackView =>
  withoutTokenTraces(() => {
    stack.prepareStack();
    stack.runAllValidations();
    const json = JSON.parse(JSON.stringify(stack.toTerraform())) as SynthesizedStack;
    const waitsFor = stack.dependencies.map(({ node }) => node.id);
    return deepFreeze(new StackView(stack.node.id, json, acceptedIn(stack), waitsFor));
  });

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

const acceptedIn = (stack: TerraformStack) =>
  Object.fromEntries(
    stack.node
      .findAll()
      .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node))
      .map((node) => [`${node.terraformResourceType}.${node.friendlyUniqueId}`, acceptedFindings(node)]),
  );

/** Every stack of a map, by id. */
export function synthesize(map: AccountsMap = exampleMap): ReadonlyMap<string, StackView> {
  const { ids, view } = synthesizedStacks(map);
  return new Map(ids.map((id) => [id, view(id)]));
}

/** One stack of a map. @throws if there is none of that id */
export const synthesizeOne = (id: string, map: AccountsMap = exampleMap): StackView =>
  synthesizedStacks(map).view(id);

/** The example map with changes on top. */
export const exampleWith = (change: (map: AccountsMap) => void): AccountsMap => {
  const map = structuredClone(exampleMap);
  change(map);
  return map;
};
