import type { z } from "zod";
import { facts, type Fact } from "./values";

/** A node of a zod schema, as far as walking it goes. */
export type Node = { readonly def: Record<string, unknown> };
/** Where a node and a value of the map meet. */
type Spot = { readonly node: Node; readonly value: unknown };

const asZod = (node: Node) => node as unknown as z.ZodType;
export const asNode = (schema: z.ZodType) => schema as unknown as Node;
export const factOf = (node: Node): Fact | undefined => facts.get(asZod(node));

/** Strips optional, nullable and default wrappers; stops early where a wrapper itself has facts. */
export function unwrap(node: Node): Node {
  while (!factOf(node) && "innerType" in node.def) node = node.def.innerType as Node;
  return node;
}

/** Whether null may stand where a node does. */
export const isNullable = ({ def }: Node): boolean =>
  def.type === "nullable" || ("innerType" in def && isNullable(def.innerType as Node));

/** The properties of an object node, none for others. */
export const shapeOf = (node: Node): Record<string, Node> =>
  node.def.type === "object" ? (node.def.shape as Record<string, Node>) : {};

const optionsOf = ({ def }: Node) => def.options as Node[];
const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const step = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;

/** The literals of an object's discriminator: `["s3"]`. */
export const literalsOf = (option: Node, discriminator: string): unknown[] =>
  (shapeOf(option)[discriminator]?.def.values as unknown[] | undefined) ?? [];

const TAKES: Record<string, (value: unknown) => boolean> = {
  array: Array.isArray,
  object: isObject,
  record: isObject,
};

/** Of a union's options those that a value can have been meant as: by its discriminator, else by its type. */
function meant(union: Node, value: unknown): Node[] {
  const { discriminator } = union.def;
  const fits = (option: Node) =>
    typeof discriminator === "string"
      ? literalsOf(option, discriminator).includes(step(value, discriminator))
      : (TAKES[String(option.def.type)]?.(value) ?? typeof value === "string");
  const options = optionsOf(union).filter(fits);
  return options.length > 0 ? options : optionsOf(union);
}

/** What a spot comes to without wrappers and unions: several nodes where a union leaves several open. */
function inner({ node: outer, value }: Spot): Node[] {
  const node = unwrap(outer);
  return node.def.type === "union"
    ? meant(node, value).flatMap((option) => inner({ node: option, value }))
    : [node];
}

/** The spots one step down a path. */
function down(spot: Spot, key: PropertyKey): Spot[] {
  const value = step(spot.value, key);
  return inner(spot).flatMap((node): Spot[] => {
    const { type, valueType, element } = node.def;
    if (type === "record") return [{ node: valueType as Node, value }];
    if (type === "array") return [{ node: element as Node, value }];
    const shape = shapeOf(node);
    return Object.hasOwn(shape, key) ? [{ node: shape[String(key)]!, value }] : [];
  });
}

const spotsAt = (root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Spot[] =>
  path.reduce<Spot[]>(
    (spots, key) => spots.flatMap((spot) => down(spot, key)),
    [{ node: asNode(root), value: raw }],
  );

/** The facts of whatever stands at a path of a map, or of the nearest thing above it that has some. */
export function factAt(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Fact {
  for (let length = path.length; length >= 0; length--) {
    for (const { node } of spotsAt(root, raw, path.slice(0, length))) {
      const fact = factOf(unwrap(node));
      if (fact) return fact;
    }
  }
  throw new Error("the root of a schema must have facts");
}

/** The facts of a record's keys, or of the record where its keys have none. */
export function keyFactAt(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Fact {
  const record = path.slice(0, -1);
  const ofKeys = spotsAt(root, raw, record)
    .flatMap(inner)
    .map(({ def }) => (def.keyType === undefined ? undefined : factOf(def.keyType as Node)));
  return ofKeys.find((fact) => fact !== undefined) ?? factAt(root, raw, record);
}

/** The keys that the object at a path of a map knows; those of several, where a union leaves several open. */
export function keysAt(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): string[] {
  const objects = spotsAt(root, raw, path).flatMap(inner).map(shapeOf);
  return [...new Set(objects.flatMap((shape) => Object.keys(shape)))];
}

/** Whether null is a value that may stand at a path of a map. */
export function takesNull(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): boolean {
  return spotsAt(root, raw, path).some(({ node }) => isNullable(node));
}

/** Every path below an object, through objects alone, that ends in a key: where a misplaced setting belongs. */
export function pathsTo(key: string, shape: Readonly<Record<string, unknown>>): string[][] {
  return Object.entries(shape as Record<string, Node>).flatMap(([name, node]) => [
    ...(name === key ? [[name]] : []),
    ...pathsTo(key, shapeOf(unwrap(node))).map((path) => [name, ...path]),
  ]);
}
