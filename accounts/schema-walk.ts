import { z } from "zod";
import { facts, type Fact } from "./values";

type Node = { readonly def: Record<string, unknown> };

const asZod = (node: Node) => node as unknown as z.ZodType;

/** Strips optional, nullable and default wrappers; stops early where a wrapper itself has facts. */
function unwrap(node: Node): Node {
  while (!facts.has(asZod(node)) && "innerType" in node.def) node = node.def.innerType as Node;
  return node;
}

/** The nodes one step down a path: several where a union offers several. */
function children(node: Node, step: PropertyKey): Node[] {
  const { def } = unwrap(node);
  switch (def.type) {
    case "object": {
      const child = (def.shape as Record<PropertyKey, Node>)[step];
      return child ? [child] : [];
    }
    case "record":
      return [def.valueType as Node];
    case "array":
      return [def.element as Node];
    case "union":
      return (def.options as Node[]).flatMap((option) => children(option, step));
    default:
      return [];
  }
}

const nodesAt = (root: z.ZodType, path: readonly PropertyKey[]): Node[] =>
  path.reduce<Node[]>(
    (nodes, step) => nodes.flatMap((node) => children(node, step)),
    [root as unknown as Node],
  );

/** The facts of whatever stands at a path, or of the nearest thing above it that has some. */
export function factAt(root: z.ZodType, path: readonly PropertyKey[]): Fact {
  for (let length = path.length; length >= 0; length--) {
    for (const node of nodesAt(root, path.slice(0, length))) {
      const fact = facts.get(asZod(unwrap(node)));
      if (fact) return fact;
    }
  }
  throw new Error("the root of a schema must have facts");
}

/** The keys that the object at a path knows, unions taken together. */
export function keysAt(root: z.ZodType, path: readonly PropertyKey[]): string[] {
  const keysOf = (node: Node): string[] => {
    const { def } = unwrap(node);
    if (def.type === "object") return Object.keys(def.shape as object);
    if (def.type === "union") return (def.options as Node[]).flatMap(keysOf);
    return [];
  };
  return [...new Set(nodesAt(root, path).flatMap(keysOf))];
}

/** Whether null is a value that may stand at a path. */
export function takesNull(root: z.ZodType, path: readonly PropertyKey[]): boolean {
  const nullable = (node: Node): boolean =>
    node.def.type === "nullable" || ("innerType" in node.def && nullable(node.def.innerType as Node));
  return nodesAt(root, path).some(nullable);
}
