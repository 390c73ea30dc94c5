import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformResource, type TerraformStack } from "cdktf";
import exampleMap from "../fixtures/example-map";
import type { Organization } from "../../accounts/model/organization";
import type { AccountsMap } from "../../accounts/schema";
import { acceptedFindings, type AcceptedFinding } from "../../stacks/kit/accepted-findings";
import { checkMap } from "../../stacks/read-organization";
import { addStacks } from "../../stacks/synth";
import { withoutTokenTraces } from "../../stacks/kit/token-traces";

export { exampleWith } from "./example";

type Attributes = Record<string, unknown>;
interface SynthesizedStack {
  resource?: Record<string, Record<string, Attributes>>;
  provider: { aws: Attributes[] };
  terraform: { backend: Record<string, Attributes>; required_providers: { aws: Attributes } };
  output?: Record<string, { value: unknown }>;
  import?: { to: string; id: string }[];
}

/**
 * A synthesized stack, read by types of resources.
 * @example synthesizeOne("archive-eu-central-1").the("aws_s3_bucket", /^Transcripts/)
 */
export class StackView {
  constructor(
    readonly id: string,
    readonly json: SynthesizedStack,
    /** Accepted findings of static checks, by the address of the resource. */
    readonly accepted: Readonly<Record<string, readonly AcceptedFinding[]>> = {},
    /** Ids of the stacks that cdktf deploys before this one; none for a stack that was synthesized alone. */
    readonly waitsFor: readonly string[] = [],
  ) {}

  /** Addresses of all resources, `type.id`, sorted. */
  get addresses(): string[] {
    return Object.entries(this.json.resource ?? {})
      .flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`))
      .sort();
  }

  /** All resources of a type, by id. */
  all(type: string): Record<string, Attributes> {
    return this.json.resource?.[type] ?? {};
  }

  /** The only resource of a type, or the only one whose id matches. @throws Error if there are none or several */
  the(type: string, id?: RegExp): Attributes {
    const found = Object.entries(this.all(type)).filter(([key]) => id?.test(key) ?? true);
    if (found.length !== 1) {
      throw new Error(`${this.id} has ${found.length} ${type}${id ? ` matching ${id}` : ""}, not one`);
    }
    return found[0]![1];
  }

  /** The JSON document in an attribute, without the escapes that Terraform removes. @throws as `the` does */
  document<T = Record<string, never>>(type: string, attribute: string, id?: RegExp): T {
    return JSON.parse(
      String(this.the(type, id)[attribute]).replaceAll("$${", "${").replaceAll("%%{", "%{"),
    ) as T;
  }
}

/**
 * Synthesized stacks as JSON text, by map, which the test files of a worker process share. A test file of another
 * project has none to share.
 */
const kept =
  (globalThis as { keptSyntheses?: Map<string, string> }).keptSyntheses ?? new Map<string, string>();

/** What has been synthesized of a map. The views are frozen, because tests share them. */
class Synthesis {
  private readonly alone = new Map<string, StackView>();
  private whole: ReadonlyMap<string, StackView> | undefined;

  constructor(
    private readonly map: AccountsMap,
    private readonly key: string,
  ) {}

  all(): ReadonlyMap<string, StackView> {
    return (this.whole ??= this.views("", (app, organization) => addStacks(app, organization)));
  }

  one(id: string): StackView {
    if (this.whole === undefined && kept.has(this.key)) this.all();
    const view =
      this.whole?.get(id) ??
      this.alone.get(id) ??
      this.views(id, (app, organization) => addStacks(app, organization, new Set([id]))).get(id)!;
    this.alone.set(id, view);
    return view;
  }

  private views(id: string, add: (app: App, organization: Organization) => void) {
    const key = `${id}${this.key}`;
    const text = kept.get(key) ?? JSON.stringify(synthesized((app) => add(app, checkMap(this.map, "map"))));
    kept.set(key, text);
    const stacks = JSON.parse(text) as SynthesizedView[];
    return new Map(stacks.map((stack) => [stack.id, viewOf(stack)]));
  }
}

/** A test file synthesizes each map once. */
const syntheses = new Map<string, Synthesis>();

function synthesisOf(map: AccountsMap): Synthesis {
  const key = JSON.stringify(map);
  const synthesis = syntheses.get(key) ?? new Synthesis(map, key);
  syntheses.set(key, synthesis);
  return synthesis;
}

/** What a view is made of. */
type SynthesizedView = Pick<StackView, "id" | "json" | "accepted" | "waitsFor">;

const viewOf = ({ id, json, accepted, waitsFor }: SynthesizedView): StackView =>
  deepFreeze(new StackView(id, json, accepted, waitsFor));

/** The stacks that a function adds to an app, each prepared, validated and written as `main.ts` does. */
function synthesized(add: (app: App) => void): SynthesizedView[] {
  const outdir = mkdtempSync(join(tmpdir(), "session-audit-synth-"));
  try {
    return withoutTokenTraces(() => {
      const app = new App({ outdir });
      add(app);
      const stacks = app.node.children.filter((child): child is TerraformStack => "toTerraform" in child);
      return stacks.map(write);
    });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function write(stack: TerraformStack): SynthesizedView {
  stack.prepareStack();
  stack.runAllValidations();
  return {
    id: stack.node.id,
    json: stack.toTerraform() as SynthesizedStack,
    accepted: acceptedIn(stack),
    waitsFor: stack.dependencies.map(({ node }) => node.id),
  };
}

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

/**
 * Every stack of a map, by id. @param map by default the example map
 * @throws MapError if the map has problems
 */
export const synthesize = (map: AccountsMap = exampleMap): ReadonlyMap<string, StackView> =>
  synthesisOf(map).all();

/**
 * One stack of a map.
 * @param map by default the example map
 * @throws Error if the map has no stack with that id, and MapError if the map has problems
 */
export const synthesizeOne = (id: string, map: AccountsMap = exampleMap): StackView =>
  synthesisOf(map).one(id);
