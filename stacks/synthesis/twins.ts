import { recordingReads } from "../../accounts/model/once-per";
import { sha256Of } from "../../files/checksum";
import { recordingDigests } from "../kit/digest";
import type { DeclaredStack } from "../stack-graph";
import type { StackFiles } from "./build";
import type { Observed } from "./observed";
import { isOfAll, summarized } from "./reads";

/** A stack that was made, and the names of what was read of the organization to make it. */
export interface Made {
  readonly files: StackFiles;
  readonly reads: readonly string[];
}

type Make = (stack: DeclaredStack) => Made;

/** What tells twins apart. */
interface Identity {
  readonly name: string;
  readonly id: string;
}

/** Kinds of which there are as many stacks as accounts. The stacks of the others have no twins. */
const KINDS: ReadonlySet<DeclaredStack["kind"]> = new Set(["account", "session", "chat"]);

/** How many times the stacks of a shape are built: two of them, and a template twice. */
const BUILT = 4;

/** Stands for the id of the own account in the name of what was read. */
const OWN = "<own>";

/**
 * Makes stacks, and writes twins from a template: stacks of which everything that is read is equal but for the name and
 * the id of their own account. With a thousand accounts, nearly all stacks are twins of a few.
 *
 * The first two of some twins are built. Then the first is built twice more, while its account has another name and id
 * (`PLACEHOLDERS`). Both times, the text must be the same but for these: it is the template, with holes in their places.
 * The template is used only if it gives the bytes of the first two. Every stack with one of these properties is built,
 * because a name or an id might do more in it than to occur in texts:
 *
 * - it reads something in which its own id occurs, or which is its own name: code may compare them;
 * - it looks at all items of a list, its own account among them;
 * - its name or id is not between the placeholders: code may sort or measure them;
 * - a key of its configuration contains the name, the id, or a digest of them, and has others beside it: keys are sorted.
 *
 * Digests of texts with holes are computed for each twin (`stacks/kit/digest.ts`). `__tests__/stacks/synthesis/twins.test.ts`
 * compares twins with the stacks as they are built, for every map of the tests.
 */
export function withTwins(seen: Observed, build: (stack: DeclaredStack) => StackFiles): Make {
  const make: Make = (stack) => {
    const { value: files, reads } = recordingReads(() => build(stack));
    return { files, reads: summarized(reads) };
  };
  const shapes = new Map<string, Shape[]>();
  return (stack) => {
    if (!KINDS.has(stack.kind)) return make(stack);
    const key = `${stack.kind} ${stack.region} ${seen.digestOf(`${seen.nameOf(stack.subject)}.settings`)}`;
    const alike = shapes.get(key) ?? [];
    shapes.set(key, alike);
    const shape = alike.find(({ isOf }) => isOf(stack));
    if (shape !== undefined) return shape.make(stack);
    const made = make(stack);
    alike.push(shapeOf(seen, stack, made, { make, build }));
    return made;
  };
}

/**
 * How many of some stacks are built, if the settings and the region decide what else is read. It is an estimate: it says
 * whether worker threads are worthwhile.
 */
export function countBuilt(stacks: readonly DeclaredStack[]): number {
  const counts = new Map<object, Map<string, number>>();
  return stacks.filter(({ kind, region, subject }) => {
    if (!KINDS.has(kind)) return true;
    const { settings } = subject as { readonly settings: object };
    const same = counts.get(settings) ?? new Map<string, number>();
    counts.set(settings, same);
    const before = same.get(`${kind} ${region}`) ?? 0;
    same.set(`${kind} ${region}`, before + 1);
    return before < BUILT;
  }).length;
}

/** The stacks that read the same. */
interface Shape {
  readonly isOf: (stack: DeclaredStack) => boolean;
  readonly make: Make;
}

