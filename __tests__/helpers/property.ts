import fc, { type IRawProperty, type Parameters } from "fast-check";

/**
 * The seed of all properties, so that two runs try the same examples. A failure prints the seed and the path of its
 * example: `FC_SEED` and `FC_PATH` repeat that example alone.
 */
const SEED = Number(process.env["FC_SEED"] ?? 20_261_127);
const PATH = process.env["FC_PATH"];

/** How many times as many examples to try as usually. */
const TIMES = Number(process.env["FC_RUNS"] ?? 1);

/** The parameters of a property. @param usual number of examples that a usual run tries */
const parameters = <Example>(usual: number): Parameters<Example> => ({
  seed: SEED,
  numRuns: Math.max(1, Math.round(usual * TIMES)),
  ...(PATH !== undefined && { path: PATH, endOnFailure: true }),
});

/**
 * Tries a property on examples, and fails with the smallest example that it finds.
 * @param usual number of examples; `FC_RUNS` multiplies it
 * @example
 * it("sorts", () => holds(100, fc.property(fc.array(fc.integer()), (list) => expect(sorted(list)).toEqual(...))));
 */
export const holds = <Example>(usual: number, property: IRawProperty<Example>): Promise<void> =>
  Promise.resolve(fc.assert(property as IRawProperty<unknown>, parameters(usual)));

/** A change of one byte of a file, or its end before that byte. Positions count modulo the length. */
export type Damage =
  | { readonly kind: "flip"; readonly at: number; readonly bits: number }
  | { readonly kind: "insert"; readonly at: number; readonly byte: number }
  | { readonly kind: "remove"; readonly at: number }
  | { readonly kind: "truncate"; readonly at: number };

const at = fc.nat(1_000_000);
/** Any damage of a file. */
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at, bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({
    kind: fc.constant("insert" as const),
    at,
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(10, 32, 48)),
  }),
  fc.record({ kind: fc.constant("remove" as const), at }),
  fc.record({ kind: fc.constant("truncate" as const), at }),
);

/** The bytes of a file after damage. An empty file can only grow. */
export function damaged(data: Buffer, change: Damage): Buffer {
  if (change.kind === "insert") {
    const place = change.at % (data.length + 1);
    return Buffer.concat([data.subarray(0, place), Buffer.from([change.byte]), data.subarray(place)]);
  }
  if (data.length === 0) return Buffer.from([0]);
  const place = change.at % data.length;
  if (change.kind === "truncate") return Buffer.from(data.subarray(0, place));
  if (change.kind === "remove") return Buffer.concat([data.subarray(0, place), data.subarray(place + 1)]);
  const copy = Buffer.from(data);
  copy[place]! ^= change.bits;
  return copy;
}
