import type { z } from "zod";
import { facts, type Fact } from "./values";

/** A node of a zod schema, seen only as what this file needs to walk through it. */
export type Node = { readonly def: Record<string, unknown> };

/** A node of the schema, with the value that the map has at this path. */
type SchemaAtValue = { readonly node: Node; readonly value: unknown };

const asZod = (node: Node) => node as unknown as z.ZodType;
/** A schema as a node. */
export const asNode = (schema: z.ZodType) => schema as unknown as Node;
/** The facts of a node, if it has some. */
export const factOf = (node: Node): Fact | undefined => facts.get(asZod(node));

/** The node inside optional, nullable and default wrappers; or the first wrapper that has facts of its own. */
export function unwrap(node: Node): Node {
  while (!factOf(node) && "innerType" in node.def) node = node.def.innerType as Node;
  return node;
}

/** Whether null is a valid value of a node. */
export const isNullable = ({ def }: Node): boolean =>
  def.type === "nullable" || ("innerType" in def && isNullable(def.innerType as Node));

/** The properties of an object node; none for any other node. */
export const shapeOf = (node: Node): Record<string, Node> =>
  node.def.type === "object" ? (node.def.shape as Record<string, Node>) : {};

const optionsOf = ({ def }: Node) => def.options as Node[];
const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const valueOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;

/** The literals of an object's discriminator: `["s3"]`. */
export const literalsOf = (option: Node, discriminator: string): unknown[] =>
  (shapeOf(option)[discriminator]?.def.values as unknown[] | undefined) ?? [];

const TAKES: Record<string, (value: unknown) => boolean> = {
  array: Array.isArray,
  object: isObject,
  record: isObject,
};

/** The options of a union that a value may be meant as: by its discriminator, else by its type. All, if none fits. */
function optionsFor(union: Node, value: unknown): Node[] {
  const { discriminator } = union.def;
  const fits = (option: Node) =>
    typeof discriminator === "string"
      ? literalsOf(option, discriminator).includes(valueOf(value, discriminator))
      : (TAKES[String(option.def.type)]?.(value) ?? typeof value === "string");
  const options = optionsOf(union).filter(fits);
  return options.length > 0 ? options : optionsOf(union);
}

/** A node without wrappers and unions: several nodes, if the value fits several options of a union. */
function unwrapped({ node: outer, value }: SchemaAtValue): Node[] {
  const node = unwrap(outer);
  return node.def.type === "union"
    ? optionsFor(node, value).flatMap((option) => unwrapped({ node: option, value }))
    : [node];
}

/** The nodes and the value of one key inside. */
function stepInto(outer: SchemaAtValue, key: PropertyKey): SchemaAtValue[] {
  const value = valueOf(outer.value, key);
  return unwrapped(outer).flatMap((node): SchemaAtValue[] => {
    const { type, valueType, element } = node.def;
    if (type === "record") return [{ node: valueType as Node, value }];
    if (type === "array") return [{ node: element as Node, value }];
    const shape = shapeOf(node);
    return Object.hasOwn(shape, key) ? [{ node: shape[String(key)]!, value }] : [];
  });
}

const schemaAt = (root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): SchemaAtValue[] =>
  path.reduce<SchemaAtValue[]>(
    (found, key) => found.flatMap((outer) => stepInto(outer, key)),
    [{ node: asNode(root), value: raw }],
  );