function shapeOf(
  seen: Observed,
  first: DeclaredStack,
  made: Made,
  { make, build }: { readonly make: Make; readonly build: (stack: DeclaredStack) => StackFiles },
): Shape {
  const reads = made.reads.map((read) => read.replaceAll(first.accountId, OWN));
  const own = reads.filter((read) => read.includes(OWN));
  const signatures = own.map((read) => signature(seen, read, first.accountId));
  const digests = digestsOf(made.files);
  // The template is made when a second stack reads the same. null: there can be none.
  let template: Template | null | undefined = reads.some(isOfAll) ? null : undefined;
  let occurs: ((identity: Identity) => boolean) | undefined;
  const fits = (stack: DeclaredStack) =>
    isBetween(identityOf(stack)) &&
    !(occurs ??= occurrences(seen, reads, first.accountId))(identityOf(stack));
  const readsOf = ({ accountId }: DeclaredStack) =>
    reads.map((read) => read.replaceAll(OWN, accountId)).sort();
  return {
    isOf: ({ accountId }) =>
      own.every((read, index) => signature(seen, read, accountId) === signatures[index]),
    make: (stack) => {
      if (template === null || !fits(stack)) return make(stack);
      if (template !== undefined) return { files: template(identityOf(stack)), reads: readsOf(stack) };
      const second = make(stack);
      const tried = fits(first) ? templateOf(seen, first, made.reads, build) : null;
      const gives = (twin: DeclaredStack, expected: string) =>
        tried !== null && digestsOf(tried(identityOf(twin))) === expected;
      const proven =
        gives(first, digests) &&
        gives(stack, digestsOf(second.files)) &&
        readsOf(stack).join() === second.reads.join();
      template = proven ? tried : null;
      return second;
    },
  };
}

const identityOf = ({ account, accountId }: DeclaredStack): Identity => ({ name: account, id: accountId });

const digestsOf = (files: StackFiles): string =>
  JSON.stringify([...files].map(([name, content]) => [name, sha256Of(content)]));

/** What twins have in common of something that they read of their own account. Each has its own name and id. */
function signature(seen: Observed, read: string, id: string): string {
  const name = read.replaceAll(OWN, id);
  if (/^accounts\.<own>\.(id|name)$/.test(read)) return "";
  if (read.endsWith(".account"))
    return JSON.stringify({ ...(seen.valueOf(name) as Identity), id: "", name: "" });
  if (read.endsWith(".targets") || !/\.\w+$/.test(read))
    return String(seen.valueOf(name)).replaceAll(id, OWN);
  return seen.digestOf(name);
}

/** Whether an id occurs in what twins read besides their identities, or a name is one of these texts. */
function occurrences(seen: Observed, reads: readonly string[], id: string): (identity: Identity) => boolean {
  const texts = new Set<string>();
  for (const read of reads) {
    if (/^accounts\.<own>\.(id|name)$/.test(read)) continue;
    const value = seen.valueOf(read.replaceAll(OWN, id));
    if (read.includes(OWN) && read.endsWith(".account")) {
      const { id: _id, name: _name, ...rest } = value as Identity;
      collectTexts(rest, texts);
    } else if (read.includes(OWN) && (read.endsWith(".targets") || !/\.\w+$/.test(read)))
      texts.add(String(value).replaceAll(id, OWN));
    else collectTexts(value, texts);
  }
  const all = [...texts].join("\n");
  return (identity) => all.includes(identity.id) || texts.has(identity.name);
}

/** Adds every text in a value, keys and numbers included. */
function collectTexts(value: unknown, into: Set<string>): void {
  if (typeof value !== "object" || value === null) into.add(String(value));
  else if (value instanceof Map || value instanceof Set || Array.isArray(value))
    for (const item of value as Iterable<unknown>) collectTexts(item, into);
  else {
    for (const key of Object.keys(value)) {
      into.add(key);
      collectTexts((value as Readonly<Record<string, unknown>>)[key], into);
    }
  }
}

/** The files of a twin. */
type Template = (identity: Identity) => StackFiles;

