import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { loadFile } from "../../accounts/reading/load";
import { valueAt } from "../../accounts/model/merge";
import { mapSchema, type AccountsMap } from "../../accounts/schema";
import { accountSettings, otherRegionSettings, regionSettings } from "../../accounts/schema/settings";
import { asNode, shapeOf, unwrap, type Node } from "../../accounts/schema/walk";
import exampleMap from "../fixtures/example-map";
import { goodMap } from "./rules/good-map";

const FIXTURES = join(__dirname, "..", "fixtures");
const fixtures = readdirSync(FIXTURES).filter((name) => name.endsWith(".yaml"));

/** Accepted maps, from which changes start. */
export const BASES: readonly AccountsMap[] = [
  goodMap(),
  exampleMap,
  ...fixtures.map((name) => loadFile(join(FIXTURES, name)) as AccountsMap),
];

/** The map that names every section of the schema. */
const COMPLETE = loadFile(join(__dirname, "..", "..", "docs", "examples", "complete.yaml"));

const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** Texts of all maps, and some that maps do not need. Each setting draws from those that its schema accepts. */
const TEXTS = [
  ...new Set([
    ...[...BASES, COMPLETE].flatMap(textsIn),
    ...["arn:aws:kms:eu-central-1:444444444444:key/1234abcd-12ab-34cd-56ef-1234567890ab", "a", "a-b", "user"],
    ...[
      "arn:aws:iam::111111111111:role/reviewer",
      "arn:aws:iam::222222222222:role/path/people*",
      "app-server",
    ],
    ...[
      "arn:aws:sns:eu-central-1:111111111111:topic",
      "arn:aws:sqs:us-east-1:222222222222:queue",
      "10%",
      "5",
    ],
    ...["arn:aws:lambda:eu-central-1:222222222222:function:tell", "eu-west-1", "us-east-1", "333333333333"],
    ...[
      "arn:aws:logs:{region}:999999999999:destination:all",
      "arn:aws:s3:::a-bucket",
      "a-bucket",
      "/a/group",
    ],
    ...[
      "security@example.com",
      "https://example.com/x",
      "rate(1 day)",
      "vpc-0123456789abcdef0",
      "10.0.0.0/16",
    ],
    ...[
      "ou-ab12-1a2b3c4d",
      "2999-12-31",
      "because nobody needs it",
      "subnet-0123456789abcdef0",
      "echo $(id)",
    ],
  ]),
];

const isValid = (node: Node, value: unknown): boolean =>
  (node as unknown as { safeParse(raw: unknown): { success: boolean } }).safeParse(value).success;

/** The least and the greatest of a number node. */
const limitsOf = (node: Node): readonly [number, number] => {
  const { minValue, maxValue } = node as unknown as { minValue: number | null; maxValue: number | null };
  return [Math.max(minValue ?? 0, -1e9), Math.min(maxValue ?? 1e9, 1e9)];
};

const cache = new Map<Node, fc.Arbitrary<unknown>>();

/** Values that the schema accepts, most of the time: the parts are valid, and the whole may break a refinement. */
export function choiceOf(node: Node): fc.Arbitrary<unknown> {
  const known = cache.get(node) ?? made(node);
  cache.set(node, known);
  return known;
}

function made(node: Node): fc.Arbitrary<unknown> {
  const { type, innerType, element, keyType, valueType, options, entries, values } = node.def;
  switch (type) {
    case "optional":
    case "default":
      return choiceOf(innerType as Node);
    case "nullable":
      return fc.oneof(
        { weight: 1, arbitrary: fc.constant(null) },
        { weight: 3, arbitrary: choiceOf(innerType as Node) },
      );
    case "boolean":
      return fc.boolean();
    case "enum":
      return fc.constantFrom(...Object.values(entries as object));
    case "literal":
      return fc.constantFrom(...(values as unknown[]));
    case "number": {
      const [min, max] = limitsOf(node);
      return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, min + 400) }));
    }
    case "union":
      return fc.oneof(...(options as Node[]).map(choiceOf));
    case "array":
      return fc.array(choiceOf(element as Node), { maxLength: 3 });
    case "record":
      return fc.dictionary(choiceOf(keyType as Node) as fc.Arbitrary<string>, choiceOf(valueType as Node), {
        maxKeys: 2,
        noNullPrototype: true,
      });
    case "object":
      return objectOf(node);
    case "string": {
      const texts = TEXTS.filter((text) => isValid(node, text));
      // A text of which no map has an example, such as a new pattern, is wrong in most places.
      return texts.length === 0 ? fc.constantFrom(...TEXTS) : fc.constantFrom(...texts);
    }
    default:
      return fc.constantFrom<unknown>(["StartSession"], "text", 1);
  }
}

/** An object with the keys that it must have, and some of the others. */
function objectOf(node: Node): fc.Arbitrary<unknown> {
  const shape = Object.entries(shapeOf(node));
  const required = shape.filter(([, inner]) => !isValid(inner, undefined));
  const optional = shape.filter(([, inner]) => isValid(inner, undefined));
  const keys = fc.subarray(optional, { maxLength: Math.min(3, optional.length) });
  return keys.chain((some) =>
    fc.record(Object.fromEntries([...required, ...some].map(([key, inner]) => [key, choiceOf(inner)])), {
      noNullPrototype: true,
    }),
  );
}

