import { valueAt } from "../model/merge";
import { didYouMean, renderPath, type Fault, type Path, type Problem } from "./problems";
import { question, written } from "./remedies";
import { mapSchema } from "../schema";
import { account as accountSchema, isByRegion } from "../schema/account";
import { accountSettings, otherRegionSettings, regionSettings } from "../schema/settings";
import { acceptedBy, factAt, isRequired, keysAt, pathsTo, placeAt, shapeOf, asNode } from "../schema/walk";

/** An unknown key, and what it probably or possibly means. */
type UnknownKey = Problem & Omit<Fault, "path"> & { readonly at: Path };

/** What an unknown key means: the remedy, and the path of the known key if there is only one. */
interface Meaning {
  readonly remedy: string;
  readonly path?: Path;
}

/** A key that the schema does not know in some object. */
interface Found {
  readonly raw: unknown;
  /** Path of the object. */
  readonly object: PropertyKey[];
  readonly key: string;
  readonly value: unknown;
  /** The keys that the object may have and does not have. */
  readonly absent: readonly string[];
  /** The keys that it may have and has. */
  readonly present: readonly string[];
}

/**
 * The problem of a key that the object at a path does not know. A key that resembles a missing key of the same object is
 * that key misspelt. Only other keys may belong to another place.
 */
export function unknownKey(raw: unknown, object: PropertyKey[], key: string): UnknownKey {
  const known = keysAt(mapSchema, raw, object);
  const has = Object.keys(valueAt(raw, object) as object);
  const path = [...object, key];
  const value = valueAt(raw, path);
  const absent = known.filter((other) => !has.includes(other));
  const present = known.filter((other) => has.includes(other));
  const found: Found = { raw, object, key, value, absent, present };
  const meaning = MEANINGS.map((find) => find(found)).find((one) => one !== undefined);
  return {
    at: path,
    path: renderPath(path),
    found: value,
    allowed: `no key ${JSON.stringify(key)} here; known are ${known.join(", ")}`,
    remedy: meaning?.remedy ?? "remove it, or move it to where it belongs",
    ...(meaning?.path && { meant: meaning.path }),
    // In a section, the key may mean any key that the section does not set yet. At a level of the map it may mean anything.
    ...(!meaning?.path && isSection(object) && { perhaps: absent.map((other) => [...object, other]) }),
  };
}

/** Whether an object is a section of settings, and not a level of the map: the map itself, an account or a region. */
const isSection = ([first, , third, ...rest]: Path) =>
  first === "accounts" ? third !== undefined && (!isByRegion(third) || rest.length > 1) : first !== undefined;

/** What an unknown key may mean, most likely first. */
const MEANINGS: readonly ((found: Found) => Meaning | undefined)[] = [
  flattened,
  misspelt,
  wellKnown,
  ofARegionWithServers,
  ofAnotherLevel,
  theOnlyOneMissing,
  withinTheSection,
  likeOneThatIsAbsent,
  likeOneThatIsPresent,
  ofAnotherSection,
];

function misspelt({ object, key, absent }: Found): Meaning | undefined {
  const meant = didYouMean(key, absent);
  return meant === undefined ? undefined : { remedy: question(meant), path: [...object, meant] };
}

function likeOneThatIsAbsent({ object, key, absent }: Found): Meaning | undefined {
  const meant = sharesWords(key, absent);
  return meant === undefined ? undefined : { remedy: question(meant), path: [...object, meant] };
}

/** A key that resembles a key which the object has already: one of the two must go. */
function likeOneThatIsPresent({ key, present }: Found): Meaning | undefined {
  const meant = didYouMean(key, present) ?? sharesWords(key, present);
  return meant === undefined
    ? undefined
    : { remedy: `did you mean ${JSON.stringify(meant)}, which is set already?` };
}

const wordsOf = (key: string): string[] => key.split(/(?=[A-Z])/).map((word) => word.toLowerCase());

/**
 * The one known key that has the words of a key, in their order and with the same first and last word, or that begins or
 * ends with them, or the other way round: expireDays and expireAfterDays, keyArn and kmsKeyArn.
 */
function sharesWords(key: string, known: readonly string[]): string | undefined {
  const words = wordsOf(key);
  const isLike = (candidate: string) => {
    const others = wordsOf(candidate);
    const [short, long] = words.length < others.length ? [words, others] : [others, words];
    const starts = short.every((word, index) => word === long[index]);
    const ends = short.every((word, index) => word === long[index + long.length - short.length]);
    const inOrder =
      short.length > 1 &&
      short[0] === long[0] &&
      short.at(-1) === long.at(-1) &&
      short.slice(1, -1).every((word) => long.includes(word));
    return starts || ends || inOrder;
  };
  const like = known.filter(isLike);
  return like.length === 1 ? like[0] : undefined;
}

