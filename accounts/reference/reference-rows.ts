import { factOf, isNullable, literalsOf, shapeOf, unwrap, type Node } from "../schema/walk";

/** One line of a table. */
export interface Row {
  readonly path: string;
  readonly allowed: string;
  /** As one would write it in the map, or whether the setting is needed at all. */
  readonly fallback: string;
  readonly meaning: string;
}

const isOptional = ({ def }: Node) => def.type === "optional" || def.type === "default";
const innerDefault = (node: Node): unknown =>
  node.def.type === "default" ? node.def.defaultValue : undefined;

/** A default as it stands in a map. */
function code(value: unknown): string {
  const text = JSON.stringify(value)
    .replaceAll('","', '", "')
    .replace(/"(\w+)":/g, "$1: ");
  return `\`${text}\``;
}

/** The default of a setting, where there is one besides the schema's own. */
type Fallback = (path: string) => unknown;

/** The lines of a schema node and of all that is below it. */
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
  // An object that may be missing altogether has a line of its own.
  if (def.type === "object") return [own, ...inside];
  if (def.type === "array") return [own, ...objectsOnly(`${path}[]`, def.element as Node, fallback)];
  if (def.type !== "union") return [own];
  const discriminator = def.discriminator as string | undefined;
  const options = def.options as Node[];
  if (discriminator === undefined)
    return [own, ...options.flatMap((option) => objectsOnly(path, option, fallback))];
  return ofKinds(path, node, discriminator, fallback);
}

/** Elements and options of their own lines: those that are objects with keys to tell of. */
const objectsOnly = (path: string, node: Node, fallback: Fallback): Row[] => {
  const { type } = unwrap(node).def;
  return type === "object" || type === "union" ? rows(path, node, fallback) : [];
};

/** A union that one word decides: the word, then what each of its values brings, named once. */
function ofKinds(path: string, union: Node, discriminator: string, fallback: Fallback): Row[] {
  const options = union.def.options as Node[];
  const word = (option: Node) => JSON.stringify(literalsOf(option, discriminator)[0]);
  const decides: Row = {
    path: `${path}.${discriminator}`,
    allowed: options.map(word).join(" or "),
    fallback: "required",
    meaning: factOf(union)?.description ?? "",
  };
  const keyOf = (row: Row) => `${row.path}\n${row.meaning}`;
  const brought = options.flatMap((option) =>
    Object.entries(shapeOf(option))
      .filter(([key]) => key !== discriminator)
      .flatMap(([key, child]) => rows(`${path}.${key}`, child, fallback))
      .map((row) => ({ row, word: word(option) })),
  );
  const lines = [...new Set(brought.map(({ row }) => keyOf(row)))].map((key): Row => {
    const same = brought.filter(({ row }) => keyOf(row) === key);
    const { row } = same[0]!;
    const always = same.length === options.length;
    const words = same.map((it) => it.word).join(" or ");
    return always ? row : { ...row, meaning: `With ${discriminator} ${words}: ${lowerFirst(row.meaning)}` };
  });
  return [decides, ...lines];
}

const lowerFirst = (text: string) =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** What may stand there. All of AWS's regions in a cell would be read by nobody. */
function allowedAt(node: Node): string {
  const fact = factOf(node);
  if (!fact) return "";
  return (fact.words?.length ?? 0) > 12 ? fact.allowed.split(":")[0]! : fact.allowed;
}
