import { factOf, isNullable, literalsOf, shapeOf, unwrap, type Node } from "../schema/walk";

/** One row of a table of settings. */
export interface Row {
  readonly path: string;
  readonly allowed: string;
  /** The default as written in a map; or "required", or "optional". */
  readonly fallback: string;
  readonly meaning: string;
}

const isOptional = ({ def }: Node) => def.type === "optional" || def.type === "default";
const innerDefault = (node: Node): unknown =>
  node.def.type === "default" ? node.def.defaultValue : undefined;

/** A value as it is written in a map. */
function code(value: unknown): string {
  const text = JSON.stringify(value)
    .replaceAll('","', '", "')
    .replace(/"(\w+)":/g, "$1: ");
  return `\`${text}\``;
}

/** The default of a setting, if it has one that is not in the schema. */
type Fallback = (path: string) => unknown;

/** The rows of a schema node, and of everything in it. */
export function rows(path: string, outer: Node, fallback: Fallback = () => undefined): Row[] {
  const node = unwrap(outer);
  const { def } = node;
  const below = (key: string, child: Node) => rows(`${path}.${key}`, child, fallback);
  const inside = Object.entries(shapeOf(node)).flatMap(([key, child]) => below(key, child));
  if (def.type === "object" && !isNullable(outer)) return inside;
  const byMap = fallback(path);
  const given = byMap === undefined ? innerDefault(outer) : byMap;
  const own: Row = {
    path,
    allowed: allowedAt(node) + (isNullable(outer) ? ", or null" : ""),
    fallback: given !== undefined ? code(given) : isOptional(outer) ? "optional" : "required",
    meaning: factOf(node)?.description ?? "",
  };
  // An object that is optional as a whole has a row of its own.
  if (def.type === "object") return [own, ...inside];
  if (def.type === "array") return [own, ...objectsOnly(`${path}[]`, def.element as Node, fallback)];
  if (def.type !== "union") return [own];
  const discriminator = def.discriminator as string | undefined;
  const options = def.options as Node[];
  if (discriminator === undefined)
    return [own, ...options.flatMap((option) => objectsOnly(path, option, fallback))];
  return discriminatedRows(path, node, discriminator, fallback);
}

/** The rows of an element or option that is an object, since it has keys to describe; none for others. */
const objectsOnly = (path: string, node: Node, fallback: Fallback): Row[] => {
  const { type } = unwrap(node).def;
  return type === "object" || type === "union" ? rows(path, node, fallback) : [];
};

/** The rows of a union whose discriminator decides: the discriminator, then the keys of each option, each key once. */
function discriminatedRows(path: string, union: Node, discriminator: string, fallback: Fallback): Row[] {
  const options = union.def.options as Node[];
  const word = (option: Node) => JSON.stringify(literalsOf(option, discriminator)[0]);
  const discriminatorRow: Row = {
    path: `${path}.${discriminator}`,
    allowed: options.map(word).join(" or "),
    fallback: "required",
    meaning: factOf(union)?.description ?? "",
  };
  const keyOf = (row: Row) => `${row.path}\n${row.meaning}`;
  const keyRows = options.flatMap((option) =>
    Object.entries(shapeOf(option))
      .filter(([key]) => key !== discriminator)
      .flatMap(([key, child]) => rows(`${path}.${key}`, child, fallback))
      .map((row) => ({ row, word: word(option) })),
  );
  const lines = [...new Set(keyRows.map(({ row }) => keyOf(row)))].map((key): Row => {
    const same = keyRows.filter(({ row }) => keyOf(row) === key);
    const { row } = same[0]!;
    const always = same.length === options.length;
    const words = same.map((it) => it.word).join(" or ");
    return always ? row : { ...row, meaning: `With ${discriminator} ${words}: ${lowerFirst(row.meaning)}` };
  });
  return [discriminatorRow, ...lines];
}

const lowerFirst = (text: string) =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** The valid values. A long list of words, such as all regions, is left out. */
function allowedAt(node: Node): string {
  const fact = factOf(node);
  if (!fact) return "";
  return (fact.words?.length ?? 0) > 12 ? fact.allowed.split(":")[0]! : fact.allowed;
}