/** A change of a map: a value at a path. */
export interface Change {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

type Setting = readonly [path: readonly string[], node: Node];

/** Every setting of some sections, and the sections themselves, with the paths inside their level. */
function settingsIn(shape: Readonly<Record<string, unknown>>, above: readonly string[] = []): Setting[] {
  return Object.entries(shape as Record<string, Node>).flatMap(([key, node]): Setting[] => {
    const path = [...above, key];
    return [[path, node], ...settingsIn(shapeOf(unwrap(node)), path)];
  });
}

const ofMap = Object.entries(shapeOf(asNode(mapSchema))).filter(([key]) => key !== "accounts");
const SETTINGS = {
  map: settingsIn(Object.fromEntries(ofMap)),
  account: settingsIn(accountSettings),
  region: settingsIn(regionSettings),
  otherRegion: settingsIn(otherRegionSettings),
};

/** The settings of each level of a map, with their whole paths. */
function placesOf(map: AccountsMap): fc.Arbitrary<Setting> {
  const at = (level: readonly string[], settings: readonly Setting[]) =>
    fc.constantFrom(...settings).map(([path, node]): Setting => [[...level, ...path], node]);
  const levels = Object.entries(map.accounts).flatMap(([name, { regions, otherRegions = {} }]) => [
    at(["accounts", name], SETTINGS.account),
    ...(Array.isArray(regions) ? [] : Object.keys(regions)).map((region) =>
      at(["accounts", name, "regions", region], SETTINGS.region),
    ),
    ...Object.keys(otherRegions).map((region) =>
      at(["accounts", name, "otherRegions", region], SETTINGS.otherRegion),
    ),
  ]);
  return fc.oneof(
    { weight: 3, arbitrary: at([], SETTINGS.map) },
    { weight: 3, arbitrary: fc.oneof(...levels) },
  );
}

/** What people write in place of a valid value: another spelling of it, or something of another kind. */
const misspelt = (value: unknown, by: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  const spellings: unknown[] = [
    [value],
    { name: value },
    { enabled: value },
    ...(typeof value === "string" || typeof value === "number" ? textsLike(String(value)) : []),
    ...(Array.isArray(value) ? [...(value as unknown[]), value.join(",")] : []),
    ...(typeof value === "number" ? [`${value} days`, `${value}m`, -value, value + 0.5, value * 1000] : []),
    ...(typeof value === "object" && value !== null ? keysMisspelt(value as Record<string, unknown>) : []),
  ];
  const others = [true, false, null, 0, 1, 7, "", "yes", "no", "none", "never", "create", "7 years", {}, []];
  return fc.oneof(
    fc.constantFrom(...spellings),
    fc.constantFrom<unknown>(...others),
    fc.constantFrom(...TEXTS),
    by,
  );
};

const textsLike = (text: string): string[] => [
  text,
  ` ${text} `,
  text.toUpperCase(),
  text.slice(0, -1),
  `${text}s`,
  text.replaceAll("-", "_"),
  `/${text}/`,
  `${text},${text}`,
  `tag:${text}`,
  `arn:aws:iam::111111111111:role/${text}`,
];

/** An object with one of its keys in another spelling, or without it. */
const keysMisspelt = (object: Record<string, unknown>): unknown[] =>
  Object.entries(object).flatMap(([key, value]) => {
    const { [key]: _, ...rest } = object;
    const spelt = [key.toUpperCase(), `${key}s`, key.slice(0, -1), key.replace(/[A-Z].*$/, ""), `${key}Name`];
    return [
      rest,
      ...spelt.filter((other) => other !== "" && other !== key).map((other) => ({ ...rest, [other]: value })),
    ];
  });

/** Changes to settings of any level of a map, to values that the schema accepts. */
export const validChange = (map: AccountsMap): fc.Arbitrary<Change> =>
  placesOf(map).chain(([path, node]) => choiceOf(node).map((value): Change => ({ path, value })));

/** Changes to values in other spellings, of other kinds, and to keys that nobody knows. */
export const wrongChange = (map: AccountsMap): fc.Arbitrary<Change> =>
  placesOf(map).chain(([path, node]) =>
    choiceOf(node).chain((value) =>
      fc.oneof(
        {
          weight: 4,
          arbitrary: misspelt(value, choiceOf(node)).map((wrong): Change => ({ path, value: wrong })),
        },
        {
          weight: 1,
          arbitrary: fc
            .constantFrom(...(keysMisspelt({ [path.at(-1)!]: value }).slice(1) as Record<string, unknown>[]))
            .map((one): Change => ({ path: [...path.slice(0, -1), Object.keys(one)[0]!], value })),
        },
      ),
    ),
  );

/** A copy of plain data. The objects of structuredClone are foreign to Jest, and fast-check would not print them. */
const cloned = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);

/** A copy of a map with a change. Sections on the way that are missing, or are no objects, are created. */
export function changed(map: unknown, { path, value }: Change): unknown {
  const copy = cloned(map) as Record<string | number, unknown>;
  let at = copy;
  for (const step of path.slice(0, -1)) {
    const next = Object.hasOwn(at, step) ? at[step] : undefined;
    at = (typeof next === "object" && next !== null ? next : (at[step] = {})) as typeof at;
  }
  at[path.at(-1)!] = cloned(value);
  return copy;
}

/** A copy of a map without the value at a path. */
export function without(map: unknown, path: Change["path"]): unknown {
  const copy = cloned(map);
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1);
  else delete parent[path.at(-1)!];
  return copy;
}