/**
 * The names and ids with which templates are made. They have the form of a name and an id, because code may look for it,
 * and are the first and the last, and for names the shortest and the longest, that {@link isBetween} accepts: if code
 * compares or measures them and decides the same for both, it decides the same for all between them.
 */
const PLACEHOLDERS: readonly [Identity, Identity] = [
  { name: "a-0-0", id: "000000000001" },
  { name: "z".repeat(64), id: "999999999998" },
];

/** Whether a name and an id are between the placeholders. */
function isBetween({ name, id }: Identity): boolean {
  const [low, high] = PLACEHOLDERS;
  return (
    name >= low.name &&
    name <= high.name &&
    name.length >= low.name.length &&
    name.length <= high.name.length &&
    id >= low.id &&
    id <= high.id
  );
}

/** A template from a stack; null: there can be none. @param reads what the stack reads */
function templateOf(
  seen: Observed,
  stack: DeclaredStack,
  reads: readonly string[],
  build: (stack: DeclaredStack) => StackFiles,
): Template | null {
  const [contents, others] = PLACEHOLDERS.map((as) => holedFiles(seen, stack, as, reads, build));
  if (contents === null || JSON.stringify(contents) !== JSON.stringify(others)) return null;
  return (identity) =>
    new Map(
      contents!.map(([name, content]) => [
        name,
        Array.isArray(content) ? fill(content, identity) : (content as Buffer),
      ]),
    );
}

/** Parts of a text: texts, and the holes between them. */
type Pieces = readonly (string | { readonly hole: keyof Identity } | Digest)[];

/** A hole for the first digits of the digest of a text with holes. */
interface Digest {
  readonly of: Pieces;
  readonly length: number;
}

/** The files of a stack of an account that has a placeholder's name and id, with holes in their places. */
function holedFiles(
  seen: Observed,
  stack: DeclaredStack,
  as: Identity,
  reads: readonly string[],
  build: (stack: DeclaredStack) => StackFiles,
): (readonly [string, Pieces | Buffer])[] | null {
  const built = recordingReads(() =>
    recordingDigests(() => seen.disguised({ account: stack.accountId, as }, () => build(stack))),
  );
  // Other reads mean that the code has decided something by the name or the id.
  if (summarized(built.reads).join() !== reads.join()) return null;
  const { value: files, digests } = built.value;
  const holes = new Map<string, Exclude<Pieces[number], string>>([
    [as.id, { hole: "id" }],
    [as.name, { hole: "name" }],
  ]);
  for (const [digits, { text, length }] of digests) {
    const of = piecesOf(text, holes);
    if (of.length > 1) holes.set(digits, { of, length });
  }
  const contents = [...files].map(
    ([name, content]) => [name, typeof content === "string" ? piecesOf(content, holes) : content] as const,
  );
  const texts = [...files.values()].filter((content) => typeof content === "string");
  return texts.some((text) => hasSortedHoles(JSON.parse(text), [...holes.keys()])) ? null : contents;
}

/** Cuts a text at its holes. Names, ids and digests have no character with a meaning in a regular expression. */
const piecesOf = (text: string, holes: ReadonlyMap<string, Exclude<Pieces[number], string>>): Pieces =>
  text.split(new RegExp(`(${[...holes.keys()].join("|")})`)).map((piece) => holes.get(piece) ?? piece);

/** Whether a key with a hole has others beside it, among which it might have another place in a twin. */
function hasSortedHoles(value: unknown, holes: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  return (
    (keys.length > 1 && keys.some((key) => holes.some((hole) => key.includes(hole)))) ||
    Object.values(value).some((inner) => hasSortedHoles(inner, holes))
  );
}

function fill(pieces: Pieces, identity: Identity): string {
  const digests = new Map<Digest, string>();
  const digest = (hole: Digest): string => {
    const digits = digests.get(hole) ?? sha256Of(fill(hole.of, identity)).slice(0, hole.length);
    digests.set(hole, digits);
    return digits;
  };
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else text += "hole" in piece ? identity[piece.hole] : digest(piece);
  }
  return text;
}