/** The facts at a path of a map, or else of the nearest node above it that has facts. */
export function factAt(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Fact {
  for (let length = path.length; length >= 0; length--) {
    for (const { node } of schemaAt(root, raw, path.slice(0, length))) {
      const fact = factOf(unwrap(node));
      if (fact) return fact;
    }
  }
  throw new Error("the root of a schema must have facts");
}

/** The facts of the keys of a record, or else of the record itself. */
export function keyFactAt(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Fact {
  const record = path.slice(0, -1);
  const ofKeys = schemaAt(root, raw, record)
    .flatMap(unwrapped)
    .map(({ def }) => (def.keyType === undefined ? undefined : factOf(def.keyType as Node)));
  return ofKeys.find((fact) => fact !== undefined) ?? factAt(root, raw, record);
}

/** The keys that the object at a path of a map may have, of all options of a union that the value fits. */
export function keysAt(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): string[] {
  const objects = schemaAt(root, raw, path).flatMap(unwrapped).map(shapeOf);
  return [...new Set(objects.flatMap((shape) => Object.keys(shape)))];
}

/** The place of a value in the schema. */
export interface Place {
  /** The nodes that the value may be meant as. */
  readonly nodes: readonly Node[];
  /** The keys that an object in this place may have. */
  readonly keys: readonly string[];
}

/** The place at a path of a map. */
export function placeAt(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Place {
  const nodes = schemaAt(root, raw, path).map(({ node }) => node);
  // An empty object chooses the options of unions that have keys.
  const objects = nodes.flatMap((node) => unwrapped({ node, value: {} })).map(shapeOf);
  return { nodes, keys: [...new Set(objects.flatMap((shape) => Object.keys(shape)))] };
}

/** The place of the keys of a record. */
export function keyPlaceAt(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Place {
  const nodes = schemaAt(root, raw, path.slice(0, -1))
    .flatMap(unwrapped)
    .flatMap(({ def }) => (def.keyType === undefined ? [] : [def.keyType as Node]));
  return { nodes, keys: [] };
}

/** Whether a value would be right in a place. */
export const acceptedBy = ({ nodes }: Place, value: unknown): boolean =>
  nodes.some((node) => asZod(node).safeParse(value).success);

/** Whether a place takes any text, such as the name of a wave: that the schema accepts a text there proves nothing. */
export const takesAnyText = ({ nodes }: Place): boolean =>
  nodes.map(unwrapAll).some(({ def }) => {
    const checks = (def.checks as unknown[] | undefined) ?? [];
    return def.type === "string" && checks.length === 0 && !("format" in def);
  });

const unwrapAll = (node: Node): Node =>
  "innerType" in node.def ? unwrapAll(node.def.innerType as Node) : node;

/** Whether the object above a path must have the key at its end. */
export const isRequired = (root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): boolean =>
  schemaAt(root, raw, path).every(({ node }) => !asZod(node).safeParse(undefined).success);

/** Whether null is a valid value at a path of a map. */
export function takesNull(root: z.ZodType, raw: unknown, path: readonly PropertyKey[]): boolean {
  return schemaAt(root, raw, path).some(({ node }) => isNullable(node));
}

/** A value of a map, or a key of one of its records, with its path and the facts of its schema node. */
export interface ValueOfKind {
  readonly path: PropertyKey[];
  readonly value: unknown;
  readonly fact: Fact;
}

/** The values of a map of any shape, and the keys of its records, whose facts have a kind. */
export function valuesOfKind(root: z.ZodType, raw: unknown, kind: NonNullable<Fact["kind"]>): ValueOfKind[] {
  const own = (node: Node, value: unknown, path: PropertyKey[]): ValueOfKind[] => {
    const fact = factOf(node);
    return fact?.kind === kind ? [{ path, value, fact }] : [];
  };
  const inside = (outer: SchemaAtValue, path: PropertyKey[]): ValueOfKind[] =>
    unwrapped(outer).flatMap((node) => [
      ...own(node, outer.value, path),
      ...keysOf(outer.value).flatMap((key) => [
        ...(node.def.type === "record" ? own(node.def.keyType as Node, key, [...path, key]) : []),
        ...stepInto({ node, value: outer.value }, key).flatMap((inner) => inside(inner, [...path, key])),
      ]),
    ]);
  return inside({ node: asNode(root), value: raw }, []);
}

/** The indexes of a list, or the keys of an object. */
function keysOf(value: unknown): PropertyKey[] {
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
}

/** Every path from an object, through objects only, to a property with this name: where a misplaced setting belongs. */
export function pathsTo(key: string, shape: Readonly<Record<string, unknown>>): string[][] {
  return Object.entries(shape as Record<string, Node>).flatMap(([name, node]) => [
    ...(name === key ? [[name]] : []),
    ...pathsTo(key, shapeOf(unwrap(node))).map((path) => [name, ...path]),
  ]);
}
