/** What has been read while something was computed: names that only the recorder understands. */
type Reads = Set<string>;

/** The reads that are recorded at the moment; null: nobody records. */
let recorded: Reads | null = null;

/** Notes that something was read, if somebody records it. */
export const noteRead = (name: string): void => void recorded?.add(name);

/**
 * Runs a function and records what it reads through objects that call {@link noteRead}. Synthesis keeps the reads of a
 * stack, and builds it again only after one of them has changed.
 * @example const { value, reads } = recordingReads(() => build(stack));
 */
export function recordingReads<T>(run: () => T): { readonly value: T; readonly reads: ReadonlySet<string> } {
  const outer = recorded;
  const reads: Reads = new Set();
  recorded = reads;
  try {
    return { value: run(), reads };
  } finally {
    recorded = outer;
    for (const name of reads) outer?.add(name);
  }
}

/** Whether functions of {@link oncePer} use what they have kept, and keep what they compute. */
let keeping = true;

/**
 * Runs a function in which an object shows something else than before and after it. Functions of {@link oncePer} compute
 * their results anew meanwhile and keep none, because a result that is kept would be about what the object shows at
 * another time.
 * @example withoutKeeping(() => build(stack)) // while an account shows another name
 */
export function withoutKeeping<T>(run: () => T): T {
  const outer = keeping;
  keeping = false;
  try {
    return run();
  } finally {
    keeping = outer;
  }
}

/** Functions with a name, which {@link computedNow} finds. */
const named = new Map<string, (key: never) => unknown>();

/** The result of a function that {@link oncePer} made and named; undefined if there is no such function. */
export const computedNow = (name: string, key: object): unknown => named.get(name)?.(key as never);

/** The name under which the use of a function's result is noted. */
export const COMPUTED = "computed.";

/**
 * A function that computes its result once for each object and keeps it as long as the object is used. A thousand
 * stacks ask the same question about the one organization; each answer that walks over all accounts would make the
 * whole quadratic.
 *
 * Whoever gets the result counts as having read what the computation read. With a name, it counts as having read the
 * result alone, so that a stack that asks for something of all accounts is kept if an account changes in another way.
 * @param compute a function whose result depends on the object alone, which does not change but in {@link withoutKeeping}
 * @param name a name that no other such function has, for functions of an organization
 * @example const regionsOf = oncePer(({ targets }: Organization) => unique(targets.map(({ region }) => region)))
 */
export function oncePer<K extends object, V>(compute: (key: K) => V, name?: string): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V; readonly reads: ReadonlySet<string> }>();
  const once = (key: K): V => {
    const found = (keeping ? known.get(key) : undefined) ?? computedFor(key);
    if (recorded !== null) for (const read of found.reads) recorded.add(read);
    return found.value;
  };
  const computedFor = (key: K) => {
    const outer = recorded;
    recorded = null;
    try {
      const { value, reads } = recordingReads(() => compute(key));
      const found = { value, reads: name === undefined ? reads : new Set([`${COMPUTED}${name}`]) };
      if (keeping) known.set(key, found);
      return found;
    } finally {
      recorded = outer;
    }
  };
  if (name !== undefined) named.set(name, once);
  return once;
}