/** A key that is the path of a setting inside, written as one word: `objectLockDays`. */
function flattened({ raw, object, key, value, absent, present }: Found): Meaning | undefined {
  for (const section of [...absent, ...present]) {
    if (!key.startsWith(section) || key.length === section.length) continue;
    const [first = "", ...rest] = key.slice(section.length);
    const inner = first.toLowerCase() + rest.join("");
    if (placeAt(mapSchema, raw, [...object, section]).keys.includes(inner))
      return {
        remedy: `write ${section}: ${written({ [inner]: value })}`,
        path: [...object, section, inner],
      };
  }
  return undefined;
}

/** A key that the section names as a frequent mistake. */
function wellKnown({ raw, object, key }: Found): Meaning | undefined {
  const { instead } = factAt(mapSchema, raw, object);
  return instead && Object.hasOwn(instead, key.toLowerCase())
    ? { remedy: instead[key.toLowerCase()]! }
    : undefined;
}

/** The keys of an account, besides settings, and the keys of the map, besides settings. */
const ACCOUNT_KEYS = Object.keys(shapeOf(asNode(accountSchema))).filter(
  (key) => !Object.hasOwn(accountSettings, key),
);
const isOfMap = (key: string) =>
  Object.hasOwn(shapeOf(asNode(mapSchema)), key) && !Object.hasOwn(accountSettings, key);

/** A setting of a region with servers, in a region that has none. */
function ofARegionWithServers({ object, key }: Found): Meaning | undefined {
  const [setting, ...others] = pathsTo(key, accountSettings);
  if (object[2] !== "otherRegions" || setting === undefined || others.length > 0) return undefined;
  if (pathsTo(key, otherRegionSettings).length > 0) return undefined;
  return {
    remedy: `move it up: ${setting.join(".")} is set for the organization, an account or a region with servers`,
    path: [...object.slice(0, 2), ...setting],
  };
}

/** A key that another level of the map has: the map, an account or a region. */
function ofAnotherLevel({ object, key }: Found): Meaning | undefined {
  const [first = "accounts"] = object;
  if (first !== "accounts" && !Object.hasOwn(accountSettings, first)) return undefined;
  if (first === "accounts" && object.at(-1) === "notifications" && key === "central")
    return {
      remedy: "move it to notifications, at the top of the map: central is set once, for the organization",
      path: ["notifications", key],
    };
  // `pipeline` is a section of the map, and also a key of actions of another type.
  if (isOfMap(key) && !object.includes("actions"))
    return { remedy: `move it to the top of the map: ${key} is set once, for the organization`, path: [key] };
  if (ACCOUNT_KEYS.includes(key) && !isSection(object))
    return { remedy: `set it in an account: accounts.<name>.${key}` };
  if (!Object.hasOwn(accountSettings, key)) return undefined;
  const region = Object.hasOwn(regionSettings, key) ? ", an account or a region" : " or an account";
  return {
    remedy: `move it up: ${key} is set for the organization${region}`,
    path: [...levelOf(object), key],
  };
}

/** The level of the map, an account or a region that an object belongs to. */
const levelOf = (object: readonly PropertyKey[]): Path =>
  object[0] !== "accounts" ? [] : object.slice(0, isByRegion(object[2]) ? 4 : 2);

/** The one required key that the object lacks, if the value is right for it: `{ name: "my-bucket" }`. */
function theOnlyOneMissing({ raw, object, value, absent }: Found): Meaning | undefined {
  const required = absent.filter((key) => isRequired(mapSchema, raw, [...object, key]));
  const [meant, ...others] = required;
  if (meant === undefined || others.length > 0) return undefined;
  const path = [...object, meant];
  return acceptedBy(placeAt(mapSchema, raw, path), value) ? { remedy: question(meant), path } : undefined;
}

/** A setting that has the right name and belongs into a section of the object itself: `transcripts.mode`. */
function withinTheSection({ object, key }: Found): Meaning | undefined {
  const level = levelOf(object);
  const section = object.slice(level.length);
  if (section.length === 0) return undefined;
  return placed(
    placesOf(object, key).filter((path) =>
      section.every((step, index) => path[level.length + index] === step),
    ),
    level,
  );
}

/** A setting that has the right name and is in the wrong section. */
function ofAnotherSection({ object, key }: Found): Meaning | undefined {
  return placed(placesOf(object, key), levelOf(object));
}

/** The paths of all settings with a name: at the level of an object, and in guardrails. */
function placesOf(object: readonly PropertyKey[], key: string): Path[] {
  const [first = "accounts"] = object;
  if (first !== "accounts" && !Object.hasOwn(accountSettings, first)) return [];
  const level = levelOf(object);
  const guardrails = shapeOf(asNode(mapSchema))["guardrails"]!;
  return [
    ...pathsTo(key, accountSettings).map((path) => [...level, ...path]),
    ...pathsTo(key, { guardrails }),
  ];
}

/** More places than this say nothing about what was meant. */
const MOST_PLACES = 2;

function placed(places: readonly Path[], level: Path): Meaning | undefined {
  const [path, ...others] = places;
  if (path === undefined || places.length > MOST_PLACES) return undefined;
  const sections = places.map((place) =>
    (place[0] === "guardrails" ? place : place.slice(level.length)).slice(0, -1).join("."),
  );
  return { remedy: `move it into ${sections.join(" or ")}`, ...(others.length === 0 && { path }) };
}
